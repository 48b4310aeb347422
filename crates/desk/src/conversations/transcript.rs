//! A conversation to keep: its timeline as a PDF with the protocol number, in the reader's language and the company's time.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use balcao_platform::pdf::{self, Document, Paragraph, Setup, Tone};
use balcao_types::{
    AuthorKind, ConversationId, ErrorCode, Language, MessageKind, TimelineEvent, Timestamp, WorkspaceId,
    rules::text::one_line,
};
use jiff::tz::TimeZone;
use sea_orm::{ConnectionTrait, Statement};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    message::{MESSAGE_COLUMNS, Message, SystemLine},
    queries::row_by_id,
    reopen::UNDO_SECONDS,
    row::ConversationRow,
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    agents, departments,
    error::{Error, Result},
    http::{Asked, AskedLanguage, ErrorAnswer},
    labels,
    surveys::{self, Rating},
    texts::{Catalogue, catalogue, moment},
    workspaces::{self, Workspace},
};

/// How many lines are read at once.
const PAGE: usize = 500;

/// How much text one document may hold, in bytes.
const TEXT_MAX: usize = 16 * 1024 * 1024;

/// After how many seconds who has asked for too many may ask again.
const ASK_AGAIN_SECONDS: u64 = 5;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(transcript))
}

/// What goes into it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TranscriptParameters {
    /// Internal notes too, marked as such; without them when absent.
    #[serde(default)]
    notes: bool,
}

/// A conversation as a PDF, for keeping or passing on: who, when, every message and what happened. Internal notes only on request.
/// One is made at a time for each person; who waits for as many as may wait is told to come back.
#[utoipa::path(get, path = "/conversations/{id}/transcript.pdf", tag = "conversations",
    params(("id" = ConversationId, Path), TranscriptParameters),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404, body = ErrorAnswer),
        (status = 413, body = ErrorAnswer), (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_view"))))]
async fn transcript(
    State(desk): State<Desk>,
    may: Grant<ability::View>,
    Asked(asked): Asked<TranscriptParameters>,
    AskedLanguage(language): AskedLanguage,
) -> Result<Response> {
    let read = desk.store.read();
    let (scope, id) = (&may.scope, may.subject);
    let workspace = workspaces::by_id(read, scope.workspace).await?.ok_or(Error::not_found())?;
    let language = own_language(&desk, scope).await?.or(language).unwrap_or(workspace.language);
    let row = row_by_id(read, scope.workspace, id).await?.ok_or(Error::not_found())?;
    let protocol = row.protocol.clone();
    let facts = Facts::read(read, workspace, row).await?;
    let place = desk.pdf_makers.place(scope.agent.agent.0).await.ok_or(Error::too_many(ASK_AGAIN_SECONDS))?;
    let lines = lines(read, (scope.workspace, id), asked.notes, TEXT_MAX).await?;
    let made_at = desk.clock.now();
    let making = tokio::task::spawn_blocking(move || {
        // With the making, not with the request: who goes away does not make room for another one.
        let _place = place;
        Words::new(language, &facts.workspace).write(&facts, &lines, made_at)
    });
    let file = making.await.map_err(|ended| Error::Failed(format!("a transcript was not made: {ended}")))?.map_err(
        |error| match error {
            pdf::Error::TooLong => Error::refused(ErrorCode::TooLarge),
            other => Error::Failed(other.to_string()),
        },
    )?;
    let name =
        format!("attachment; filename=\"{}-{protocol}.pdf\"", catalogue(language).text("server.transcript.file"));
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], file)
        .into_response())
}

/// The language the reader has chosen for the console, if any: a download says only what the browser speaks.
async fn own_language(desk: &Desk, scope: &Scope) -> Result<Option<Language>> {
    let own = agents::one_by_id(scope.workspace, scope.agent.agent);
    let model = sea_orm::Select::one(own, desk.store.read()).await?.ok_or(Error::not_found())?;
    Ok(model.settings()?.language)
}

/// Who and where, at the head of the document.
struct Facts {
    workspace: Workspace,
    row: ConversationRow,
    department: String,
    assignee: Option<String>,
    rating: Option<Rating>,
    /// In the order in which they were put on.
    labels: Vec<String>,
}

impl Facts {
    async fn read(connection: &impl ConnectionTrait, workspace: Workspace, row: ConversationRow) -> Result<Self> {
        let department =
            departments::department_by_id(connection, workspace.id, row.department_id).await?.map(|found| found.name);
        let assignee = match row.assignee_id {
            Some(agent) => agents::one_by_id(workspace.id, agent).one(connection).await?.map(|agent| agent.name),
            None => None,
        };
        let rating = surveys::rating_of(connection, workspace.id, row.id).await?;
        let labels = labels::names_of(connection, workspace.id, &row.labels).await?;
        Ok(Self { workspace, row, department: department.unwrap_or_default(), assignee, rating, labels })
    }
}

