//! What each may do, written by hand from the product's rules and never from its code.
//!
//! Columns: nobody, a visitor with a ticket, the owner of another company, then a viewer, an agent, a manager (all of one department), an
//! administrator, the owner. Who lacks a right on the whole company gets 403 whatever the id: all ids answer alike, so nothing is learnt from it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{
    Prepared, Thing,
    Whose::{self, Colleagues, OtherDepartment, OtherWorkspace, Own},
};
use crate::support::{PASSWORD, client_id};

/// One status for each principal.
#[derive(Clone, Copy)]
pub struct Expected(pub [u16; 8]);

/// An operation, a valid request, and what each is answered.
#[derive(Clone)]
pub struct Operation {
    /// As in the description: `POST /api/agents/{id}`.
    pub name: &'static str,
    pub thing: Thing,
    pub body: Option<fn(&Prepared) -> Value>,
    pub query: fn(&Prepared) -> String,
    pub rows: Vec<(Whose, Expected)>,
    /// Whether the caller's session is over afterwards.
    pub ends_session: bool,
    pub is_socket: bool,
    /// What its body is and says, where that is no JSON.
    pub content: Option<(&'static str, &'static [u8])>,
    /// Whether the body is a piece of a file.
    pub is_piece: bool,
    /// Whether who asks decides nothing: the link or the password says whose company it is.
    pub is_public: bool,
}

/// A PNG of one pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x04\0\0\0\xb5\x1c\x0c\x02\0\0\0\x0bIDATx\xdacd\xf8\x0f\0\x01\x05\x01\x01'\x18\xe3f\0\0\0\0IEND\xaeB`\x82";

impl Operation {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            thing: Thing::Nothing,
            body: None,
            content: None,
            query: |_| String::new(),
            rows: Vec::new(),
            ends_session: false,
            is_socket: false,
            is_piece: false,
            is_public: false,
        }
    }

    fn about(self, thing: Thing) -> Self {
        Self { thing, ..self }
    }

    fn body(self, body: fn(&Prepared) -> Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn csv(self, csv: &'static str) -> Self {
        Self { content: Some(("text/csv", csv.as_bytes())), ..self }
    }

    /// With a picture of one pixel.
    fn picture(self) -> Self {
        Self { content: Some(("image/png", PIXEL)), ..self }
    }

    fn query(self, query: fn(&Prepared) -> String) -> Self {
        Self { query, ..self }
    }

    fn ends_session(self) -> Self {
        Self { ends_session: true, ..self }
    }

    fn socket(self) -> Self {
        Self { is_socket: true, ..self }
    }

    fn piece(self) -> Self {
        Self { is_piece: true, ..self }
    }

    fn public(self) -> Self {
        Self { is_public: true, ..self }
    }

    fn row(mut self, whose: Whose, expected: [u16; 8]) -> Self {
        self.rows.push((whose, Expected(expected)));
        self
    }
}

fn nothing(_: &Prepared) -> Value {
    json!({})
}

fn new_name() -> String {
    Uuid::new_v4().to_string()
}

/// Every operation with its expectations.
pub fn all() -> Vec<Operation> {
    [
        company(),
        people(),
        places(),
        connections(),
        labels(),
        quick_replies(),
        conversations(),
        keeping(),
        visitors(),
        files(),
        offline_messages(),
        tickets(),
        ticket_categories(),
        privacy(),
        mail(),
    ]
    .concat()
}

