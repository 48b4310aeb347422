//! Silence in open conversations, and what the company has the chat say.

use serde_json::{Value, json};

use crate::support::{QueueDesk, Visitor, until};

/// The codes of the lines of a conversation, in their order.
async fn codes(desk: &QueueDesk, conversation: &str) -> Vec<String> {
    let shown = desk.owner.conversation(conversation).await;
    let lines = shown["messages"].as_array().unwrap();
    lines.iter().filter_map(|line| line["event"]["code"].as_str()).map(str::to_owned).collect()
}

/// A desk with limits, and a conversation that Bruno has taken.
async fn desk(idle: Value) -> (QueueDesk, Visitor, String) {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    desk.owner.patch("/api/workspace", json!({ "idle": idle })).await.expect(200);
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    desk.team[0].act(&conversation, "take").await.expect(200);
    (desk, visitor, conversation)
}

/// Lets time pass, and waits until a line of this code stands last.
async fn until_code(desk: &QueueDesk, conversation: &str, code: &str) {
    until(code, || async { (codes(desk, conversation).await.last()? == code).then_some(()) }).await;
}

/// Lets time pass in which nothing happens: as soon as the job has looked once more.
async fn nothing_for(desk: &QueueDesk, conversation: &str, seconds: i64) {
    let before = codes(desk, conversation).await;
    desk.app.clock.advance(seconds);
    looked(desk).await;
    assert_eq!(codes(desk, conversation).await, before);
}

/// Waits until the job has done what was due now: then the next one waits for later.
async fn looked(desk: &QueueDesk) {
    use sea_orm::{ConnectionTrait, Statement};
    let (read, engine) = (desk.app.desk.store.read(), desk.app.desk.store.engine());
    until("it has been looked", || async {
        let sql = "SELECT COUNT(*) AS due FROM jobs WHERE kind = 'idle' AND run_at <= $1";
        let now = desk.app.clock.now().into();
        let row = read.query_one_raw(Statement::from_sql_and_values(engine, sql, [now])).await.unwrap().unwrap();
        (row.try_get::<i64>("", "due").unwrap() == 0).then_some(())
    })
    .await;
}

/// who was answered and says nothing is warned, and then the conversation is closed by the program.
#[tokio::test]
async fn a_silent_visitor_is_warned_and_then_the_conversation_is_closed() {
    let (desk, mut visitor, conversation) = desk(json!({ "visitor_minutes": 10, "warning_minutes": 3 })).await;
    desk.team[0].reply(&conversation, "Como posso ajudar?").await.expect(201);
    nothing_for(&desk, &conversation, 9 * 60).await;
    desk.app.clock.advance(60);
    until_code(&desk, &conversation, "idle_warning").await;
    let is_warning = |frame: &Value| frame["entry"]["from"] == "system" && frame["entry"]["kind"] == "message";
    let told = visitor.socket.find("the warning", is_warning).await["entry"]["text"].clone();
    assert_eq!(told, "Você ainda está aí? Sem resposta, a conversa termina em 3 min.");
    let own = json!({ "idle_warning": "{agent_name} da {company} encerra em {minutes} min." });
    desk.owner.patch("/api/workspace", json!({ "messages": own })).await.expect(200);
    // Any word makes it void.
    visitor.say("Estou aqui").await;
    desk.team[0].reply(&conversation, "Certo").await.expect(201);
    nothing_for(&desk, &conversation, 5 * 60).await;
    desk.app.clock.advance(5 * 60);
    until("the second warning", || async {
        let warnings = codes(&desk, &conversation).await.iter().filter(|code| *code == "idle_warning").count();
        (warnings == 2).then_some(())
    })
    .await;
    let is_own = |frame: &Value| frame["entry"]["text"] == "Bruno da Vila Clara encerra em 3 min.";
    visitor.socket.find("in the company's words", is_own).await;
    nothing_for(&desk, &conversation, 2 * 60).await;
    desk.app.clock.advance(60);
    until_code(&desk, &conversation, "closed_idle").await;
    let shown = desk.owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!(shown["state"], "closed");
    let starts = |text: &Value| text.as_str().is_some_and(|text| text.starts_with("Conversa encerrada"));
    visitor.socket.find("the end", |frame| starts(&frame["entry"]["text"])).await;
    let is_closed = |frame: &Value| frame["conversation"]["state"] == "closed";
    visitor.socket.find("it is closed", is_closed).await;
}

