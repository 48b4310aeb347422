//! The store under the product: contract C1 to C3 and C8 at its own level, on both engines.

use std::collections::HashSet;

use serde_json::json;

use crate::support::{App, Visitor, client_id, until};

/// The writer folds neighbours; none of it may have to be run again.
#[tokio::test]
async fn a_burst_from_many_is_stored_in_order_without_a_rerun() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitors = Vec::new();
    for _ in 0..8 {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("0").await;
        visitors.push((visitor, conversation));
    }
    let sent = visitors.into_iter().map(|(mut visitor, conversation)| {
        tokio::spawn(async move {
            let mut ids = Vec::new();
            for number in 1..40 {
                let id = client_id();
                visitor.socket.send(json!({ "t": "send", "id": id, "text": number.to_string() })).await;
                ids.push(id);
            }
            let mut numbers = Vec::new();
            for _ in 1..40 {
                let ack = visitor.socket.next("ack").await;
                assert!(ids.contains(&ack["id"].as_str().unwrap().to_owned()));
                numbers.push(ack["seq"].as_i64().unwrap());
            }
            (conversation, numbers)
        })
    });
    for task in sent.collect::<Vec<_>>() {
        let (conversation, numbers) = task.await.unwrap();
        assert_eq!(numbers, (2..=40).collect::<Vec<i64>>());
        let shown = owner.get(&format!("/api/conversations/{conversation}/messages?limit=200")).await.expect(200);
        let texts: Vec<_> =
            shown["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!(texts, (0..40).map(|number| number.to_string()).collect::<Vec<_>>());
    }
    assert_eq!(app.desk.store.reruns(), 0);
}

#[tokio::test]
async fn event_numbers_have_no_gap() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (owner, app_site) = (owner.clone(), site.clone());
            let base = app.url("");
            tokio::spawn(async move { (owner, app_site, base) })
        })
        .collect();
    for task in tasks {
        let (owner, site, _) = task.await.unwrap();
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("x").await;
        owner.act(&conversation, "close").await.expect(200);
    }
    let workspace = owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().parse().unwrap();
    let (last, _) = app.desk.store.numbers(workspace).await.unwrap();
    let events = app.desk.store.events_after(workspace, 0, 10_000).await.unwrap();
    let numbers: Vec<i64> = events.iter().map(|event| event.number).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<i64>>());
}

#[tokio::test]
async fn protocol_numbers_are_unique_when_many_open_at_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut opening = Vec::new();
    for _ in 0..12 {
        let mut visitor = Visitor::arrive(&app, &site).await;
        opening.push(tokio::spawn(async move { visitor.open("x").await }));
    }
    for task in opening {
        task.await.unwrap();
    }
    let rows = owner.get("/api/conversations?list=queue").await.expect(200);
    let protocols: HashSet<_> =
        rows["items"].as_array().unwrap().iter().map(|row| row["protocol"].as_str().unwrap().to_owned()).collect();
    assert_eq!(protocols.len(), 12);
    assert_eq!(app.desk.store.reruns(), 0);
}

/// C11, rule 7
#[tokio::test]
async fn a_schema_of_the_future_is_refused() {
    use sea_orm::ConnectionTrait;
    let mut app = App::start().await;
    app.stop().await;
    let database = app.config.store().connect().await.unwrap();
    assert_eq!(balcao_schema::migrate(&database).await.unwrap(), 0, "migrating twice changes nothing");
    database.execute_unprepared("INSERT INTO schema_versions VALUES (999, 999)").await.unwrap();
    let refused = balcao_schema::migrate(&database).await.unwrap_err().to_string();
    assert!(refused.contains("newer release"), "{refused}");
}

/// C11, rule 7: what is under way in a database of the schema before is brought up to date with it.
#[tokio::test]
async fn a_database_of_the_schema_before_learns_who_waits_since_when() {
    use sea_orm::ConnectionTrait;
    let mut app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut opened = Vec::new();
    for is_answered in [false, true] {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("um").await;
        owner.act(&conversation, "take").await.expect(200);
        if is_answered {
            owner.reply(&conversation, "olá").await.expect(201);
        }
        app.clock.advance(5);
        visitor.say("dois").await;
        opened.push(owner.conversation(&conversation).await["conversation"].clone());
    }
    // As a program finds it that starts: nobody else writes meanwhile.
    app.stop().await;
    let database = app.config.store().connect().await.unwrap();
    for column in ["waiting_since", "read_seq"] {
        database.execute_unprepared(&format!("ALTER TABLE conversations DROP COLUMN {column}")).await.unwrap();
    }
    database.execute_unprepared("DELETE FROM schema_versions WHERE version = 4").await.unwrap();
    assert_eq!(balcao_schema::migrate(&database).await.unwrap(), 1);
    app.restart().await;
    let owner = owner.at(&app);
    for before in opened {
        let after = owner.conversation(before["id"].as_str().unwrap()).await["conversation"].clone();
        assert!(after["waiting_since"].is_string());
        assert_eq!(after, before);
    }
}

