//! Hours: when the chat is open, who is disconnected by the clock and comes back with it, and who may say so.

use balcao_types::Timestamp;
use jiff::{ToSpan, Zoned, tz::TimeZone};
use serde_json::{Value, json};

use crate::support::{App, Client, PASSWORD, QueueDesk, Visitor, until};

/// The clock on the wall in the company's zone.
fn local(app: &App) -> Zoned {
    app.clock.now().to_jiff().to_zoned(TimeZone::get("America/Sao_Paulo").unwrap())
}

/// Winds the clock to a time of the next Monday.
fn monday_at(app: &App, hour: i8, minute: i8) {
    let now = local(app);
    let mut day = now.date();
    while day.weekday() != jiff::civil::Weekday::Monday || day == now.date() {
        day = day.checked_add(1.day()).unwrap();
    }
    wind(app, &day.at(hour, minute, 0, 0).to_zoned(now.time_zone().clone()).unwrap());
}

/// Winds it to a later time of the same day.
fn today_at(app: &App, hour: i8, minute: i8) {
    let now = local(app);
    wind(app, &now.date().at(hour, minute, 0, 0).to_zoned(now.time_zone().clone()).unwrap());
}

fn wind(app: &App, to: &Zoned) {
    let ahead = Timestamp(to.timestamp().as_microsecond()).seconds_since(app.clock.now());
    assert!(ahead > 0, "the clock is only put forward");
    app.clock.advance(ahead);
}

fn office() -> Value {
    json!({ "shifts": [{ "weekdays": [1, 2, 3, 4, 5], "start": "08:00", "end": "18:00" }] })
}

async fn hours_of(who: &Client, owner: &str, id: Option<&str>) -> Value {
    let all = who.get("/api/hours").await.expect(200);
    let mut items = all["items"].as_array().unwrap().iter();
    let found = items.find(|item| item["owner"] == owner && id.is_none_or(|id| item["id"] == id));
    found.cloned().unwrap_or_else(|| json!({ "version": 0 }))
}

async fn save(who: &Client, owner: &str, id: Option<&str>, hours: Value) -> Value {
    let version = hours_of(who, owner, id).await["version"].clone();
    let form = json!({ "owner": owner, "id": id, "version": version, "hours": hours });
    who.put("/api/hours", form).await.expect(200)
}

/// Consoles renew the lease; without one a test does so by hand.
async fn status(who: &Client) -> String {
    who.get("/api/session").await.expect(200)["status"].as_str().unwrap().to_owned()
}

async fn until_status(who: &Client, wanted: &str) {
    until("the clock has done its work", || async { (status(who).await == wanted).then_some(()) }).await;
}