/// an agent who does not answer is reminded by a note, and then others may go on; nobody is sent away for it.
#[tokio::test]
async fn a_silent_agent_is_reminded_and_then_the_conversation_goes_back_to_the_queue() {
    let (desk, mut visitor, conversation) = desk(json!({ "agent_minutes": 5, "warning_minutes": 2 })).await;
    let mut console = desk.team[0].socket().await;
    // Taken a moment ago, asked before that.
    nothing_for(&desk, &conversation, 4 * 60).await;
    desk.app.clock.advance(60);
    until_code(&desk, &conversation, "agent_idle").await;
    let reminded = console
        .find("the reminder", |frame| frame["event"]["message"]["event"]["code"] == "agent_idle")
        .await["event"]["message"]
        .clone();
    assert_eq!((&reminded["kind"], &reminded["seq"]), (&json!("note"), &Value::Null));
    // The lists go on showing what was said last.
    let shown = desk.owner.conversation(&conversation).await;
    assert_eq!(shown["conversation"]["last_message"]["text"], "Oi", "{shown}");
    // The visitor asks again, which stops nothing; a note of the agent does.
    visitor.say("Alguém aí?").await;
    let note = json!({ "client_id": crate::support::client_id(), "kind": "note", "text": "Estou vendo" });
    desk.team[0].post(&format!("/api/conversations/{conversation}/messages"), note).await.expect(201);
    nothing_for(&desk, &conversation, 4 * 60).await;
    desk.app.clock.advance(60);
    until("reminded again", || async {
        let reminders = codes(&desk, &conversation).await.iter().filter(|code| *code == "agent_idle").count();
        (reminders == 2).then_some(())
    })
    .await;
    // It says how long the visitor has waited, which is longer than the limit.
    let shown = desk.owner.conversation(&conversation).await;
    let again = shown["messages"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(again.contains("há 10 min."), "{again}");
    visitor.say("Oi?").await;
    desk.app.clock.advance(2 * 60);
    until_code(&desk, &conversation, "returned_idle").await;
    let shown = desk.owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!((&shown["state"], &shown["assignee_id"]), (&json!("queue"), &Value::Null));
    let tells = |text: &Value| text.as_str().is_some_and(|text| text.contains("voltou para a fila"));
    visitor.socket.find("back", |frame| tells(&frame["entry"]["text"])).await;
    // Nothing of the reminders reached the visitor.
    let back = Visitor::return_with(&desk.app, &desk.site, Some(&visitor.key)).await;
    assert!(!back.welcome["entries"].to_string().contains("espera resposta"));
    desk.team[1].act(&conversation, "take").await.expect(200);
}

/// Z-121: silence may be counted in days, and is told in them.
#[tokio::test]
async fn silence_may_last_days() {
    let (desk, _visitor, conversation) = desk(json!({ "agent_minutes": 26 * 60, "warning_minutes": 90 })).await;
    nothing_for(&desk, &conversation, 25 * 3_600).await;
    desk.app.clock.advance(3_600);
    until_code(&desk, &conversation, "agent_idle").await;
    let shown = desk.owner.conversation(&conversation).await;
    let reminder = shown["messages"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(reminder.contains("há 1 d 2 h.") && reminder.contains("em mais 1 h 30 min,"), "{reminder}");
}

/// What is due stands in the timeline and in the queue of jobs: a new start goes on with it.
#[tokio::test]
async fn silence_goes_on_across_a_new_start() {
    let (mut desk, visitor, conversation) = desk(json!({ "visitor_minutes": 10, "warning_minutes": 3 })).await;
    desk.team[0].reply(&conversation, "Como posso ajudar?").await.expect(201);
    drop(visitor);
    desk.app.clock.advance(10 * 60);
    until_code(&desk, &conversation, "idle_warning").await;
    desk.app.restart().await;
    desk.owner = desk.owner.at(&desk.app);
    desk.app.clock.advance(3 * 60);
    until_code(&desk, &conversation, "closed_idle").await;
}

/// Switched off, nothing is due, and nothing looks.
#[tokio::test]
async fn without_limits_silence_does_nothing() {
    let (desk, _visitor, conversation) = desk(json!({ "visitor_minutes": 10 })).await;
    desk.team[0].reply(&conversation, "Como posso ajudar?").await.expect(201);
    desk.owner.patch("/api/workspace", json!({ "idle": { "visitor_minutes": 0 } })).await.expect(200);
    desk.app.clock.advance(60);
    looked(&desk).await;
    nothing_for(&desk, &conversation, 24 * 3_600).await;
    let wrong = json!({ "idle": { "visitor_minutes": 43_201, "warning_minutes": 0 } });
    let faults = desk.owner.patch("/api/workspace", wrong).await.fields();
    assert_eq!(faults, ["idle.visitor_minutes:minutes_invalid", "idle.warning_minutes:minutes_invalid"]);
}

/// what the company says comes before the product's own, what a connection says before the company's.
#[tokio::test]
async fn the_company_says_what_the_chat_says_unless_a_connection_does() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let messages = json!({ "welcome": "Oi, {customer_name}! Aqui é a {company}.", "waiting": "Você é o {position}º",
        "closing": "{agent_name} agradece <b>muito</b>", "transferred": "Agora com {target}" });
    desk.owner.patch("/api/workspace", json!({ "messages": messages })).await.expect(200);
    let page =
        async |code: &str| reqwest::get(desk.app.url(&format!("/widgets/{code}"))).await.unwrap().text().await.unwrap();
    let general = page(desk.site["code"].as_str().unwrap()).await;
    for text in
        ["Oi, {name}! Aqui é a Vila Clara.", "Oi! Aqui é a Vila Clara.", "Você é o {position}º", "Agora com {target}"]
    {
        assert!(general.contains(text), "{text}");
    }
    assert!(general.contains("{name} agradece") && !general.contains("<b>muito"), "what is typed stays text");
    let own = desk.app.webchat(&desk.owner, None, json!({ "greeting": "Padaria, bom dia" })).await;
    let own = page(own["code"].as_str().unwrap()).await;
    assert!(own.contains("Padaria, bom dia"), "the panel shows the connection's first");
    let wrong = json!({ "messages": { "welcome": "Oi {nome}", "closing": "x".repeat(301), "waiting": "a\nb" } });
    let mut faults = desk.owner.patch("/api/workspace", wrong).await.fields();
    faults.sort();
    assert_eq!(
        faults,
        ["messages.closing:too_long", "messages.waiting:invalid_character", "messages.welcome:placeholder_unknown"]
    );
    desk.owner.patch("/api/workspace", json!({ "messages": { "welcome": null } })).await.expect(200);
    assert!(!page(desk.site["code"].as_str().unwrap()).await.contains("Aqui é a Vila Clara"));
}