/// a chat that is running goes on with the release that brings the switch.
#[tokio::test]
async fn a_database_of_the_schema_before_keeps_its_chat() {
    use sea_orm::ConnectionTrait;
    let mut app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    app.stop().await;
    let database = app.config.store().connect().await.unwrap();
    for statement in [
        "DROP INDEX ix_conversations_handed_on",
        "ALTER TABLE conversations DROP COLUMN transferred_at",
        "ALTER TABLE projects DROP COLUMN has_chat",
        "ALTER TABLE projects DROP COLUMN only_specialists",
        "ALTER TABLE projects DROP COLUMN removed_at",
        "DROP TABLE project_groups",
        "DELETE FROM schema_versions WHERE version = 10",
    ] {
        database.execute_unprepared(statement).await.unwrap();
    }
    assert_eq!(balcao_schema::migrate(&database).await.unwrap(), 1);
    app.restart().await;
    assert_eq!(owner.at(&app).get("/api/projects").await.expect(200)["items"][0]["has_chat"], true);
    Visitor::arrive(&app, &site).await.open("Oi").await;
}

/// What a plan has to name, and the statement.
const PLANS: &[(&str, &str)] = &[
    ("PRIMARY KEY (id=?)", "SELECT * FROM conversations WHERE workspace_id = x'01' AND id IN (x'01', x'02')"),
    (
        "contact_id=?",
        "SELECT * FROM conversations WHERE workspace_id = x'01' AND contact_id = x'02' AND state = 'closed' ORDER BY closed_at DESC",
    ),
    (
        "ix_conversations_handed_on",
        "SELECT id FROM conversations WHERE workspace_id = x'01' AND department_id = x'02' AND state = 'queue' \
         AND transferred_at IS NOT NULL AND (returned_by IS NULL OR queued_at <= 1 OR returned_by <> x'03') \
         ORDER BY queued_at, id LIMIT 1",
    ),
    (
        "ix_conversations_held",
        "SELECT id FROM conversations WHERE workspace_id = x'01' AND state = 'closed' \
         AND (erased_at IS NULL OR erased_at < closed_at) AND closed_at < 1 ORDER BY closed_at LIMIT 50",
    ),
    (
        "ix_offline_messages_held",
        "SELECT id FROM offline_messages WHERE workspace_id = x'01' AND (erased_at IS NULL OR erased_at < changed_at) \
         AND changed_at < 1 ORDER BY changed_at LIMIT 50",
    ),
    (
        "ix_contacts_held",
        "SELECT id FROM contacts WHERE workspace_id = x'01' AND created_at < 1 \
         AND (erased_at IS NULL OR name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL) ORDER BY created_at LIMIT 50",
    ),
    (
        "COVERING INDEX ix_ratings_answered",
        "SELECT r.department_id, r.agent_id, r.lowest, r.highest, r.grade, COUNT(*) AS count FROM ratings r \
         WHERE r.workspace_id = x'01' AND r.answered_at >= 1 AND r.answered_at < 2 AND (r.agent_id = x'02' OR r.department_id IN (x'03')) \
         GROUP BY r.department_id, r.agent_id, r.lowest, r.highest, r.grade",
    ),
    (
        "ix_ratings_answered",
        "SELECT r.comment FROM ratings r JOIN conversations c ON c.id = r.conversation_id JOIN contacts ct ON ct.id = c.contact_id \
         WHERE r.workspace_id = x'01' AND r.answered_at >= 1 AND r.answered_at < 2 \
         ORDER BY r.answered_at DESC, r.conversation_id DESC LIMIT 51",
    ),
    (
        "ix_conversations_unanswered",
        "SELECT c.department_id, COUNT(*) AS count FROM conversations c WHERE c.workspace_id = x'01' AND c.closed_at >= 1 \
         AND c.closed_at < 2 AND c.survey IS NOT NULL GROUP BY c.department_id",
    ),
    ("email_key=?", "SELECT * FROM contacts WHERE workspace_id = x'01' AND email_key = 'a' ORDER BY id DESC LIMIT 1"),
    (
        "conversation_id=?",
        "SELECT * FROM messages WHERE workspace_id = x'01' AND conversation_id = x'02' ORDER BY position DESC",
    ),
];