/// T-100, T-101, T-104, T-105, T-113, T-115, T-138
#[tokio::test]
async fn the_end_of_a_shift_disconnects_closes_nothing_and_the_next_one_gives_the_status_back() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let (owner, bruno, carla) = (&desk.owner, &desk.team[0], &desk.team[1]);
    monday_at(&desk.app, 9, 0);
    save(owner, "company", None, office()).await;
    let (_bruno, _carla) = (bruno.socket().await, carla.socket().await);
    owner.patch("/api/workspace", json!({ "pauses": [{ "name": "Almoço", "minutes": 480 }] })).await.expect(200);
    bruno.put("/api/me/status", json!({ "status": "away", "pause": "Almoço" })).await.expect(200);
    carla.go("online").await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!((&visitor.welcome["online"], visitor.welcome.get("closed")), (&json!(true), None));
    let conversation = visitor.open("Bom dia").await;
    carla.act(&conversation, "take").await.expect(200);

    today_at(&desk.app, 18, 0);
    until_status(carla, "offline").await;
    until_status(bruno, "offline").await;
    assert_eq!(bruno.get("/api/session").await.expect(200)["pause"], Value::Null);
    let told = visitor.socket.find("closed", |frame| frame["t"] == "status" && frame["online"] == false).await;
    assert_eq!(told["closed"]["reopens_at"], "2026-11-24T11:00:00.000000Z", "Tuesday at eight");
    let shift = carla.get("/api/session").await.expect(200)["shift"].clone();
    assert_eq!((&shift["is_open"], &shift["held_status"]), (&json!(false), &json!("online")));
    // What is open stays hers, and she may answer.
    let shown = owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!((&shown["state"], &shown["assignee_id"]), (&json!("open"), &json!(carla.id().await)));
    carla.reply(&conversation, "Amanhã eu vejo isso com você").await.expect(201);
    // Its visitor is not interrupted either (T-138).
    visitor.say("Obrigada").await;
    assert_eq!(owner.conversation(&conversation).await["conversation"]["assignee_id"], json!(carla.id().await));
    // Nobody goes online by hand (T-114).
    let refused = carla.put("/api/me/status", json!({ "status": "online" })).await;
    assert_eq!(refused.body["error"]["detail"]["begins_at"], "2026-11-24T11:00:00.000000Z");
    assert_eq!(refused.refused(409), "outside_shift");
    // It is hers to close, by hand, though the shift is over (T-105).
    carla.act(&conversation, "close").await.expect(200);

    // The morning after, each as it was; whoever is not connected by then counts as offline all the same.
    desk.app.clock.advance(14 * 3_600);
    until_status(carla, "online").await;
    until_status(bruno, "away").await;
    // He is away for the same (T-139), and late by the hour by which he was late in the evening.
    let pause = bruno.get("/api/session").await.expect(200)["pause"].clone();
    assert_eq!(pause["name"], "Almoço");
    let until = pause["until"].as_str().unwrap();
    assert!(("2026-11-24T09:50".."2026-11-24T10:10").contains(&until), "{pause}");
    let _again = carla.socket().await;
    assert_eq!(carla.get("/api/session").await.expect(200)["shift"]["held_status"], Value::Null);
    visitor.socket.find("open again", |frame| frame["t"] == "status" && frame["online"] == true).await;
}

/// T-103, T-117, T-110: the own hours of a department and of a person, and a holiday of all.
#[tokio::test]
async fn departments_and_people_keep_their_own_hours_and_a_holiday_closes_all() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let (owner, bruno, carla) = (&desk.owner, &desk.team[0], &desk.team[1]);
    monday_at(&desk.app, 9, 0);
    save(owner, "company", None, office()).await;
    let evening = json!({ "shifts": [{ "weekdays": [1, 2, 3, 4, 5], "start": "08:00", "end": "22:00" }] });
    let department = save(owner, "department", Some(&desk.department), evening).await;
    assert_eq!((&department["is_open"], &department["until"]), (&json!(true), &json!("2026-11-24T01:00:00.000000Z")));
    let bruno_id = bruno.id().await;
    let morning = json!({ "shifts": [{ "weekdays": [1], "start": "08:00", "end": "12:00" }] });
    save(owner, "agent", Some(&bruno_id), morning).await;
    let (_bruno, _carla) = (bruno.socket().await, carla.socket().await);
    bruno.go("online").await;
    carla.go("online").await;

    today_at(&desk.app, 12, 0);
    until_status(bruno, "offline").await;
    assert_eq!(status(carla).await, "online");
    today_at(&desk.app, 19, 0);
    // The company has gone home, her department has not.
    assert_eq!(hours_of(owner, "company", None).await["is_open"], false);
    carla.go("online").await;
    assert_eq!(status(carla).await, "online");

    // Tomorrow is a holiday, for the department too.
    let mut holiday = office();
    let date = local(&desk.app).date().tomorrow().unwrap();
    holiday["days"] = json!([{ "date": date, "name": "Padroeira", "spans": [] }]);
    save(owner, "company", None, holiday).await;
    desk.app.clock.advance(14 * 3_600);
    until_status(carla, "offline").await;
    let shown = hours_of(owner, "department", Some(&desk.department)).await;
    assert_eq!((&shown["is_open"], &shown["until"]), (&json!(false), &json!("2026-11-25T11:00:00.000000Z")));
    // T-110: everybody is told which day it is.
    let closed = json!({ "reopens_at": "2026-11-25T11:00:00.000000Z", "day": "Padroeira" });
    let visitor = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!((&visitor.welcome["online"], &visitor.welcome["closed"]), (&json!(false), &closed));
    assert_eq!(
        (&shown["day"], &carla.get("/api/session").await.expect(200)["shift"]["day"]),
        (&closed["day"], &closed["day"])
    );
}