/// Logging in and out, the own profile, the company, sockets.
#[rustfmt::skip]
pub fn company() -> Vec<Operation> {
    let login = |_: &Prepared| json!({ "email": "ana@vilaclara.com.br", "password": PASSWORD });
    let claim = |_: &Prepared| json!({
        "token": "x", "company": "X", "language": "en", "time_zone": "Europe/Lisbon",
        "name": "Eve", "email": "eve@example.com", "password": PASSWORD,
    });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        // Nobody is no error: the console asks before it shows its door.
        Operation::new("GET /api/session")        .row(Own, [204,    204,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/session").public().body(login)
                                                  .row(Own, [200,    200,    200,    200,  200,  200,    200,  200]),
        Operation::new("DELETE /api/session").ends_session()
                                                  .row(Own, [401,    401,    204,    204,  204,  204,    204,  204]),
        Operation::new("DELETE /api/sessions").ends_session()
                                                  .row(Own, [401,    401,    204,    204,  204,  204,    204,  204]),
        Operation::new("GET /api/setup")          .row(Own, [200,    200,    200,    200,  200,  200,    200,  200]),
        // An installation is claimed once.
        Operation::new("POST /api/setup").body(claim)
                                                  .row(Own, [409,    409,    409,    409,  409,  409,    409,  409]),
        Operation::new("POST /api/setup/open").body(|_| json!({ "token": "x" }))
                                                  .row(Own, [409,    409,    409,    409,  409,  409,    409,  409]),
        Operation::new("PATCH /api/me").body(|_| json!({ "theme": "dark" }))
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("PUT /api/me/status").body(|_| json!({ "status": "away" }))
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("PUT /api/me/password").body(|_| json!({ "current_password": PASSWORD, "new_password": PASSWORD })).ends_session()
                                                  .row(Own, [401,    401,    204,    204,  204,  204,    204,  204]),
        Operation::new("PATCH /api/workspace").body(|_| json!({ "company": new_name() }))
                                                  .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("GET /api/socket").socket().row(Own, [401,    401,    101,    101,  101,  101,    101,  101]),
        // The ticket is in the first frame.
        Operation::new("GET /api/visitor/socket").socket()
                                                  .row(Own, [101,    101,    101,    101,  101,  101,    101,  101]),
    ]
}

/// People and invitations. Administrators do everything but touch owners.
#[rustfmt::skip]
pub fn people() -> Vec<Operation> {
    let invite = |_: &Prepared| json!({ "name": "Nova", "email": format!("{}@exemplo.com.br", Uuid::new_v4().simple()), "role": "agent" });
    let appoint = |_: &Prepared| json!({ "name": "Nova", "email": format!("{}@exemplo.com.br", Uuid::new_v4().simple()), "role": "owner" });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/agents")         .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/agents").body(invite)
                                                  .row(Own, [401,    401,    201,    403,  403,  403,    201,  201]),
        Operation::new("POST /api/agents").body(appoint)
                                                  .row(Own, [401,    401,    201,    403,  403,  403,    403,  201]),
        Operation::new("POST /api/agents/import").csv("nome;email\nNova;tabela@exemplo.com.br\n").query(|_| "?dry_run=true".to_owned())
                                                  .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("DELETE /api/agents/{id}").about(Thing::Person)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  403,  403,    404,  404]),
        Operation::new("PATCH /api/agents/{id}").about(Thing::Person).body(|_| json!({ "name": new_name() }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("PATCH /api/agents/{id}").about(Thing::Owner).body(|_| json!({ "name": new_name() }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    403,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("PATCH /api/agents/{id}").about(Thing::Person).body(|_| json!({ "role": "owner" }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    403,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("GET /api/team")           .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        // A manager moves what is in the managed departments, also where that is nothing.
        Operation::new("POST /api/agents/{id}/hand_over").about(Thing::Person).body(|_| json!({ "to": "queue" }))
                                                  .row(Own, [401,    401,    404,    403,  403,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  200,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/agents/{id}/invitation").about(Thing::Invited).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        // The link would make whoever holds it an owner.
        Operation::new("POST /api/agents/{id}/invitation").about(Thing::InvitedOwner).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    403,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        // Whoever holds the link is meant.
        Operation::new("POST /api/invitations/open").public().about(Thing::Invited).body(|invited| json!({ "token": invited.token }))
                                                  .row(Own, [200,    200,    200,    200,  200,  200,    200,  200])
                                       .row(OtherWorkspace, [200,    200,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/invitations/accept").public().about(Thing::Invited)
            .body(|invited| json!({ "token": invited.token, "name": "Nova", "password": PASSWORD }))
                                                  .row(Own, [200,    200,    200,    200,  200,  200,    200,  200])
                                       .row(OtherWorkspace, [200,    200,    200,    200,  200,  200,    200,  200]),
    ]
}

/// Departments.
#[rustfmt::skip]
pub fn places() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/departments")    .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/departments/import").csv("nome\nTabela\n").query(|_| "?dry_run=true".to_owned())
                                                  .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("POST /api/departments").body(|_| json!({ "name": new_name() }))
                                                  .row(Own, [401,    401,    201,    403,  403,  403,    201,  201]),
        Operation::new("DELETE /api/departments/{id}").about(Thing::Department)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  403,  403,    404,  404]),
        Operation::new("PATCH /api/departments/{id}").about(Thing::Department).body(|_| json!({ "name": new_name() }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("GET /api/projects")       .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/projects").body(|_| json!({ "name": new_name() }))
                                                  .row(Own, [401,    401,    201,    403,  403,  403,    201,  201]),
        Operation::new("PATCH /api/projects/{id}").about(Thing::Project).body(|_| json!({ "name": new_name(), "has_chat": true }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("POST /api/projects/{id}/specialists").about(Thing::Project).body(|_| json!({ "specialists": [] }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("POST /api/projects/{id}/specialists/erase").about(Thing::Project).body(|_| json!({ "specialists": [] }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("GET /api/hours")          .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("PUT /api/hours").about(Thing::Department)
            .body(|department| json!({ "owner": "department", "id": department.id, "version": 0, "hours": {} }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("GET /api/hours/holidays").query(|_| "?year=2026&state=SP".to_owned())
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        // A manager of a department that the person serves.
        Operation::new("PUT /api/agents/{id}/extension").about(Thing::Person).body(|_| json!({ "minutes": 30 }))
                                                  .row(Own, [401,    401,    404,    403,  403,  204,    204,  204])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    404,  404,  404,    404,  404]),
    ]
}

/// Connections, with what they show and sign with.
#[rustfmt::skip]
pub fn connections() -> Vec<Operation> {
    let webchat = |_: &Prepared| json!({ "channel": "webchat", "name": "Loja", "settings": { "plugin_name": "Loja" } });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/connections")    .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("GET /api/connections/badges")
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/connections").body(webchat)
                                                  .row(Own, [401,    401,    201,    403,  403,  403,    201,  201]),
        Operation::new("POST /api/pictures").picture()
                                                  .row(Own, [401,    401,    201,    403,  403,  403,    201,  201]),
        Operation::new("GET /api/connections/{id}").about(Thing::Connection)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("PATCH /api/connections/{id}").about(Thing::Connection).body(|_| json!({ "name": "Outra loja" }))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("GET /api/connections/{id}/identity-secret").about(Thing::Connection)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        Operation::new("POST /api/connections/{id}/identity-secret").about(Thing::Connection)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    201,  201])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    201,  201])
                                       .row(OtherWorkspace, [401,    401,    201,    403,  403,  403,    404,  404]),
        Operation::new("DELETE /api/connections/{id}").about(Thing::Connection)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    204,  204])
                                      .row(OtherDepartment, [401,    401,    404,    403,  403,  403,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  403,  403,    404,  404]),
    ]
}

/// Texts that are called by a shortcut.
#[rustfmt::skip]
pub fn quick_replies() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/quick-replies")  .row(Own, [401,    401,    200,    403,  403,  200,    200,  200]),
        Operation::new("GET /api/quick-replies/usable")
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/quick-replies").body(|_| json!({ "shortcut": Uuid::new_v4().simple().to_string()[..30], "text": "Oi" }))
                                                  .row(Own, [401,    401,    201,    403,  403,  201,    201,  201]),
        Operation::new("PATCH /api/quick-replies/{id}").about(Thing::QuickReply).body(|_| json!({ "is_active": false }))
                                                  .row(Own, [401,    401,    404,    403,  403,  200,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  404,    404,  404]),
        Operation::new("DELETE /api/quick-replies/{id}").about(Thing::QuickReply)
                                                  .row(Own, [401,    401,    404,    403,  403,  204,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  403,  404,    404,  404]),
    ]
}

/// Labels, and which conversations have them.
#[rustfmt::skip]
pub fn labels() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/labels")         .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/labels/uses")    .row(Own, [401,    401,    200,    403,  403,  200,    200,  200]),
        Operation::new("POST /api/labels").body(|_| json!({ "name": Uuid::new_v4().simple().to_string(), "colour": "pink" }))
                                                  .row(Own, [401,    401,    201,    403,  403,  201,    201,  201]),
        Operation::new("PATCH /api/labels/{id}").about(Thing::Label).body(|_| json!({ "is_active": false }))
                                                  .row(Own, [401,    401,    404,    403,  403,  200,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  404,    404,  404]),
        Operation::new("DELETE /api/labels/{id}").about(Thing::Label)
                                                  .row(Own, [401,    401,    404,    403,  403,  204,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  403,  404,    404,  404]),
        Operation::new("PUT /api/conversations/{id}/labels/{label}").about(Thing::Labelled)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("DELETE /api/conversations/{id}/labels/{label}").about(Thing::Labelled)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
    ]
}