/// The whole timeline, read some hundred lines at a time.
///
/// # Errors
/// 413 where its texts have more than so many bytes.
pub async fn lines(
    connection: &impl ConnectionTrait,
    (workspace, conversation): (WorkspaceId, ConversationId),
    with_notes: bool,
    most: usize,
) -> Result<Vec<Message>> {
    let sql = format!(
        "SELECT {MESSAGE_COLUMNS} FROM messages \
         WHERE workspace_id = $1 AND conversation_id = $2 AND position > $3 ORDER BY position LIMIT {PAGE}"
    );
    let (mut lines, mut last, mut size) = (Vec::new(), 0, 0);
    loop {
        let values = [workspace.into(), conversation.into(), last.into()];
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), &sql, values);
        let rows = connection.query_all_raw(statement).await?;
        for row in &rows {
            let message = Message::from_row(row)?;
            last = message.position;
            size += message.text.len();
            if with_notes || message.kind != MessageKind::Note {
                lines.push(message);
            }
        }
        if size > most {
            return Err(Error::refused(ErrorCode::TooLarge));
        }
        if rows.len() < PAGE {
            return Ok(if with_notes { lines } else { settled(lines) });
        }
    }
}

/// Without what was undone a moment later: who reads it from outside never saw it happen. The company's own copy, with notes, has it all.
fn settled(lines: Vec<Message>) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::with_capacity(lines.len());
    for line in lines {
        match undone_by(&all, &line) {
            Some(from) => all.truncate(from),
            None => all.push(line),
        }
    }
    all
}

/// From which line on this one undoes what was done, with nothing said in between.
fn undone_by(before: &[Message], line: &Message) -> Option<usize> {
    let event = line.event.as_ref()?;
    let said = before.iter().rposition(|line| line.event.is_none()).map_or(0, |last| last + 1);
    let done = |done: &[TimelineEvent]| {
        let find = |line: &Message| line.event.as_ref().is_some_and(|event| done.contains(&event.code));
        before.iter().skip(said).rposition(find).map(|at| said + at)
    };
    match event.code {
        TimelineEvent::TakenBack => done(&[TimelineEvent::Transferred, TimelineEvent::Returned]),
        TimelineEvent::Reopened => done(&[TimelineEvent::Closed]).filter(|&at| {
            before.get(at).is_some_and(|closed| {
                let by = closed.event.as_ref().and_then(|event| event.name.as_ref());
                by == event.name.as_ref() && line.at.seconds_since(closed.at) < UNDO_SECONDS
            })
        }),
        _ => None,
    }
}

/// The words of a language, and the time of a company.
struct Words {
    language: Language,
    texts: &'static Catalogue,
    zone: TimeZone,
}

impl Words {
    fn new(language: Language, workspace: &Workspace) -> Self {
        Self { language, texts: catalogue(language), zone: workspace.zone() }
    }

