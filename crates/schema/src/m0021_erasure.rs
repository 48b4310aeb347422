//! Whoever leaves an offline message is a contact; addresses are compared in one form; and what retention and requests look for has an index.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{add, optional_id, optional_text};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    add(transaction, "offline_messages", optional_id("contact_id")).await?;
    add(transaction, "contacts", optional_text("email_key")).await?;
    for statement in KEYS.iter().chain(SENDERS).chain(INDEXES) {
        transaction.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// The form under which addresses are compared, in place of the one in which they were typed.
const KEYS: &[&str] = &[
    "UPDATE contacts SET email_key = lower(email) WHERE email IS NOT NULL",
    "CREATE INDEX ix_contacts_workspace_id_email_key_id ON contacts (workspace_id, email_key, id) WHERE email_key IS NOT NULL",
    "DROP INDEX ix_contacts_workspace_id_email_id",
];

/// Whose the messages are that are there: the ticket's contact, the browser's, the latest with the same address; who is nobody yet becomes one.
const SENDERS: &[&str] = &[
    "UPDATE offline_messages SET contact_id = (SELECT t.contact_id FROM tickets t \
     WHERE t.workspace_id = offline_messages.workspace_id AND t.offline_message_id = offline_messages.id)",
    "UPDATE offline_messages SET contact_id = sender_id WHERE contact_id IS NULL AND EXISTS \
     (SELECT 1 FROM contacts c WHERE c.workspace_id = offline_messages.workspace_id AND c.id = offline_messages.sender_id)",
    "UPDATE offline_messages SET contact_id = (SELECT c.id FROM contacts c WHERE c.workspace_id = offline_messages.workspace_id \
     AND c.email_key = lower(offline_messages.email) ORDER BY c.id DESC LIMIT 1) \
     WHERE contact_id IS NULL AND erased_at IS NULL AND email <> ''",
    // The key of a name is what the search key has before the address.
    "INSERT INTO contacts (id, workspace_id, number, name, name_key, email, email_key, created_at) \
     SELECT m.sender_id, m.workspace_id, \
     COALESCE((SELECT k.value FROM counters k WHERE k.workspace_id = m.workspace_id AND k.name = 'contact'), 0) \
     + ROW_NUMBER() OVER (PARTITION BY m.workspace_id ORDER BY m.id), m.name, \
     CASE WHEN length(m.search_key) > length(m.email) + 1 \
     THEN substr(m.search_key, 1, length(m.search_key) - length(m.email) - 1) ELSE '' END, \
     m.email, lower(m.email), m.created_at \
     FROM offline_messages m WHERE m.contact_id IS NULL AND m.erased_at IS NULL AND m.email <> '' AND NOT EXISTS \
     (SELECT 1 FROM offline_messages l WHERE l.workspace_id = m.workspace_id AND l.sender_id = m.sender_id AND l.id > m.id \
     AND l.contact_id IS NULL AND l.erased_at IS NULL AND l.email <> '')",
    "UPDATE offline_messages SET contact_id = sender_id WHERE contact_id IS NULL AND erased_at IS NULL AND email <> ''",
    "INSERT INTO counters (workspace_id, name, value) SELECT workspace_id, 'contact', MAX(number) FROM contacts GROUP BY workspace_id \
     ON CONFLICT (workspace_id, name) DO UPDATE SET value = \
     CASE WHEN excluded.value > counters.value THEN excluded.value ELSE counters.value END",
];

/// None has a column that a message changes.
const INDEXES: &[&str] = &[
    "CREATE INDEX ix_offline_messages_workspace_id_contact_id ON offline_messages (workspace_id, contact_id)",
    "CREATE INDEX ix_conversations_held ON conversations (workspace_id, closed_at) \
     WHERE state = 'closed' AND (erased_at IS NULL OR erased_at < closed_at)",
    "CREATE INDEX ix_offline_messages_held ON offline_messages (workspace_id, changed_at) \
     WHERE erased_at IS NULL OR erased_at < changed_at",
    "CREATE INDEX ix_contacts_held ON contacts (workspace_id, created_at) \
     WHERE erased_at IS NULL OR name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL",
    "CREATE INDEX ix_privacy_requests_workspace_id_deed_id ON privacy_requests (workspace_id, deed, id)",
    "CREATE INDEX ix_privacy_requests_sealed ON privacy_requests (workspace_id, id) WHERE sealed IS NOT NULL",
];