/// nothing of a closed department is given away; when it opens, what waited is.
#[tokio::test]
async fn a_closed_department_gives_nothing_away_until_it_opens() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    monday_at(&desk.app, 7, 0);
    save(owner, "department", Some(&desk.department), office()).await;
    // Bruno's own hours have begun, the department's have not.
    let early = json!({ "shifts": [{ "weekdays": [1], "start": "06:00", "end": "18:00" }] });
    save(owner, "agent", Some(&bruno.id().await), early).await;
    let _console = bruno.socket().await;
    bruno.go("online").await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!(visitor.welcome["online"], false);
    let conversation = visitor.open("Cheguei cedo").await;
    let told = visitor.socket.find("nobody there", |frame| frame["conversation"]["attended"] == false).await;
    assert_eq!(
        told["conversation"]["closed"]["reopens_at"], "2026-11-23T11:00:00.000000Z",
        "the department's own hours"
    );
    assert_eq!(desk.assignee(&conversation).await, None);
    // T-116: it stays in the queue.
    today_at(&desk.app, 8, 0);
    let _again = bruno.socket().await;
    assert_eq!(desk.given(&conversation).await, bruno.id().await);
}

/// T-114
#[tokio::test]
async fn a_manager_lets_somebody_stay_longer_today() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let (owner, bruno, carla) = (&desk.owner, &desk.team[0], &desk.team[1]);
    let here = json!([{ "id": desk.department, "is_manager": true }]);
    let manager = desk.app.hire(owner, "Marta", "manager", here).await;
    let elsewhere = desk.app.department(owner, "Vendas").await;
    let stranger = desk.app.hire(owner, "Rui", "manager", json!([{ "id": elsewhere, "is_manager": true }])).await;
    monday_at(&desk.app, 17, 0);
    save(owner, "company", None, office()).await;
    let (_bruno, _carla) = (bruno.socket().await, carla.socket().await);
    bruno.go("online").await;
    carla.go("online").await;
    let path = format!("/api/agents/{}/extension", bruno.id().await);
    for who in [bruno, carla, &stranger] {
        assert_eq!(who.put(&path, json!({ "minutes": 120 })).await.refused(403), "forbidden");
    }
    assert_eq!(manager.put(&path, json!({ "minutes": 721 })).await.fields(), ["minutes:too_many"]);
    manager.put(&path, json!({ "minutes": 120 })).await.expect(204);
    today_at(&desk.app, 18, 0);
    until_status(carla, "offline").await;
    assert_eq!(status(bruno).await, "online");
    let team = owner.get("/api/team").await.expect(200);
    let ids = [bruno.id().await, carla.id().await];
    let shifts: Vec<&Value> = ids
        .iter()
        .map(
            |id| &team["items"].as_array().unwrap().iter().find(|item| item["agent_id"] == json!(id)).unwrap()["shift"],
        )
        .collect();
    assert_eq!((&shifts[0]["is_open"], &shifts[1]["is_open"]), (&json!(true), &json!(false)));
    assert_eq!(shifts[0]["extended_until"], "2026-11-23T23:00:00.000000Z");
    // Two hours after its end it is over; Carla is let back in for a while, with the status she had.
    today_at(&desk.app, 20, 0);
    until_status(bruno, "offline").await;
    let path = format!("/api/agents/{}/extension", carla.id().await);
    owner.put(&path, json!({ "minutes": 30 })).await.expect(204);
    until_status(carla, "online").await;
    owner.put(&path, json!({ "minutes": 0 })).await.expect(204);
    until_status(carla, "offline").await;
}

/// T-133 outside of the hours: connected at log-in only once they begin.
#[tokio::test]
async fn who_logs_in_early_is_connected_when_the_hours_begin() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    monday_at(&desk.app, 7, 30);
    save(owner, "company", None, office()).await;
    bruno.patch("/api/me", json!({ "status_on_login": "online" })).await.expect(200);
    let again = desk.app.stranger();
    let email = bruno.get("/api/session").await.expect(200)["email"].clone();
    again.post("/api/session", json!({ "email": email, "password": PASSWORD })).await.expect(200);
    assert_eq!(status(&again).await, "offline");
    let _console = again.socket().await;
    today_at(&desk.app, 8, 0);
    until_status(&again, "online").await;
}

