//! Upkeep: jobs run once and again, and the sweep keeps what is still needed.

use balcao_desk::{Command, Tx};
use balcao_platform::{
    jobs::{self, Handlers, JobError},
    store::NewJob,
};
use balcao_server::{router::Extras, serve};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use crate::support::{App, Visitor, until};

async fn count(app: &App, sql: &str) -> i64 {
    let read = app.desk.store.read();
    let row =
        read.query_one_raw(Statement::from_string(app.desk.store.engine(), sql.to_owned())).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Runs what is due until nothing is.
async fn work(app: &App) {
    let handlers = balcao_desk::handlers(&app.desk);
    while jobs::run_due(&app.desk.store, app.desk.bus.node(), &handlers).await.unwrap() > 0 {}
}

#[tokio::test]
async fn the_sweep_comes_every_hour_and_removes_what_has_run_out() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let conversation = Visitor::arrive(&app, &site).await.open("boleto").await;
    until("the index", || async {
        let found = owner.get("/api/messages/search?q=boleto").await.expect(200);
        (found["items"] != json!([])).then_some(())
    })
    .await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs").await, 1);
    app.clock.advance(3_601);
    work(&app).await;
    assert!(count(&app, "SELECT COUNT(*) FROM events").await > 0, "young events are kept");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs WHERE state = 'queued'").await, 1);
    app.clock.advance(31 * 86_400);
    work(&app).await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM events").await, 0);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM sessions").await, 0);
    // Old cursors are told to fetch anew, and the conversation itself is untouched.
    let login = json!({ "email": "ana@vilaclara.com.br", "password": crate::support::PASSWORD });
    owner.post("/api/session", login).await.expect(200);
    assert_eq!(owner.texts(&conversation).await, ["boleto"]);
    let mut console = owner.silent_socket().await;
    console.send(json!({ "t": "hello", "since": 1 })).await;
    assert_eq!(console.next("snapshot").await["why"], "too_far");
}

#[tokio::test]
async fn events_that_the_search_has_not_read_are_kept_however_old() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    Visitor::arrive(&app, &site).await.open("boleto").await;
    until("the index", || async {
        let found = owner.get("/api/messages/search?q=boleto").await.expect(200);
        (found["items"] != json!([])).then_some(())
    })
    .await;
    let connection = app.config.store().connect().await.unwrap();
    connection.execute_unprepared("UPDATE search_progress SET number = 2").await.unwrap();
    app.clock.advance(31 * 86_400);
    work(&app).await;
    assert_eq!(count(&app, "SELECT MIN(number) FROM events").await, 3);
}

#[tokio::test]
async fn a_task_that_dies_beside_the_requests_ends_the_program_with_an_error() {
    let mut app = App::start().await;
    app.stop().await;
    let mut running = serve::open(&app.config, app.clock.clone()).await.unwrap();
    running.background.start("doomed", async { panic!("on purpose") });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let extras = Extras { metrics: None, demo_page: false };
    let listeners = serve::Listeners { main: listener, redirect: None };
    let ended = serve::run(running, listeners, extras, std::future::pending()).await;
    assert_eq!(ended.unwrap_err(), "the background task \"doomed\" has ended");
}

/// Queues a job that is due at once, under a key.
struct Queue {
    kind: &'static str,
}

impl Command for Queue {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> balcao_desk::Result<()> {
        let (body, run_at, unique_key) = ("{}".to_owned(), tx.now(), Some(self.kind.to_owned()));
        tx.enqueue(NewJob { workspace: None, kind: self.kind, body, run_at, unique_key });
        Ok(())
    }
}

#[tokio::test]
async fn a_job_that_failed_for_good_gives_its_key_up() {
    let app = App::start().await;
    let failed = "SELECT COUNT(*) FROM jobs WHERE state = 'failed'";
    for (number, kind) in [(1, "refused"), (2, "refused"), (3, "panicking"), (4, "panicking")] {
        app.desk.write(Queue { kind }).await.unwrap();
        let handlers = Handlers::default()
            .with("refused", |_job| async { Err(JobError::Fail("never".to_owned())) })
            .with("panicking", |_job| async { panic!("on purpose") });
        while count(&app, failed).await < number {
            jobs::run_due(&app.desk.store, app.desk.bus.node(), &handlers).await.unwrap();
            app.clock.advance(3_600);
        }
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs").await, 4);
}

/// Nothing else asks for it: an hour in which the database was away must not be the end of all upkeep.
#[tokio::test]
async fn recurring_work_comes_back_by_itself_however_often_it_failed() {
    let app = App::start().await;
    app.desk.write(Queue { kind: "recurring" }).await.unwrap();
    let handlers = |is_well: bool| {
        Handlers::default().with_recurring("recurring", move |job| async move {
            if is_well { Ok(None) } else { Err(JobError::Retry(format!("attempt {}", job.attempt))) }
        })
    };
    let (store, node) = (&app.desk.store, app.desk.bus.node());
    for _ in 0..30 {
        assert_eq!(jobs::run_due(store, node, &handlers(false)).await.unwrap(), 1);
        app.clock.advance(3_600);
    }
    let told =
        "SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND last_error = 'attempt 6' AND unique_key = 'recurring'";
    assert_eq!(count(&app, told).await, 1, "the sixth attempt of the third round, with its key");
    assert_eq!(jobs::run_due(store, node, &handlers(true)).await.unwrap(), 1);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs WHERE kind = 'recurring'").await, 0);
}

#[tokio::test]
async fn a_job_of_a_newer_release_is_left_for_its_nodes() {
    let app = App::start().await;
    app.desk.write(Queue { kind: "newer" }).await.unwrap();
    work(&app).await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND attempts = 0").await, 1);
    let newer = Handlers::default().with("newer", |_job| async { Ok(None) });
    assert_eq!(jobs::run_due(&app.desk.store, app.desk.bus.node(), &newer).await.unwrap(), 1);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs").await, 0);
}
