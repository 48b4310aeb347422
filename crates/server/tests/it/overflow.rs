//! Queues that overflow into other departments' (Z-122).

use serde_json::{Value, json};

use crate::support::{Client, QueueDesk, Visitor, until};

/// A desk whose department overflows into another one after some minutes.
async fn desk(minutes: i64) -> (QueueDesk, String) {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let finance = desk.app.department(&desk.owner, "Financeiro").await;
    overflow(&desk, &desk.department, &json!(finance), minutes).await;
    (desk, finance)
}

async fn overflow(desk: &QueueDesk, from: &str, to: &Value, minutes: i64) {
    let change = json!({ "overflow_department_id": to, "overflow_minutes": minutes });
    let changed = desk.owner.patch(&format!("/api/departments/{from}"), change).await.expect(200);
    assert_eq!((&changed["overflow_department_id"], &changed["overflow_minutes"]), (to, &json!(minutes)));
}

async fn department_of(desk: &QueueDesk, conversation: &str) -> Value {
    desk.owner.conversation(conversation).await["conversation"]["department_id"].clone()
}

/// Lets time pass, with these people there at the end of it.
async fn pass(desk: &QueueDesk, minutes: i64, people: &[&Client]) {
    desk.app.clock.advance(60 * minutes);
    for person in people {
        person.go("online").await;
    }
    desk.app.clock.advance(35);
    looked(desk).await;
}

/// Waits until the job has done what was due now: then the next one waits for later.
async fn looked(desk: &QueueDesk) {
    use sea_orm::{ConnectionTrait, Statement};
    let (read, engine) = (desk.app.desk.store.read(), desk.app.desk.store.engine());
    until("it has been looked", || async {
        let sql = "SELECT COUNT(*) AS due FROM jobs WHERE kind = 'overflow' AND run_at <= $1";
        let now = desk.app.clock.now().into();
        let row = read.query_one_raw(Statement::from_sql_and_values(engine, sql, [now])).await.unwrap().unwrap();
        (row.try_get::<i64>("", "due").unwrap() == 0).then_some(())
    })
    .await;
}

async fn moved_to(desk: &QueueDesk, conversation: &str, department: &str) {
    until("it has moved", || async { (department_of(desk, conversation).await == json!(department)).then_some(()) })
        .await;
}

/// Z-122
#[tokio::test]
async fn who_has_waited_too_long_moves_to_the_other_queue_as_soon_as_somebody_is_there() {
    let (desk, finance) = desk(5).await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    let before = desk.owner.conversation(&conversation).await["conversation"]["queued_at"].clone();
    desk.app.clock.advance(4 * 60);
    looked(&desk).await;
    assert_eq!(department_of(&desk, &conversation).await, json!(desk.department));
    desk.app.clock.advance(2 * 60);
    looked(&desk).await;
    assert_eq!(department_of(&desk, &conversation).await, json!(desk.department), "nobody is there");
    let carla = desk.app.hire(&desk.owner, "Carla", "agent", json!([{ "id": finance }])).await;
    carla.go("online").await;
    desk.app.clock.advance(35);
    moved_to(&desk, &conversation, &finance).await;
    let shown = carla.conversation(&conversation).await;
    assert_eq!(shown["conversation"]["queued_at"], before, "the time waited is kept");
    let last = shown["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"]["code"], &last["event"]["name"]), (&json!("overflowed"), &json!("Suporte")));
    assert_eq!(last["event"]["target"], "Financeiro");
    let is_told = |frame: &Value| frame["entry"]["from"] == "system" && frame["entry"]["kind"] == "message";
    let told = visitor.socket.find("that it has moved", is_told).await["entry"]["text"].clone();
    assert_eq!(told, "Para você esperar menos, sua conversa passou para a fila de Financeiro.");
    // Who served the first one does not see it there any more.
    let hidden = desk.team[0].get(&format!("/api/conversations/{conversation}")).await;
    assert_eq!(hidden.refused(404), "not_found");
}

/// Z-122: two that overflow into each other do not play with a conversation, and a new wait begins anew.
#[tokio::test]
async fn nobody_goes_round_in_a_ring() {
    let (desk, finance) = desk(5).await;
    let carla = desk.app.hire(&desk.owner, "Carla", "agent", json!([{ "id": finance }])).await;
    carla.go("online").await;
    overflow(&desk, &finance, &json!(desk.department), 5).await;
    let conversation = desk.ask().await;
    pass(&desk, 5, &[&carla]).await;
    moved_to(&desk, &conversation, &finance).await;
    for _ in 0..4 {
        pass(&desk, 6, &[&carla, &desk.team[0]]).await;
        assert_eq!(department_of(&desk, &conversation).await, json!(finance));
    }
    carla.act(&conversation, "take").await.expect(200);
    carla.act(&conversation, "return").await.expect(200);
    pass(&desk, 4, &[&desk.team[0]]).await;
    assert_eq!(department_of(&desk, &conversation).await, json!(finance), "the wait is a new one");
    pass(&desk, 1, &[&desk.team[0]]).await;
    moved_to(&desk, &conversation, &desk.department).await;
}

/// Z-122: where the other department distributes, it is given away at once.
#[tokio::test]
async fn what_overflows_is_distributed_where_it_comes_to() {
    let (desk, finance) = desk(1).await;
    let carla = desk.app.hire(&desk.owner, "Carla", "agent", json!([{ "id": finance }])).await;
    carla.go("online").await;
    let path = format!("/api/departments/{finance}");
    desk.owner.patch(&path, json!({ "distribution": "round_robin" })).await.expect(200);
    let conversation = desk.ask().await;
    desk.app.clock.advance(65);
    assert_eq!(desk.given(&conversation).await, carla.id().await);
}

#[tokio::test]
async fn a_department_overflows_into_another_one_of_the_company() {
    let (desk, _) = desk(5).await;
    let path = format!("/api/departments/{}", desk.department);
    let change = |to: Value, minutes: i64| json!({ "overflow_department_id": to, "overflow_minutes": minutes });
    let itself = desk.owner.patch(&path, change(json!(desk.department), 5)).await;
    assert_eq!(itself.fields(), ["overflow_department_id:overflow_itself"]);
    let unknown = desk.owner.patch(&path, change(json!(uuid::Uuid::new_v4()), 5)).await;
    assert_eq!(unknown.fields(), ["overflow_department_id:department_unknown"]);
    let long = desk.owner.patch(&path, change(json!(null), 1_441)).await;
    assert_eq!(long.fields(), ["overflow_minutes:minutes_invalid"]);
    overflow(&desk, &desk.department, &json!(null), 0).await;
}
