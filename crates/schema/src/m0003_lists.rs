//! Lists that stay fast with a million conversations: an order for each way they are filtered, and contacts found by any part of their names.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExprTrait,
    sea_query::{ConditionalStatement, Expr, Index, IndexCreateStatement},
};

use crate::columns::{create, index};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    create(transaction, Vec::new(), orders()).await?;
    // The wider index above serves the same reads.
    transaction.execute(Index::drop().name("ix_conversations_workspace_id_assignee_id").table("conversations")).await?;
    for statement in match transaction.get_database_backend() {
        DbBackend::Sqlite => SEARCH_SQLITE,
        _ => SEARCH_POSTGRES,
    } {
        transaction.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// None of them has a column that a message changes: appending one touches no index of conversations.
fn orders() -> Vec<IndexCreateStatement> {
    let of = |state: &'static str, columns: &[&'static str]| {
        index("conversations", columns).and_where(Expr::col("state").eq(state)).take()
    };
    vec![
        // The counters are read from these two alone.
        of("open", &["workspace_id", "assignee_id", "department_id"]),
        of("queue", &["workspace_id", "department_id", "queued_at"]),
        of("closed", &["workspace_id", "department_id", "closed_at"]),
        of("closed", &["workspace_id", "assignee_id", "closed_at"]),
    ]
}

/// What contacts are searched by, in one text; kept by the database itself. The trigram index needs whole-number row ids, which contacts have not.
const SEARCH_SQLITE: &[&str] = &[
    // A protocol number is found by what follows its day, too: what people read out.
    "CREATE INDEX ix_conversations_protocol_count ON conversations (workspace_id, substr(protocol, 10))",
    "CREATE TABLE contact_texts (id integer PRIMARY KEY, contact_id uuid_text NOT NULL UNIQUE, workspace_id uuid_text NOT NULL, \
     text text NOT NULL)",
    "CREATE VIRTUAL TABLE contact_search USING fts5(text, content = 'contact_texts', content_rowid = 'id', \
     tokenize = 'trigram case_sensitive 1')",
    "CREATE TRIGGER contact_texts_added AFTER INSERT ON contact_texts BEGIN \
     INSERT INTO contact_search (rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER contact_texts_removed AFTER DELETE ON contact_texts BEGIN \
     INSERT INTO contact_search (contact_search, rowid, text) VALUES ('delete', old.id, old.text); END",
    "CREATE TRIGGER contact_texts_changed AFTER UPDATE ON contact_texts BEGIN \
     INSERT INTO contact_search (contact_search, rowid, text) VALUES ('delete', old.id, old.text); \
     INSERT INTO contact_search (rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER contacts_added AFTER INSERT ON contacts WHEN coalesce(new.name, new.email, new.phone) IS NOT NULL BEGIN \
     INSERT INTO contact_texts (contact_id, workspace_id, text) VALUES (new.id, new.workspace_id, \
     new.name_key || ' ' || lower(coalesce(new.email, '')) || ' ' || coalesce(new.phone, '')); END",
    "CREATE TRIGGER contacts_changed AFTER UPDATE OF name_key, email, phone ON contacts BEGIN \
     INSERT INTO contact_texts (contact_id, workspace_id, text) VALUES (new.id, new.workspace_id, \
     new.name_key || ' ' || lower(coalesce(new.email, '')) || ' ' || coalesce(new.phone, '')) \
     ON CONFLICT (contact_id) DO UPDATE SET text = excluded.text; END",
    "CREATE TRIGGER contacts_removed AFTER DELETE ON contacts BEGIN DELETE FROM contact_texts WHERE contact_id = old.id; END",
    "INSERT INTO contact_texts (contact_id, workspace_id, text) SELECT id, workspace_id, \
     name_key || ' ' || lower(coalesce(email, '')) || ' ' || coalesce(phone, '') FROM contacts \
     WHERE coalesce(name, email, phone) IS NOT NULL",
];

/// `pg_trgm` is one of the extensions that come with PostgreSQL and that a database's owner may switch on.
const SEARCH_POSTGRES: &[&str] = &[
    // By bytes: a database's language may sort digits and signs in ways of its own.
    "CREATE INDEX ix_conversations_protocol_bytes ON conversations (workspace_id, protocol COLLATE \"C\")",
    "CREATE INDEX ix_conversations_protocol_count ON conversations (workspace_id, (substr(protocol, 10)) COLLATE \"C\")",
    // Found messages are shown newest first: a frequent word is looked for in that order, instead of sorting all that have it.
    "ALTER TABLE message_search ADD COLUMN at bigint NOT NULL DEFAULT 0",
    "UPDATE message_search s SET at = m.at FROM messages m \
     WHERE m.workspace_id = s.workspace_id AND m.conversation_id = s.conversation_id AND m.position = s.position",
    "CREATE INDEX ix_message_search_at ON message_search (workspace_id, at)",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "ALTER TABLE contacts ADD COLUMN search text GENERATED ALWAYS AS \
     (name_key || ' ' || lower(coalesce(email, '')) || ' ' || coalesce(phone, '')) STORED",
    "CREATE INDEX ix_contacts_search ON contacts USING gin (search gin_trgm_ops)",
    "CREATE VIEW contact_texts AS SELECT id AS contact_id, workspace_id, search AS text FROM contacts \
     WHERE coalesce(name, email, phone) IS NOT NULL",
];