/// T-115: a company may want everybody to come online by hand.
#[tokio::test]
async fn where_the_company_does_not_want_it_no_status_comes_back_by_itself() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    monday_at(&desk.app, 17, 0);
    save(owner, "company", None, office()).await;
    owner.patch("/api/workspace", json!({ "restore_status": false })).await.expect(200);
    let _console = bruno.socket().await;
    bruno.go("online").await;
    today_at(&desk.app, 18, 0);
    until_status(bruno, "offline").await;
    desk.app.clock.advance(14 * 3_600);
    let is_forgotten = async || {
        let shift = bruno.get("/api/session").await.expect(200)["shift"].clone();
        (shift["is_open"] == true && shift["held_status"].is_null()).then_some(())
    };
    until("the next shift has begun", is_forgotten).await;
    assert_eq!(status(bruno).await, "offline");
    bruno.go("online").await;
}

/// T-115: the hours run, and nobody is there.
#[tokio::test]
async fn managers_are_told_of_departments_without_anybody_in_their_hours() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    // Where nobody serves nobody is missed.
    desk.app.department(owner, "Sem gente").await;
    monday_at(&desk.app, 9, 0);
    let unattended = async || owner.get("/api/team").await.expect(200)["unattended"].clone();
    bruno.go("away").await;
    assert_eq!(unattended().await, json!([]), "nobody has set any hours");
    save(owner, "company", None, office()).await;
    let is_told = async || unattended().await.as_array().unwrap().contains(&json!(desk.department));
    let told = async |wanted: bool| until("it is told", || async { (is_told().await == wanted).then_some(()) }).await;
    told(true).await;
    let _console = bruno.socket().await;
    bruno.go("online").await;
    told(false).await;
    bruno.go("away").await;
    told(true).await;
    today_at(&desk.app, 18, 0);
    told(false).await;
}

/// T-108, T-109: what is wrong is told under its field, and nothing is saved.
#[tokio::test]
async fn wrong_hours_are_refused_with_the_field_and_two_who_save_at_once_do_not_overwrite_each_other() {
    let app = App::start().await;
    let owner = app.owner().await;
    let put = async |version: i64, hours: Value| {
        owner.put("/api/hours", json!({ "owner": "company", "version": version, "hours": hours })).await
    };
    let shift = |start: &str, end: &str| json!({ "weekdays": [1], "start": start, "end": end });
    let refused = async |hours: Value| put(0, hours).await.fields();
    assert_eq!(refused(json!({ "shifts": [shift("08:00", "08:00")] })).await, ["hours.shifts.0.end:shift_empty"]);
    assert_eq!(
        refused(json!({ "shifts": [shift("08:00", "12:00"), shift("11:00", "13:00")] })).await,
        ["hours.shifts.1.start:shift_overlaps"]
    );
    assert_eq!(refused(json!({ "time_zone": "Terra/Meio" })).await, ["hours.time_zone:time_zone_unknown"]);
    let day = |name: &str| json!({ "date": "2026-12-25", "name": name, "spans": [] });
    assert_eq!(
        refused(json!({ "days": [day("Natal"), day(" \n ")] })).await,
        ["hours.days.1.date:date_repeated", "hours.days.1.name:required"]
    );
    for wrong in [
        json!({ "shifts": [shift("8:00", "12:00")] }),
        json!({ "days": [{ "date": "2026-02-30", "name": "x", "spans": [] }] }),
    ] {
        assert_eq!(put(0, wrong).await.status, 422);
    }
    assert_eq!(hours_of(&owner, "company", None).await["version"], 0);
    put(0, office()).await.expect(200);
    assert_eq!(put(0, json!({})).await.refused(412), "precondition_failed");
    assert_eq!(put(1, json!({})).await.expect(200)["version"], 2);
    // Another's department, and nobody.
    let other = App::start().await;
    let theirs = other.owner().await.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let form = json!({ "owner": "department", "id": theirs, "version": 0, "hours": {} });
    assert_eq!(owner.put("/api/hours", form).await.refused(404), "not_found");
    let nobody = json!({ "owner": "agent", "version": 0, "hours": {} });
    assert_eq!(owner.put("/api/hours", nobody).await.fields(), ["id:required"]);
}