/// Conversations, at the desk.
#[rustfmt::skip]
pub fn conversations() -> Vec<Operation> {
    let reply = |_: &Prepared| json!({ "client_id": client_id(), "kind": "reply", "text": "olá" });
    let note = |_: &Prepared| json!({ "client_id": client_id(), "kind": "note", "text": "entre nós" });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/conversations").query(|_| "?list=queue".to_owned())
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/messages/search").query(|_| "?q=segredo".to_owned())
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/conversations/{id}").about(Thing::Conversation)
                                                  .row(Own, [401,    401,    404,    200,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    200,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("GET /api/conversations/{id}/messages").about(Thing::Conversation)
                                                  .row(Own, [401,    401,    404,    200,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    200,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        // In a colleague's conversation only managers and administrators join in.
        Operation::new("POST /api/conversations/{id}/messages").about(Thing::Conversation).body(reply)
                                                  .row(Own, [401,    401,    404,    403,  201,  201,    201,  201])
                                           .row(Colleagues, [401,    401,    404,    403,  409,  201,    201,  201])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    201,  201])
                                       .row(OtherWorkspace, [401,    401,    201,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/conversations/{id}/messages").about(Thing::Conversation).body(note)
                                                  .row(Own, [401,    401,    404,    403,  201,  201,    201,  201])
                                           .row(Colleagues, [401,    401,    404,    403,  201,  201,    201,  201])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    201,  201])
                                       .row(OtherWorkspace, [401,    401,    201,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/conversations/{id}/take").about(Thing::Conversation).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  409,  409,    409,  409])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/conversations/{id}/close").about(Thing::Conversation).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  403,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/conversations/{id}/return").about(Thing::Conversation).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  403,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/conversations/{id}/reopen").about(Thing::Closed).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        // The owner of either company has moved it a moment ago, and nobody else may take that back.
        Operation::new("POST /api/conversations/{id}/take_back").about(Thing::Moved).body(nothing)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    403,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  403,  403,    403,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    403,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        // As for returning it, wherever it goes.
        Operation::new("POST /api/conversations/{id}/transfer").about(Thing::Conversation)
            .body(|known| json!({ "department": known.department, "confirmed": true }))
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    403,  403,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
    ]
}

/// The visitor's side: the visitor's own, other visitors'. A session opens nothing here.
#[rustfmt::skip]
pub fn visitors() -> Vec<Operation> {
    let said = |_: &Prepared| json!({ "id": client_id(), "text": "oi" });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/visitor/entries").about(Thing::Visitors).query(|known| format!("?conversation={}", known.id))
                                                  .row(Own, [401,    200,    401,    401,  401,  401,    401,  401])
                                           .row(Colleagues, [401,    404,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
        Operation::new("POST /api/visitor/challenge")
                                                  .row(Own, [401,    200,    401,    401,  401,  401,    401,  401]),
        // What each sees of it is a test of its own.
        Operation::new("GET /api/visitors")       .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/visitor/messages").body(said)
                                                  .row(Own, [401,    200,    401,    401,  401,  401,    401,  401]),
        // Whoever holds the link is meant.
        Operation::new("POST /api/surveys/open").public().about(Thing::Asked).body(|asked| json!({ "token": asked.token }))
                                                  .row(Own, [200,    200,    200,    200,  200,  200,    200,  200])
                                       .row(OtherWorkspace, [200,    200,    200,    200,  200,  200,    200,  200]),
        Operation::new("POST /api/surveys/answer").public().about(Thing::Asked)
            .body(|asked| json!({ "token": asked.token, "grade": 5 }))
                                                  .row(Own, [204,    204,    204,    204,  204,  204,    204,  204])
                                       .row(OtherWorkspace, [204,    204,    204,    204,  204,  204,    204,  204]),
        // What each sees of them is a test of its own.
        Operation::new("GET /api/ratings")        .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/ratings/figures").row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        // There is no copy of a conversation that has not ended.
        Operation::new("GET /api/visitor/conversations/{id}/copy").about(Thing::Visitors)
                                                  .row(Own, [401,    409,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
        Operation::new("POST /api/visitor/conversations/{id}/copy").about(Thing::Visitors).body(|_| json!({ "email": "marina@exemplo.test" }))
                                                  .row(Own, [401,    409,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
        // Nothing is asked of the visitor of a conversation that has not ended.
        Operation::new("PUT /api/visitor/conversations/{id}/rating").about(Thing::Visitors).body(|_| json!({ "grade": 5 }))
                                                  .row(Own, [401,    409,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
    ]
}

/// Conversations to keep: whoever may read one.
#[rustfmt::skip]
pub fn keeping() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/conversations/{id}/transcript.pdf").about(Thing::Conversation)
                                                  .row(Own, [401,    401,    404,    200,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    200,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
    ]
}

/// Files. One's own until a message holds them; then they are the conversation's.
#[rustfmt::skip]
pub fn files() -> Vec<Operation> {
    let file = |_: &Prepared| json!({ "client_id": client_id(), "name": "a.txt", "size": 3, "kind": "file" });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("POST /api/files").body(file)
                                                  .row(Own, [401,    401,    201,    403,  201,  201,    201,  201]),
        // The owner's: not even an administrator knows of them.
        Operation::new("GET /api/files/{id}").about(Thing::Upload)
                                                  .row(Own, [401,    401,    404,    403,  404,  404,    404,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  404,  404,    404,  404]),
        Operation::new("PATCH /api/files/{id}").about(Thing::Upload).piece()
                                                  .row(Own, [401,    401,    404,    403,  404,  404,    404,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  404,  404,    404,  404]),
        Operation::new("DELETE /api/files/{id}").about(Thing::Upload)
                                                  .row(Own, [401,    401,    404,    403,  404,  404,    404,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  404,  404,    404,  404]),
        Operation::new("GET /api/conversations/{id}/files/{file}").about(Thing::Attached)
                                                  .row(Own, [401,    401,    404,    200,  200,  200,    200,  200])
                                           .row(Colleagues, [401,    401,    404,    200,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("POST /api/visitor/files").body(file)
                                                  .row(Own, [401,    201,    401,    401,  401,  401,    401,  401]),
        Operation::new("GET /api/visitor/files/{id}").about(Thing::VisitorsUpload)
                                                  .row(Own, [401,    200,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
        Operation::new("PATCH /api/visitor/files/{id}").about(Thing::VisitorsUpload).piece()
                                                  .row(Own, [401,    200,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
        Operation::new("DELETE /api/visitor/files/{id}").about(Thing::VisitorsUpload)
                                                  .row(Own, [401,    204,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
        Operation::new("GET /api/visitor/files/{id}/link").about(Thing::VisitorsFile)
                                                  .row(Own, [401,    200,    401,    401,  401,  401,    401,  401])
                                      .row(OtherDepartment, [401,    404,    401,    401,  401,  401,    401,  401])
                                       .row(OtherWorkspace, [401,    404,    401,    401,  401,  401,    401,  401]),
    ]
}

/// Messages left while nobody was online: their department's, as conversations are, but nobody's in particular.
#[rustfmt::skip]
pub fn offline_messages() -> Vec<Operation> {
    let left = |_: &Prepared| json!({ "id": client_id(), "name": "Marina", "email": "m@exemplo.com.br", "text": "oi" });
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("POST /api/visitor/offline-messages").body(left)
                                                  .row(Own, [401,    201,    401,    401,  401,  401,    401,  401]),
        Operation::new("GET /api/offline-messages").row(Own, [401,   401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/offline-messages/counters")
                                                  .row(Own, [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/offline-messages/{id}").about(Thing::Offline)
                                                  .row(Own, [401,    401,    404,    200,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("PATCH /api/offline-messages/{id}").about(Thing::Offline).body(|_| json!({ "email": "certo@exemplo.com.br" }))
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("PUT /api/offline-messages/{id}/read").about(Thing::Offline)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        // Before mail is set up nobody can reply.
        Operation::new("POST /api/offline-messages/{id}/replies").about(Thing::Offline)
            .body(|_| json!({ "client_id": client_id(), "text": "olá" }))
                                                  .row(Own, [401,    401,    404,    403,  409,  409,    409,  409])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    409,  409])
                                       .row(OtherWorkspace, [401,    401,    409,    404,  404,  404,    404,  404]),
        // It failed because sending was switched off, and still is.
        Operation::new("POST /api/offline-messages/{id}/replies/{reply}/retry").about(Thing::OfflineFailed)
                                                  .row(Own, [401,    401,    404,    403,  409,  409,    409,  409])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    409,  409])
                                       .row(OtherWorkspace, [401,    401,    409,    404,  404,  404,    404,  404]),
    ]
}

/// Tickets: their department's, as the messages from which they come.
#[rustfmt::skip]
pub fn tickets() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("POST /api/offline-messages/{id}/ticket").about(Thing::Offline)
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("GET /api/tickets").row(Own,         [401,    401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/tickets/counters").row(Own, [401,   401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/tickets/{id}").about(Thing::Ticket)
                                                  .row(Own, [401,    401,    404,    200,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
        Operation::new("PATCH /api/tickets/{id}").about(Thing::Ticket).body(|_| json!({ "state": "solved" }))
                                                  .row(Own, [401,    401,    404,    403,  200,  200,    200,  200])
                                      .row(OtherDepartment, [401,    401,    404,    404,  404,  404,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    404,  404,  404,    404,  404]),
    ]
}

/// Categories of tickets: everybody knows them, who sorts by labels manages them.
#[rustfmt::skip]
pub fn ticket_categories() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/ticket-categories").row(Own,      [401, 401,    200,    200,  200,  200,    200,  200]),
        Operation::new("GET /api/ticket-categories/uses").row(Own, [401, 401,    200,    403,  403,  200,    200,  200]),
        Operation::new("POST /api/ticket-categories").body(|_| json!({ "name": Uuid::new_v4().to_string() }))
                                                  .row(Own, [401,    401,    201,    403,  403,  201,    201,  201]),
        Operation::new("PATCH /api/ticket-categories/{id}").about(Thing::TicketCategory).body(|_| json!({ "is_active": false }))
                                                  .row(Own, [401,    401,    404,    403,  403,  200,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  404,    404,  404]),
        Operation::new("DELETE /api/ticket-categories/{id}").about(Thing::TicketCategory)
                                                  .row(Own, [401,    401,    404,    403,  403,  204,    204,  204])
                                       .row(OtherWorkspace, [401,    401,    204,    403,  403,  404,    404,  404]),
    ]
}

/// Personal data: administrators', and what is sealed its owners'.
#[rustfmt::skip]
pub fn privacy() -> Vec<Operation> {
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/privacy/contacts").query(|_| "?search=m".to_owned())
                                                  .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("GET /api/privacy/requests").row(Own, [401,   401,    200,    403,  403,  403,    200,  200]),
        Operation::new("POST /api/privacy/contacts/{id}/export").about(Thing::Contact)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    200,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    404,  404]),
        // While the person is being served.
        Operation::new("POST /api/privacy/contacts/{id}/erase").about(Thing::Contact).body(|_| json!({}))
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    409,  409])
                                       .row(OtherWorkspace, [401,    401,    409,    403,  403,  403,    404,  404]),
        Operation::new("POST /api/privacy/requests/{id}/open").about(Thing::Sealed)
                                                  .row(Own, [401,    401,    404,    403,  403,  403,    403,  200])
                                       .row(OtherWorkspace, [401,    401,    200,    403,  403,  403,    403,  404]),
    ]
}

/// How the company sends and fetches mail: its administrators'.
#[rustfmt::skip]
pub fn mail() -> Vec<Operation> {
    // Nobody listens there: that it does not work is what is answered.
    let test = |_: &Prepared| {
        let settings = json!({ "from_address": "a@exemplo.com.br", "smtp": { "host": "127.0.0.1", "port": 1, "security": "none" },
            "imap": { "host": "127.0.0.1", "port": 1, "security": "none", "user": "a" } });
        json!({ "settings": settings, "imap_password": "x" })
    };
    vec![
        //                                                nobody visitor stranger viewer agent manager admin owner
        Operation::new("GET /api/mail")           .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("PATCH /api/mail").about(Thing::Mail).body(|_| json!({ "settings": { "from_name": "Loja" } }))
                                                  .row(Own, [401,    401,    412,    403,  403,  403,    200,  200]),
        Operation::new("POST /api/mail/test-sending").body(test)
                                                  .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        Operation::new("POST /api/mail/test-fetching").body(test)
                                                  .row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
        // Passwords are what is used; nobody has asked for a consent.
        Operation::new("POST /api/mail/consent")  .row(Own, [401,    401,    409,    403,  403,  403,    409,  409]),
        Operation::new("POST /api/mail/consent/finish").body(|_| json!({ "state": "x", "code": "x" }))
                                                  .row(Own, [401,    401,    409,    403,  403,  403,    409,  409]),
        Operation::new("DELETE /api/mail/consent").row(Own, [401,    401,    200,    403,  403,  403,    200,  200]),
    ]
}
