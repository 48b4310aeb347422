//! The board: what each visitor's browser has told, for as long as it is there, and for a while after, so that the site's next page goes on
//! where the last one stopped.

use std::collections::HashMap;

use balcao_types::{ConnectionId, ContactId, DepartmentId, NodeId, Timestamp, WorkspaceId};
use dashmap::DashMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    connections::Site,
    conversations::{Page, VisitedPage},
    live::Paced,
};

/// For how long another node's word holds, and that of a page with a closed chat; both say it again every half minute.
pub const LEASE_SECONDS: i64 = 75;
/// For how long somebody who has left is remembered, in seconds: then it is another visit.
const REMEMBERED_SECONDS: i64 = 1_800;
/// How many a node holds for a workspace.
pub const GUESTS_MAX: usize = 20_000;
/// How many are handed out at once.
pub const LISTED_MAX: usize = 512;
/// How many pages of a visit are kept.
pub const PAGES_MAX: usize = 10;

/// A visitor on the site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guest {
    /// The contact's, or of a page with a closed chat one by chance.
    pub id: Uuid,
    pub connection: ConnectionId,
    /// The one that the connection or the page has chosen.
    pub department: Option<DepartmentId>,
    /// None where the chat was not opened.
    pub contact: Option<ContactId>,
    /// Has written before this visit.
    pub is_returning: bool,
    pub since: Timestamp,
    /// In their order, at most [`PAGES_MAX`].
    pub pages: Vec<VisitedPage>,
    pub is_here: bool,
    /// When this was last said.
    pub at: Timestamp,
}

impl Guest {
    /// The word that a page with a closed chat was left, for nodes that know it.
    pub fn gone(id: Uuid, site: &Site, now: Timestamp) -> Self {
        Self {
            id,
            connection: site.id,
            department: site.department,
            contact: None,
            is_returning: false,
            since: now,
            pages: Vec::new(),
            is_here: false,
            at: now,
        }
    }
}

/// Somebody who has come.
pub struct Arrival {
    pub id: Uuid,
    pub connection: ConnectionId,
    pub department: Option<DepartmentId>,
    pub contact: Option<ContactId>,
    pub is_returning: bool,
    /// Of a visit that this node has not seen begin.
    pub pages: Vec<VisitedPage>,
}

/// What is held of a visitor, by one node's word.
#[derive(Clone, Debug)]
struct Held {
    node: NodeId,
    guest: Guest,
    /// How many panels are open; none of a page with a closed chat, and of what other nodes say.
    panels: u32,
}

impl Held {
    /// Whether the visitor is there: a panel is open, or was said to be lately.
    fn is_here(&self, now: Timestamp) -> bool {
        self.guest.is_here && (self.panels > 0 || now.seconds_since(self.guest.at) < LEASE_SECONDS)
    }

    /// Whether it is still the same visit.
    fn is_remembered(&self, now: Timestamp) -> bool {
        self.panels > 0 || self.guest.is_here || now.seconds_since(self.guest.at) < REMEMBERED_SECONDS
    }
}

/// By visitor; hardly ever more than one node speaks of one.
type Guests = HashMap<Uuid, Vec<Held>>;

/// Everybody on the sites of all workspaces, as this node knows them.
#[derive(Default)]
pub struct Board {
    workspaces: DashMap<WorkspaceId, Guests>,
    /// The workspaces whose consoles are told to look again.
    pub changed: Paced<WorkspaceId>,
}

impl Board {
    /// A panel has been opened, or a page with a closed chat says that it is there. Answers what there is to tell; none where the board is full.
    pub fn arrive(&self, (workspace, node): (WorkspaceId, NodeId), come: Arrival, now: Timestamp) -> Option<Guest> {
        let mut guests = self.workspaces.entry(workspace).or_default();
        if guests.len() >= GUESTS_MAX && !guests.contains_key(&come.id) {
            return None;
        }
        let all = guests.entry(come.id).or_default();
        let known = all.iter().filter(|held| held.is_remembered(now)).max_by_key(|held| held.guest.at);
        let (since, pages, is_returning) = match known.map(|held| &held.guest) {
            Some(known) => (known.since, known.pages.clone(), known.is_returning),
            None => (come.pages.first().map_or(now, |page| page.since), come.pages, come.is_returning),
        };
        let guest = Guest {
            id: come.id,
            connection: come.connection,
            department: come.department,
            contact: come.contact,
            is_returning,
            since,
            pages,
            is_here: true,
            at: now,
        };
        let panel = u32::from(come.contact.is_some());
        match all.iter_mut().find(|held| held.node == node) {
            Some(held) => {
                held.guest = guest.clone();
                held.panels += panel;
            }
            None => all.push(Held { node, guest: guest.clone(), panels: panel }),
        }
        Some(guest)
    }