    fn text(&self, key: &'static str) -> &'static str {
        self.texts.text_of("server.transcript.", key)
    }

    fn moment(&self, at: Timestamp) -> (String, String) {
        moment(self.language, &self.zone, at)
    }

    fn when(&self, at: Timestamp) -> String {
        let (day, time) = self.moment(at);
        format!("{day} {time}")
    }

    fn write(&self, facts: &Facts, lines: &[Message], made_at: Timestamp) -> std::result::Result<Vec<u8>, pdf::Error> {
        let row = &facts.row;
        let title = self.text("title").replace("{protocol}", &row.protocol);
        let made =
            self.text("made").replace("{when}", &self.when(made_at)).replace("{zone}", &facts.workspace.time_zone);
        let mut document = Document::new(Setup {
            title: title.clone(),
            language: self.language.to_string(),
            creator: "Balcão".to_owned(),
            header: format!("{} · {title}", facts.workspace.company),
            footer: format!("{made} · {}", self.text("page")),
        })?;
        document.add(Paragraph { text: &title, size: 17.0, tone: Tone::Plain, before: 0.0, leads: true })?;
        for (key, value) in self.facts(facts) {
            let text = format!("{}: {value}", self.text(key));
            document.add(Paragraph { text: &text, size: 9.5, tone: Tone::Quiet, before: 2.0, leads: false })?;
        }
        let mut today = String::new();
        for line in lines {
            let (day, _) = self.moment(line.at);
            if day != today {
                document.add(Paragraph { text: &day, size: 9.0, tone: Tone::Quiet, before: 18.0, leads: true })?;
                today = day;
            }
            self.line(&mut document, line, facts)?;
        }
        document.finish()
    }

    fn facts(&self, facts: &Facts) -> Vec<(&'static str, String)> {
        let row = &facts.row;
        let contact = &row.contact;
        let reached = [contact.email.as_deref(), contact.phone.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        let mut all = vec![("company", facts.workspace.company.clone()), ("contact", self.contact(facts))];
        if !reached.is_empty() {
            all.push(("reached", reached.join(" · ")));
        }
        all.push(("department", facts.department.clone()));
        all.extend(facts.assignee.clone().map(|name| ("assignee", name)));
        all.push(("opened", self.when(row.opened_at)));
        all.extend(row.closed_at.map(|at| ("closed", self.when(at))));
        if !facts.labels.is_empty() {
            all.push(("labels", facts.labels.join(", ")));
        }
        all.extend(facts.rating.as_ref().and_then(|rating| self.rating(rating)).map(|said| ("rating", said)));
        all
    }

    /// What the visitor gave it and said; none where that was skipped.
    fn rating(&self, rating: &Rating) -> Option<String> {
        let grade = rating.grade?.to_string();
        let grade = self.text("grade").replace("{grade}", &grade).replace("{highest}", &rating.highest.to_string());
        Some(if rating.comment.is_empty() { grade } else { format!("{grade} · {}", one_line(&rating.comment, 2_000)) })
    }

    fn contact(&self, facts: &Facts) -> String {
        let contact = &facts.row.contact;
        let named = contact.name.clone().or_else(|| contact.email.clone());
        named.unwrap_or_else(|| self.text("visitor").replace("{number}", &contact.number.to_string()))
    }

    /// One line of the timeline. A file is named, not shown: it stays in the conversation.
    fn line(&self, document: &mut Document, line: &Message, facts: &Facts) -> std::result::Result<(), pdf::Error> {
        let (_, time) = self.moment(line.at);
        if line.kind == MessageKind::System {
            let said = line.event.as_ref().map(|event| self.event(event)).unwrap_or_default();
            let text = format!("{time} · {said}");
            return document.add(Paragraph { text: &text, size: 9.0, tone: Tone::Quiet, before: 8.0, leads: false });
        }
        let name = match line.from {
            AuthorKind::Visitor => self.contact(facts),
            _ => line.name.clone().unwrap_or_else(|| self.text("someone").to_owned()),
        };
        let is_note = line.kind == MessageKind::Note;
        let (tone, head) = if is_note {
            (Tone::Marked, format!("{name} · {time} · {}", self.text("note")))
        } else {
            (Tone::Quiet, format!("{name} · {time}"))
        };
        document.add(Paragraph { text: &head, size: 9.0, tone, before: 9.0, leads: true })?;
        let tone = if is_note { Tone::Marked } else { Tone::Plain };
        if let Some(file) = &line.file {
            let named = self.text("attached").replace("{name}", &file.name);
            document.add(Paragraph { text: &named, size: 10.5, tone, before: 0.0, leads: !line.text.is_empty() })?;
        }
        if line.text.is_empty() {
            return Ok(());
        }
        document.add(Paragraph { text: &line.text, size: 10.5, tone, before: 0.0, leads: false })
    }

    fn event(&self, event: &SystemLine) -> String {
        let key = match event.code {
            TimelineEvent::Taken => "taken",
            // Whoever moves it to themselves takes it over.
            TimelineEvent::Transferred if event.target == event.name => "taken",
            TimelineEvent::Assigned => "assigned",
            TimelineEvent::Returned => "returned",
            TimelineEvent::ReturnedByVisitor => "returned_by_visitor",
            TimelineEvent::Transferred => "transferred",
            TimelineEvent::TakenBack if event.target.is_some() => "taken_back_to",
            TimelineEvent::TakenBack => "taken_back",
            TimelineEvent::Closed => "closed_by",
            TimelineEvent::ClosedByVisitor => "closed_by_visitor",
            // Before the visitor's had a code of their own, they were the ones without a name.
            TimelineEvent::Reopened if event.name.is_some() => "reopened",
            TimelineEvent::Reopened | TimelineEvent::ReopenedByVisitor => "reopened_by_visitor",
            TimelineEvent::IdleWarning => "idle_warning",
            TimelineEvent::ClosedIdle => "closed_idle",
            TimelineEvent::AgentIdle => "agent_idle",
            TimelineEvent::ReturnedIdle => "returned_idle",
            TimelineEvent::Overflowed => "overflowed",
            TimelineEvent::Initial => "initial",
            TimelineEvent::Queued => "queued",
        };
        let name = event.name.as_deref().unwrap_or(self.text("someone"));
        self.text(key).replace("{name}", name).replace("{target}", event.target.as_deref().unwrap_or(""))
    }
}
