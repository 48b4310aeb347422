//! Access to mail servers by OAuth2: what somebody has consented to, and what is being asked for.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{add, create, id, index, optional_text, optional_time, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    add(transaction, "mail_accounts", optional_text("client_secret")).await?;
    let consents = table(
        engine,
        "mail_consents",
        vec![
            id("workspace_id"),
            // What it was given for.
            text("subject"),
            text("refresh_token"),
            optional_text("access_token"),
            optional_time("expires_at"),
            time("given_at"),
            id("agent_id"),
            // Until when a node has the access token to itself, to renew it.
            optional_time("renewing_until"),
            optional_text("fault"),
            text("detail"),
        ],
        &["workspace_id"],
    );
    let requests = table(
        engine,
        "mail_consent_requests",
        vec![
            id("workspace_id"),
            // The fingerprint of what comes back with the answer.
            text("state"),
            text("subject"),
            id("agent_id"),
            text("verifier"),
            time("expires_at"),
        ],
        &["workspace_id", "state"],
    );
    let indexes = vec![index("mail_consent_requests", &["workspace_id", "expires_at"])];
    create(transaction, vec![consents, requests], indexes).await
}