    /// A visitor's page; answers what there is to tell where it is another one than before.
    pub fn turn_to(
        &self,
        (workspace, node): (WorkspaceId, NodeId),
        id: Uuid,
        page: &Page,
        now: Timestamp,
    ) -> Option<Guest> {
        let mut guests = self.workspaces.get_mut(&workspace)?;
        let guest = &mut own(&mut guests, id, node)?.guest;
        guest.at = now;
        guest.is_here = true;
        if let Some(last) = guest.pages.last_mut()
            && last.page.url == page.url
        {
            last.page.title.clone_from(&page.title);
            return None;
        }
        guest.pages.push(VisitedPage { page: page.clone(), since: now });
        if guest.pages.len() > PAGES_MAX {
            guest.pages.remove(0);
        }
        Some(guest.clone())
    }

    /// A panel was closed. Answers what there is to tell, once nothing of the visitor is open here.
    pub fn leave(&self, (workspace, node): (WorkspaceId, NodeId), id: Uuid, now: Timestamp) -> Option<Guest> {
        let mut guests = self.workspaces.get_mut(&workspace)?;
        let held = own(&mut guests, id, node)?;
        held.panels = held.panels.saturating_sub(1);
        if held.panels > 0 || !held.guest.is_here {
            return None;
        }
        held.guest.is_here = false;
        held.guest.at = now;
        Some(held.guest.clone())
    }

    /// A page with a closed chat was left: its words go to any node, and this one ends them all. Answers whether it was there.
    pub fn end(&self, workspace: WorkspaceId, id: Uuid, now: Timestamp) -> bool {
        self.workspaces.get_mut(&workspace).is_some_and(|mut guests| end(&mut guests, id, now))
    }

    /// What another node says.
    pub fn hear(&self, workspace: WorkspaceId, node: NodeId, told: Vec<Guest>, now: Timestamp) {
        let mut guests = self.workspaces.entry(workspace).or_default();
        for mut guest in told {
            if guest.contact.is_none() && !guest.is_here {
                end(&mut guests, guest.id, now);
                continue;
            }
            if guests.len() >= GUESTS_MAX && !guests.contains_key(&guest.id) {
                continue;
            }
            // By this node's clock.
            guest.at = now;
            guest.pages.truncate(PAGES_MAX);
            let all = guests.entry(guest.id).or_default();
            match all.iter_mut().find(|held| held.node == node) {
                Some(held) => held.guest = guest,
                None => all.push(Held { node, guest, panels: 0 }),
            }
        }
    }

    /// The pages of a visitor's visit.
    pub fn pages(&self, (workspace, node): (WorkspaceId, NodeId), id: Uuid) -> Vec<VisitedPage> {
        let Some(mut guests) = self.workspaces.get_mut(&workspace) else { return Vec::new() };
        own(&mut guests, id, node).map(|held| held.guest.pages.clone()).unwrap_or_default()
    }

    /// Whoever is there and fits, who came last first, at most [`LISTED_MAX`]; and how many there are.
    pub fn list(&self, workspace: WorkspaceId, now: Timestamp, fits: impl Fn(&Guest) -> bool) -> (Vec<Guest>, usize) {
        let Some(guests) = self.workspaces.get(&workspace) else { return (Vec::new(), 0) };
        let mut listed: Vec<&Guest> =
            guests.values().filter_map(|all| last_word(all, now)).filter(|guest| fits(guest)).collect();
        listed.sort_unstable_by_key(|guest| std::cmp::Reverse((guest.since, guest.id)));
        (listed.iter().take(LISTED_MAX).map(|guest| (*guest).clone()).collect(), listed.len())
    }

