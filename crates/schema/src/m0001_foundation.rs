//! The first schema: the workspace and its people, connections, contacts, conversations, messages, events, jobs, search.
//!
//! `workspace_id` stands first in every key that spans rows (the repeat guard of messages says why not there). The hot tables (messages, events) carry as few indexes as their promises need.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExprTrait,
    sea_query::{ConditionalStatement, Expr, IndexCreateStatement, TableCreateStatement},
};

use crate::columns::{create, flag, id, index, number, optional_id, optional_number, optional_text, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let tables = [machine_room(engine), people(engine), logins(engine), places(engine), conversations(engine)].concat();
    let indexes = [people_indexes(), conversation_indexes()].concat();
    create(transaction, tables, indexes).await?;
    search(transaction, engine).await
}

fn machine_room(engine: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        table(engine, "instance", vec![text("name"), text("value")], &["name"]),
        table(
            engine,
            "events",
            vec![id("workspace_id"), number("number"), text("kind"), text("body"), time("at")],
            &["workspace_id", "number"],
        ),
        table(
            engine,
            "jobs",
            vec![
                id("id"),
                optional_id("workspace_id"),
                text("kind"),
                text("body"),
                text("state"),
                time("run_at"),
                number("attempts"),
                optional_id("leased_by"),
                optional_number("leased_until"),
                optional_text("last_error"),
                optional_text("unique_key"),
                time("created_at"),
            ],
            &["id"],
        ),
        table(engine, "counters", vec![id("workspace_id"), text("name"), number("value")], &["workspace_id", "name"]),
    ]
}

fn people(engine: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        table(
            engine,
            "workspaces",
            vec![
                id("id"),
                text("company"),
                text("language"),
                text("time_zone"),
                text("settings"),
                number("last_number"),
                number("oldest_number"),
                time("created_at"),
            ],
            &["id"],
        ),
        table(
            engine,
            "agents",
            vec![
                id("id"),
                id("workspace_id"),
                text("name"),
                text("email"),
                text("email_key"),
                optional_text("password_hash"),
                text("role"),
                flag("is_active", true),
                text("status"),
                optional_number("connected_until"),
                text("settings"),
                time("created_at"),
            ],
            &["id"],
        ),
    ]
}

/// How people get in.
fn logins(engine: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        table(
            engine,
            "sessions",
            vec![
                id("id"),
                id("workspace_id"),
                id("agent_id"),
                text("token_hash"),
                time("created_at"),
                time("seen_at"),
                time("expires_at"),
                text("user_agent"),
            ],
            &["id"],
        ),
        table(
            engine,
            "invitations",
            vec![
                id("agent_id"),
                id("workspace_id"),
                text("token_hash"),
                id("invited_by"),
                time("created_at"),
                time("expires_at"),
            ],
            &["agent_id"],
        ),
    ]
}

/// Where people belong.
fn places(engine: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        projects(engine),
        departments(engine),
        table(
            engine,
            "department_agents",
            vec![id("workspace_id"), id("department_id"), id("agent_id"), flag("is_manager", false)],
            &["workspace_id", "department_id", "agent_id"],
        ),
        table(
            engine,
            "project_agents",
            vec![id("workspace_id"), id("project_id"), id("agent_id"), number("level")],
            &["workspace_id", "project_id", "agent_id"],
        ),
    ]
}

fn projects(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "projects",
        vec![id("id"), id("workspace_id"), text("name"), flag("is_default", false), time("created_at")],
        &["id"],
    )
}

fn departments(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "departments",
        vec![
            id("id"),
            id("workspace_id"),
            id("project_id"),
            text("name"),
            text("name_key"),
            flag("is_active", true),
            flag("is_default", false),
            text("settings"),
            time("created_at"),
        ],
        &["id"],
    )
}

fn people_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("agents", &["workspace_id", "email_key"]).unique().take(),
        index("agents", &["email_key"]),
        index("sessions", &["token_hash"]).unique().take(),
        index("sessions", &["workspace_id", "agent_id"]),
        index("sessions", &["expires_at"]),
        index("invitations", &["token_hash"]).unique().take(),
        index("departments", &["workspace_id", "name_key"]).unique().take(),
        index("department_agents", &["workspace_id", "agent_id"]),
        index("jobs", &["state", "run_at"]),
        index("jobs", &["unique_key"]).unique().take(),
    ]
}