/// SQLite takes a workspace's id for a narrow choice unless it is told otherwise.
#[tokio::test]
async fn sqlites_planner_knows_every_index_and_reads_no_list_whole() {
    use sea_orm::{ConnectionTrait, Statement};
    let app = App::start().await;
    if app.sqlite_file().is_none() {
        return;
    }
    let connection = app.config.store().connect().await.unwrap();
    let all = |sql: &str| connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql));
    let unknown = all(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'ix_%' AND name NOT IN (SELECT idx FROM sqlite_stat1)",
    )
    .await
    .unwrap();
    assert_eq!(unknown.len(), 0, "{:?}", unknown.first().map(|row| row.try_get::<String>("", "name")));
    for (wanted, sql) in PLANS {
        let plan = all(&format!("EXPLAIN QUERY PLAN {sql}")).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.contains(wanted)), "{sql}: {steps:?}");
    }
}

#[tokio::test]
async fn sqlite_is_opened_as_the_contract_needs_it() {
    use sea_orm::{ConnectionTrait, Statement};
    let app = App::start().await;
    if app.sqlite_file().is_none() {
        return;
    }
    let connection = app.config.store().connect().await.unwrap();
    for (pragma, wanted) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
        let row = connection
            .query_one_raw(Statement::from_string(connection.get_database_backend(), format!("PRAGMA {pragma}")))
            .await
            .unwrap()
            .unwrap();
        let value = row
            .try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))
            .unwrap();
        assert_eq!(value, wanted, "{pragma}");
    }
    assert!(app.desk.store.read().execute_unprepared("DELETE FROM agents").await.is_err(), "a reader can write");
}

/// R8
#[tokio::test]
async fn connections_that_postgresql_cut_are_made_again() {
    use sea_orm::ConnectionTrait;
    let app = App::start().await;
    if app.sqlite_file().is_some() {
        return;
    }
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    visitor.open("before").await;
    let connection = app.config.store().connect().await.unwrap();
    let ask = async |sql: &str| {
        let rows = connection.query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql)).await;
        rows.unwrap().iter().map(|row| row.try_get::<i32>("", "pid").unwrap()).collect::<Vec<_>>()
    };
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let cut = ask(&format!("SELECT pid, pg_terminate_backend(pid) {others}")).await;
    // A process that has been told to end may still answer a moment longer, and cut what it was asked in between.
    until("they are gone", || async {
        let left = ask(&format!("SELECT pid {others}")).await;
        left.iter().all(|pid| !cut.contains(pid)).then_some(())
    })
    .await;
    assert_eq!(visitor.say("a message after").await["seq"], 2);
    assert_eq!(Visitor::arrive(&app, &site).await.say("a command after").await["seq"], 1);
}

/// A commit that fails leaves nothing behind, and what comes after it is on disk again (C1, C3).
#[tokio::test]
async fn after_commits_that_failed_the_next_ones_are_on_disk() {
    use balcao_platform::store::{Failure, Tx, Work};
    use sea_orm::ConnectionTrait;

    struct Statement(&'static str);

    impl Work for Statement {
        type Answer = ();
        type Error = Failure;

        async fn run(&self, tx: &mut Tx) -> Result<(), Failure> {
            tx.execute_unprepared(self.0).await?;
            Ok(())
        }
    }

    let app = App::start().await;
    let store = &app.desk.store;
    store.write(Statement("CREATE TABLE parents (id bigint PRIMARY KEY)")).await.unwrap();
    let child = "CREATE TABLE children (parent bigint REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)";
    store.write(Statement(child)).await.unwrap();
    for _ in 0..12 {
        let failed = store.write(Statement("INSERT INTO children VALUES (1)")).await.unwrap_err();
        assert!(matches!(failed, Failure::Commit(_)), "{failed}");
    }
    for _ in 0..6 {
        store.write(Statement("INSERT INTO parents (id) SELECT count(*) FROM parents")).await.unwrap();
    }
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        let statement = sea_orm::Statement::from_string(store.engine(), sql);
        async move { store.read().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap() }
    };
    assert_eq!((count("parents").await, count("children").await), (6, 0));
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    visitor.open("a command").await;
    assert_eq!(visitor.say("a fold").await["seq"], 2);
}