    /// Who is there by this node's own word, to be said again.
    pub fn own(&self, node: NodeId, now: Timestamp) -> Vec<(WorkspaceId, Vec<Guest>)> {
        let is_own = |held: &&Held| held.node == node && held.is_here(now);
        let of = |guests: &Guests| {
            guests.values().flatten().filter(is_own).map(|held| held.guest.clone()).collect::<Vec<_>>()
        };
        self.workspaces.iter().map(|guests| (*guests.key(), of(guests.value()))).collect()
    }

    /// Forgets who was not heard of for long. Answers the workspaces where somebody is not there any more by silence alone.
    pub fn forget(&self, now: Timestamp) -> Vec<WorkspaceId> {
        let mut changed = Vec::new();
        for mut guests in self.workspaces.iter_mut() {
            let mut is_changed = false;
            for held in guests.values_mut().flatten().filter(|held| held.guest.is_here && !held.is_here(now)) {
                held.guest.is_here = false;
                is_changed = true;
            }
            // Who is there goes before who was.
            let is_full = guests.len() >= GUESTS_MAX;
            guests.retain(|_, all| {
                all.retain(|held| if is_full { held.is_here(now) } else { held.is_remembered(now) });
                !all.is_empty()
            });
            changed.extend(is_changed.then(|| *guests.key()));
        }
        self.workspaces.retain(|_, guests| !guests.is_empty());
        changed
    }
}

/// Ends what any node has said of a page with a closed chat; answers whether it was there.
fn end(guests: &mut Guests, id: Uuid, now: Timestamp) -> bool {
    let mut was_here = false;
    let is_said = |held: &&mut Held| held.guest.contact.is_none() && held.guest.is_here;
    for held in guests.get_mut(&id).into_iter().flatten().filter(is_said) {
        was_here |= held.is_here(now);
        held.guest.is_here = false;
        held.guest.at = now;
    }
    was_here
}

/// What a node holds of a visitor by its own word.
fn own(guests: &mut Guests, id: Uuid, node: NodeId) -> Option<&mut Held> {
    guests.get_mut(&id)?.iter_mut().find(|held| held.node == node)
}

/// What was said last of a visitor who is there.
fn last_word(all: &[Held], now: Timestamp) -> Option<&Guest> {
    let here = all.iter().filter(|held| held.is_here(now)).map(|held| &held.guest);
    here.max_by_key(|guest| guest.at)
}

#[cfg(test)]
mod tests {
    use balcao_types::{ConnectionId, ContactId, NodeId, Timestamp, WorkspaceId};
    use uuid::Uuid;

    use super::{Arrival, Board, GUESTS_MAX, Guest, LEASE_SECONDS, PAGES_MAX, REMEMBERED_SECONDS};
    use crate::conversations::Page;