fn conversations(engine: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        connections(engine),
        contacts(engine),
        table(
            engine,
            "contact_identities",
            vec![
                id("workspace_id"),
                id("connection_id"),
                text("kind"),
                text("value"),
                id("contact_id"),
                time("created_at"),
            ],
            &["workspace_id", "connection_id", "kind", "value"],
        ),
        conversation(engine),
        message(engine),
        table(
            engine,
            "marks",
            vec![
                id("workspace_id"),
                id("conversation_id"),
                text("reader"),
                number("delivered_seq"),
                number("read_seq"),
            ],
            &["workspace_id", "conversation_id", "reader"],
        ),
    ]
}

fn connections(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "connections",
        vec![
            id("id"),
            id("workspace_id"),
            text("channel"),
            id("code"),
            text("name"),
            optional_id("department_id"),
            flag("is_enabled", true),
            optional_number("removed_at"),
            text("settings"),
            number("version"),
            optional_number("seen_at"),
            optional_text("seen_page"),
            time("created_at"),
        ],
        &["id"],
    )
}

fn contacts(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "contacts",
        vec![
            id("id"),
            id("workspace_id"),
            number("number"),
            optional_text("name"),
            text("name_key"),
            optional_text("email"),
            optional_text("phone"),
            time("created_at"),
        ],
        &["id"],
    )
}

fn conversation(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "conversations",
        vec![
            id("id"),
            id("workspace_id"),
            id("project_id"),
            id("department_id"),
            id("connection_id"),
            id("contact_id"),
            text("protocol"),
            text("state"),
            optional_id("assignee_id"),
            optional_text("assignee_name"),
            number("last_position"),
            number("last_seq"),
            number("unread"),
            optional_text("last_message"),
            number("last_message_at"),
            time("opened_at"),
            optional_number("queued_at"),
            optional_number("taken_at"),
            optional_number("closed_at"),
            optional_text("visit"),
        ],
        &["id"],
    )
}

fn message(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "messages",
        vec![
            id("workspace_id"),
            id("conversation_id"),
            number("position"),
            optional_number("seq"),
            text("kind"),
            text("author_kind"),
            id("author_id"),
            optional_text("author_name"),
            id("client_id"),
            text("text"),
            optional_text("event"),
            time("at"),
        ],
        &["workspace_id", "conversation_id", "position"],
    )
}

fn conversation_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("connections", &["code"]).unique().take(),
        index("connections", &["workspace_id"]),
        index("contacts", &["workspace_id", "name_key"]),
        index("contact_identities", &["workspace_id", "contact_id"]),
        // One unfinished conversation per connection and contact: a first message sent twice opens one.
        index("conversations", &["workspace_id", "connection_id", "contact_id"])
            .unique()
            .and_where(Expr::col("state").ne("closed"))
            .take(),
        index("conversations", &["workspace_id", "protocol"]).unique().take(),
        index("conversations", &["workspace_id", "contact_id", "opened_at"]),
        index("conversations", &["workspace_id", "queued_at"]).and_where(Expr::col("state").eq("queue")).take(),
        index("conversations", &["workspace_id", "assignee_id"]).and_where(Expr::col("state").eq("open")).take(),
        index("conversations", &["workspace_id", "closed_at"]).and_where(Expr::col("state").eq("closed")).take(),
        // Every send is unique per sender (C2). The client's id stands first because it rises with time: new entries share the last page, where
        // one led by the author would touch a page for each of them.
        index("messages", &["client_id", "author_id", "workspace_id"]).unique().take(),
    ]
}

/// Full-text search, filled just behind the commit by event number.
async fn search(transaction: &DatabaseTransaction, engine: DbBackend) -> Result<(), DbErr> {
    let statements: &[&str] = match engine {
        DbBackend::Sqlite => &["CREATE VIRTUAL TABLE message_search USING fts5(\
             text, workspace_id UNINDEXED, conversation_id UNINDEXED, position UNINDEXED, \
             tokenize = 'unicode61 remove_diacritics 2')"],
        _ => &[
            "CREATE TABLE message_search (workspace_id uuid NOT NULL, conversation_id uuid NOT NULL, position bigint NOT NULL, \
             document tsvector NOT NULL, PRIMARY KEY (workspace_id, conversation_id, position))",
            "CREATE INDEX ix_message_search_document ON message_search USING gin (document)",
        ],
    };
    for statement in statements {
        transaction.execute_unprepared(statement).await?;
    }
    create(
        transaction,
        vec![table(engine, "search_progress", vec![id("workspace_id"), number("number")], &["workspace_id"])],
        Vec::new(),
    )
    .await
}