/// T-110
#[tokio::test]
async fn brazil_s_holidays_are_offered_by_year_and_state() {
    let app = App::start().await;
    let owner = app.owner().await;
    let holidays = owner.get("/api/hours/holidays?year=2026&state=SP").await.expect(200);
    let items = holidays["items"].as_array().unwrap();
    let on = |date: &str| items.iter().find(|item| item["date"] == date).map(|item| item["scope"].clone());
    assert_eq!(on("2026-04-03"), Some(json!("national")), "Good Friday");
    assert_eq!((on("2026-07-09"), on("2026-01-25")), (Some(json!("state")), Some(json!("capital"))));
    for wrong in ["year=2026&state=XX", "year=1200", "state=SP", "year=99999"] {
        assert_eq!(owner.get(&format!("/api/hours/holidays?{wrong}")).await.status, 422, "{wrong}");
    }
}

/// T-112: while whoever answers is there nobody else is looked for; else the visitor goes back to the queue, and to somebody else.
#[tokio::test]
async fn a_visitor_need_not_wait_for_who_is_not_there() {
    let desk = QueueDesk::open("round_robin", &["Bruno", "Carla"]).await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    let first = desk.given(&conversation).await;
    let mut ids = Vec::new();
    for person in &desk.team {
        ids.push(person.id().await);
    }
    let place = ids.iter().position(|id| *id == first).unwrap();
    let ask = |conversation: &str| json!({ "t": "return", "conversation": conversation });
    visitor.socket.send(ask(&conversation)).await;
    let refused = visitor.socket.find("refused", |frame| frame["t"] == "refused").await;
    assert_eq!(refused["code"], "agent_is_there");
    // Away for a moment is not gone.
    desk.team[place].go("away").await;
    let away = visitor.socket.find("away", |frame| frame["t"] == "attended" && frame["online"] == false).await;
    assert_eq!(away["others"], false);
    visitor.socket.send(ask(&conversation)).await;
    let refused = visitor.socket.find("refused", |frame| frame["t"] == "refused").await;
    assert_eq!(refused["code"], "agent_is_there");
    // Gone, and nobody else there either.
    let other = &desk.team[1 - place];
    other.go("away").await;
    desk.team[place].go("offline").await;
    visitor.socket.send(ask(&conversation)).await;
    let refused = visitor.socket.find("refused", |frame| frame["t"] == "refused").await;
    assert_eq!(refused["code"], "nobody_there");
    other.go("online").await;
    visitor.socket.find("others are", |frame| frame["t"] == "attended" && frame["others"] == true).await;
    // Nobody else may do it for them.
    let mut stranger = Visitor::arrive(&desk.app, &desk.site).await;
    stranger.open("Oi também").await;
    stranger.socket.send(ask(&conversation)).await;
    let refused = stranger.socket.find("refused", |frame| frame["t"] == "refused").await;
    assert_eq!(refused["code"], "not_found");

    let before = desk.owner.conversation(&conversation).await["conversation"]["waiting_since"].clone();
    desk.owner.patch("/api/workspace", json!({ "distribution": "off" })).await.expect(200);
    desk.app.clock.advance(90);
    other.go("online").await;
    visitor.socket.send(ask(&conversation)).await;
    let is_back = |frame: &Value| frame["entry"]["event"]["code"] == "returned_by_visitor";
    visitor.socket.find("the line", is_back).await;
    // Never answered, it has waited since it was written.
    let shown = desk.owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!((&shown["state"], &shown["queued_at"]), (&json!("queue"), &before));
    desk.owner.patch("/api/workspace", json!({ "distribution": "round_robin" })).await.expect(200);
    assert_eq!(desk.given(&conversation).await, ids[1 - place]);
    desk.owner.act(&conversation, "close").await.expect(200);
    visitor.socket.send(ask(&conversation)).await;
    let refused = visitor.socket.find("refused", |frame| frame["t"] == "refused").await;
    assert_eq!(refused["code"], "conversation_closed");
}