    const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::nil());
    const HERE: (WorkspaceId, NodeId) = (WORKSPACE, NodeId(Uuid::nil()));
    const START: Timestamp = Timestamp(1_000_000_000);

    fn arrival(id: u128, has_panel: bool) -> Arrival {
        let id = Uuid::from_u128(id);
        let contact = has_panel.then_some(ContactId(id));
        let connection = ConnectionId(Uuid::nil());
        Arrival { id, connection, department: None, contact, is_returning: false, pages: Vec::new() }
    }

    fn page(number: usize) -> Page {
        Page { url: format!("https://a.test/{number}"), title: String::new() }
    }

    fn ids(board: &Board, now: Timestamp) -> Vec<u128> {
        board.list(WORKSPACE, now, |_| true).0.iter().map(|guest| guest.id.as_u128()).collect()
    }

    #[test]
    fn whoever_has_a_panel_stays_and_a_closed_chat_has_to_be_said_again() {
        let board = Board::default();
        board.arrive(HERE, arrival(1, true), START);
        board.arrive(HERE, arrival(2, false), START.plus_seconds(1));
        let late = START.plus_seconds(LEASE_SECONDS + 2);
        assert_eq!(ids(&board, START.plus_seconds(2)), [2, 1]);
        assert_eq!(ids(&board, late), [1]);
        assert_eq!(board.forget(late), [WORKSPACE]);
        assert!(board.forget(late).is_empty());
    }

    #[test]
    fn a_second_panel_keeps_the_visitor_and_the_next_page_is_the_same_visit() {
        let board = Board::default();
        board.arrive(HERE, arrival(1, true), START);
        board.turn_to(HERE, Uuid::from_u128(1), &page(1), START);
        board.arrive(HERE, arrival(1, true), START);
        assert!(board.leave(HERE, Uuid::from_u128(1), START).is_none());
        assert!(board.leave(HERE, Uuid::from_u128(1), START).is_some());
        assert!(ids(&board, START).is_empty());
        let next = START.plus_seconds(60);
        let again = board.arrive(HERE, arrival(1, true), next).unwrap();
        assert_eq!((again.since, again.pages.len()), (START, 1));
        board.leave(HERE, Uuid::from_u128(1), next);
        let much_later = next.plus_seconds(REMEMBERED_SECONDS);
        board.forget(much_later);
        let other = board.arrive(HERE, arrival(1, true), much_later).unwrap();
        assert_eq!((other.since, other.pages.len()), (much_later, 0));
    }

    #[test]
    fn pages_are_few_and_the_same_one_again_is_no_news() {
        let board = Board::default();
        board.arrive(HERE, arrival(1, true), START);
        for number in 0..PAGES_MAX + 5 {
            assert!(board.turn_to(HERE, Uuid::from_u128(1), &page(number), START).is_some());
            assert!(board.turn_to(HERE, Uuid::from_u128(1), &page(number), START).is_none());
        }
        let pages = board.pages(HERE, Uuid::from_u128(1));
        assert_eq!((pages.len(), pages[0].page.url.as_str()), (PAGES_MAX, "https://a.test/5"));
    }

    #[test]
    fn what_another_node_says_holds_for_its_lease_and_nobody_is_listed_twice() {
        let (one, two) = (Board::default(), Board::default());
        let there = (WORKSPACE, NodeId(Uuid::from_u128(2)));
        let told = one.arrive(there, arrival(1, true), START).unwrap();
        two.hear(WORKSPACE, there.1, vec![told], START);
        two.arrive(HERE, arrival(1, true), START);
        assert_eq!(ids(&two, START), [1]);
        two.leave(HERE, Uuid::from_u128(1), START);
        assert_eq!(ids(&two, START), [1], "the other node still has a panel");
        assert!(ids(&two, START.plus_seconds(LEASE_SECONDS)).is_empty());
    }

    #[test]
    fn a_page_that_is_left_is_gone_whichever_node_hears_it() {
        let (one, two, three) = (Board::default(), Board::default(), Board::default());
        let there = (WORKSPACE, NodeId(Uuid::from_u128(2)));
        let told = one.arrive(there, arrival(1, false), START).unwrap();
        two.hear(WORKSPACE, there.1, vec![told.clone()], START);
        assert_eq!(ids(&two, START), [1]);
        assert!(two.end(WORKSPACE, told.id, START), "it was there by the other node's word");
        assert!(ids(&two, START).is_empty());
        let gone = Guest { is_here: false, ..told };
        for board in [&one, &three] {
            board.hear(WORKSPACE, HERE.1, vec![gone.clone()], START);
            assert!(ids(board, START).is_empty());
        }
        assert!(one.own(there.1, START).iter().all(|(_, guests)| guests.is_empty()), "nor is it said again");
        assert!(!one.end(WORKSPACE, gone.id, START));
        // Shown again by the browser's own Back, it is there again.
        assert!(one.arrive(there, arrival(1, false), START).is_some());
        assert_eq!(ids(&one, START), [1]);
    }

    #[test]
    fn a_full_board_holds_no_more_and_who_left_makes_room() {
        let board = Board::default();
        for (id, _) in (0..).zip(0..GUESTS_MAX) {
            board.arrive(HERE, arrival(id, true), START);
        }
        assert!(board.arrive(HERE, arrival(99_999, true), START).is_none());
        board.leave(HERE, Uuid::from_u128(7), START);
        board.forget(START);
        assert!(board.arrive(HERE, arrival(99_999, true), START).is_some());
    }
}
