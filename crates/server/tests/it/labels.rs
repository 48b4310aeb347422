//! Labels: by hand, by rules when a conversation begins, in lists, and what removing one leaves.

use serde_json::{Value, json};

use crate::support::{Answer, App, Client, QueueDesk, Visitor, client_id, until};

async fn label(who: &Client, name: &str, more: Value) -> String {
    let mut form = json!({ "name": name, "colour": "blue" });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post("/api/labels", form).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn put_on(who: &Client, conversation: &str, label: &str) -> Answer {
    who.put(&format!("/api/conversations/{conversation}/labels/{label}"), json!({})).await
}

async fn take_off(who: &Client, conversation: &str, label: &str) -> Answer {
    who.delete(&format!("/api/conversations/{conversation}/labels/{label}")).await
}

fn ids(labels: &Value) -> Vec<&str> {
    labels.as_array().unwrap().iter().map(|label| label["id"].as_str().unwrap()).collect()
}

async fn listed(who: &Client, query: &str) -> Vec<String> {
    let page = who.get(&format!("/api/conversations?{query}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// T-200, T-202, P-047, T-211: who puts one on and when is kept; doing it twice tells nobody.
#[tokio::test]
async fn an_agent_puts_labels_on_and_takes_them_off() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    let (urgent, billing) = (label(owner, "Urgentíssimo", json!({})).await, label(owner, "Cobrança", json!({})).await);
    let conversation = desk.ask().await;
    let mut console = owner.socket().await;
    let row = put_on(bruno, &conversation, &urgent).await.expect(200);
    let applied = &row["labels"][0];
    assert_eq!((&applied["id"], &applied["source"]), (&json!(urgent), &json!("agent")));
    assert_eq!(applied["by"], json!(bruno.id().await));
    let told = console.find("the label", |frame| frame["event"]["kind"] == "conversation_labelled").await;
    assert_eq!(ids(&told["event"]["conversation"]["labels"]), [urgent.as_str()]);
    put_on(bruno, &conversation, &urgent).await.expect(200);
    desk.app.clock.advance(1);
    let row = put_on(bruno, &conversation, &billing).await.expect(200);
    assert_eq!(ids(&row["labels"]), [urgent.as_str(), billing.as_str()]);
    // Whatever the state, closed too; one that is not there changes nothing.
    bruno.act(&conversation, "close").await.expect(200);
    let row = take_off(bruno, &conversation, &urgent).await.expect(200);
    assert_eq!(ids(&row["labels"]), [billing.as_str()]);
    take_off(bruno, &conversation, &urgent).await.expect(200);
    // What was taken off can be put on again.
    let row = put_on(owner, &conversation, &urgent).await.expect(200);
    assert_eq!(row["labels"][1]["by"], json!(owner.id().await));
    // The second one on, the first one off and on again, and nothing else.
    let (urgent, billing) = (urgent.as_str(), billing.as_str());
    for expected in [&[urgent, billing][..], &[billing], &[billing, urgent]] {
        let told = console.event("conversation_labelled").await;
        assert_eq!(ids(&told["event"]["conversation"]["labels"]), expected);
    }
}

/// T-209, P-140
#[tokio::test]
async fn a_label_has_a_name_of_its_own_a_colour_and_conditions_that_make_sense() {
    let app = App::start().await;
    let owner = app.owner().await;
    let id = label(&owner, "Reclamações", json!({})).await;
    let add = async |form: Value| owner.post("/api/labels", form).await.fields();
    assert_eq!(add(json!({ "name": " RECLAMACOES ", "colour": "pink" })).await, ["name:name_in_use"]);
    assert_eq!(add(json!({ "name": " ", "colour": "pink" })).await, ["name:required"]);
    assert_eq!(add(json!({ "name": "x".repeat(41), "colour": "pink" })).await, ["name:too_long"]);
    let wrong = [
        (json!({ "field": "hour", "operator": "contains", "value": "1" }), "conditions.0.operator:invalid_value"),
        (json!({ "field": "hour", "operator": "equals", "value": "24" }), "conditions.0.value:invalid_value"),
        (json!({ "field": "weekday", "operator": "equals", "value": "0" }), "conditions.0.value:invalid_value"),
        (json!({ "field": "message", "operator": "contains", "value": " " }), "conditions.0.value:required"),
        (json!({ "field": "department", "operator": "equals", "value": "x" }), "conditions.0.value:department_unknown"),
        (
            json!({ "field": "connection", "operator": "equals", "value": client_id() }),
            "conditions.0.value:connection_unknown",
        ),
        (json!({ "field": "channel", "operator": "equals", "value": "fax" }), "conditions.0.value:invalid_value"),
        (json!({ "field": "custom", "operator": "equals", "value": "x" }), "conditions.0.name:required"),
    ];
    for (condition, fault) in wrong {
        let form = json!({ "name": "Outra", "colour": "pink", "conditions": [condition] });
        assert_eq!(add(form).await, [fault]);
    }
    let condition = json!({ "field": "name", "operator": "is_empty", "value": "whatever" });
    let many = json!({ "name": "Outra", "colour": "pink", "conditions": vec![&condition; 21] });
    assert_eq!(add(many).await, ["conditions:too_many"]);
    let path = format!("/api/labels/{id}");
    let form = json!({ "name": "Reclamação", "colour": "orange", "conditions": [condition] });
    // The defaults of a new company have that name already.
    assert_eq!(owner.patch(&path, form.clone()).await.fields(), ["name:name_in_use"]);
    let form = json!({ "name": "Queixas", "colour": "orange", "conditions": form["conditions"] });
    let changed = owner.patch(&path, form).await.expect(200);
    assert_eq!((&changed["name"], &changed["colour"]), (&json!("Queixas"), &json!("orange")));
    assert_eq!(changed["conditions"], json!([{ "field": "name", "operator": "is_empty", "value": "" }]));
}

/// T-208: what the page said of the visitor is looked at, by its name.
#[tokio::test]
async fn rules_look_at_what_the_page_said() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let condition = json!({ "field": "custom", "name": " Situação ", "operator": "equals", "value": "bloqueado" });
    let blocked = label(&owner, "Bloqueado", json!({ "conditions": [condition] })).await;
    let labels = owner.get("/api/labels").await.expect(200);
    let kept = labels["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(blocked)).unwrap();
    assert_eq!(kept["conditions"][0]["name"], "Situação");
    let mut begun = Vec::new();
    for custom in [json!({ "situacao": "BLOQUEADO" }), json!({ "situacao": "ativo" }), json!({})] {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let said = json!({ "id": client_id(), "text": "Oi", "form": { "custom": custom } });
        let stranger = app.stranger();
        let request = stranger.request(reqwest::Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket);
        stranger.send(request.json(&said)).await.expect(200);
        let told = visitor.socket.find("begun", |frame| frame["conversation"]["id"].is_string()).await;
        let id = told["conversation"]["id"].as_str().unwrap().to_owned();
        let row = owner.conversation(&id).await["conversation"].clone();
        begun.push(ids(&row["labels"]).iter().map(|one| *one == blocked).collect::<Vec<_>>());
    }
    assert_eq!(begun, [vec![true], vec![], vec![]]);
}

/// T-203 to T-207, T-210
#[tokio::test]
async fn rules_put_labels_on_when_a_conversation_begins_and_never_later() {
    let app = App::start().await;
    let owner = app.owner().await;
    let sales = app.department(&owner, "Vendas").await;
    let site = app.webchat(&owner, Some(&sales), json!({})).await;
    let of = |field: &str, operator: &str, value: &str| json!({ "field": field, "operator": operator, "value": value });
    let boleto = json!({ "conditions": [of("message", "contains", "BOLETO"), of("name", "starts_with", "joao")] });
    let boleto = label(&owner, "Boleto", boleto).await;
    let ours = json!({ "conditions": [of("department", "equals", &sales)] });
    let ours = label(&owner, "De vendas", ours).await;
    let resting = json!({ "is_active": false, "conditions": [of("department", "equals", &sales)] });
    label(&owner, "Parada", resting).await;
    label(&owner, "Sem regra", json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Não recebi o Boleto").await;
    let labels = async |id: &str| owner.conversation(id).await["conversation"]["labels"].clone();
    let both = labels(&conversation).await;
    assert_eq!(ids(&both), [boleto.as_str(), ours.as_str()]);
    assert_eq!((&both[0]["source"], &both[0]["by"]), (&json!("rule"), &Value::Null));
    // Taken off by hand stays off, and what comes later in a conversation changes nothing.
    take_off(&owner, &conversation, &boleto).await.expect(200);
    visitor.say("O boleto, por favor").await;
    owner.act(&conversation, "take").await.expect(200);
    assert_eq!(ids(&labels(&conversation).await), [ours.as_str()]);
    let path = format!("/api/labels/{boleto}");
    owner.patch(&path, json!({ "conditions": [of("message", "contains", "favor")] })).await.expect(200);
    assert_eq!(ids(&labels(&conversation).await), [ours.as_str()]);
    let mut other = Visitor::arrive(&app, &site).await;
    assert_eq!(ids(&labels(&other.open("Oi").await).await), [ours.as_str()]);
}

/// T-201: in every list, with the other filters and the search.
#[tokio::test]
async fn lists_show_only_what_has_a_label() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    let vip = label(owner, "VIP", json!({})).await;
    let mut marina = Visitor::arrive(&desk.app, &desk.site).await;
    let frame = json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "name": "Marina Ribeiro" } });
    marina.socket.send(frame).await;
    let one = marina.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    let (two, three) = (desk.ask().await, desk.ask().await);
    for conversation in [&one, &three] {
        put_on(bruno, conversation, &vip).await.expect(200);
    }
    assert_eq!(listed(bruno, &format!("list=queue&label={vip}")).await, [one.clone(), three.clone()]);
    assert_eq!(listed(bruno, &format!("list=queue&label={vip}&search=marina")).await, [one.as_str()]);
    assert_eq!(listed(bruno, "list=queue&search=marina").await, [one.as_str()]);
    for conversation in [&two, &three] {
        bruno.act(conversation, "take").await.expect(200);
    }
    assert_eq!(listed(bruno, &format!("list=open&label={vip}&agent=me&waiting=true")).await, [three.as_str()]);
    bruno.act(&three, "close").await.expect(200);
    assert_eq!(listed(bruno, &format!("list=closed&label={vip}&limit=1")).await, [three.as_str()]);
    take_off(bruno, &three, &vip).await.expect(200);
    assert!(listed(bruno, &format!("list=closed&label={vip}")).await.is_empty());
}

/// T-212
#[tokio::test]
async fn a_removed_label_is_on_no_conversation_any_more_and_an_inactive_one_stays() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    let (old, gone) = (label(owner, "Antiga", json!({})).await, label(owner, "Some", json!({})).await);
    let conversation = desk.ask().await;
    for label in [&old, &gone] {
        put_on(bruno, &conversation, label).await.expect(200);
    }
    let counted = owner.get("/api/labels/uses").await.expect(200);
    let counted = counted["items"].as_array().unwrap().iter().find(|label| label["id"] == json!(gone)).unwrap().clone();
    assert_eq!(counted["conversations"], 1);
    owner.patch(&format!("/api/labels/{old}"), json!({ "is_active": false })).await.expect(200);
    let mut console = bruno.socket().await;
    owner.delete(&format!("/api/labels/{gone}")).await.expect(204);
    let told = console.find("that it is gone", |frame| frame["event"]["kind"] == "label_removed").await;
    assert_eq!(told["event"]["label"], json!(gone));
    let shown = bruno.conversation(&conversation).await;
    assert_eq!(ids(&shown["conversation"]["labels"]), [old.as_str()]);
    assert_eq!(put_on(bruno, &conversation, &gone).await.refused(409), "label_unknown");
    let other = desk.ask().await;
    assert_eq!(put_on(bruno, &other, &old).await.refused(409), "label_unknown", "not active");
    // The name is free again, and the rows are swept.
    label(owner, "Some", json!({})).await;
    let left = || async {
        use sea_orm::{ConnectionTrait, Statement};
        let read = desk.app.desk.store.read();
        let id: balcao_types::LabelId = gone.parse().unwrap();
        let sql = "SELECT COUNT(*) AS count FROM conversation_labels WHERE label_id = $1";
        let row =
            read.query_one_raw(Statement::from_sql_and_values(read.get_database_backend(), sql, [id.into()])).await;
        (row.unwrap().unwrap().try_get::<i64>("", "count").unwrap() == 0).then_some(())
    };
    until("its rows are swept", left).await;
}

/// T-201: where very many have a label, the list is walked, and goes on from where it looked.
#[tokio::test]
async fn a_frequent_label_is_found_by_walking_the_list() {
    use sea_orm::{ConnectionTrait, Statement};
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = &desk.team[0];
    let busy = label(&desk.owner, "Promoção", json!({})).await;
    let mut marina = Visitor::arrive(&desk.app, &desk.site).await;
    let frame = json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "name": "Marina Ribeiro" } });
    marina.socket.send(frame).await;
    let one = marina.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    let (two, _other) = (desk.ask().await, desk.ask().await);
    for conversation in [&one, &two] {
        put_on(bruno, conversation, &busy).await.expect(200);
    }
    // As if a thousand more had it.
    let database = desk.app.config.store().connect().await.unwrap();
    let engine = database.get_database_backend();
    let ids: Vec<balcao_types::ConversationId> =
        (0..1_001).map(|_| balcao_types::ConversationId(uuid::Uuid::new_v4())).collect();
    let sql = "INSERT INTO conversation_labels (workspace_id, conversation_id, label_id, source, applied_at) \
        SELECT workspace_id, $1, label_id, source, applied_at FROM conversation_labels WHERE conversation_id = $2";
    let from: balcao_types::ConversationId = one.parse().unwrap();
    for id in ids {
        database.execute_raw(Statement::from_sql_and_values(engine, sql, [id.into(), from.into()])).await.unwrap();
    }
    let query = format!("list=queue&label={busy}");
    assert_eq!(listed(bruno, &query).await, [one.as_str(), two.as_str()]);
    assert_eq!(listed(bruno, &format!("{query}&search=marina")).await, [one.as_str()]);
    assert_eq!(listed(bruno, &format!("{query}&search=a")).await, [one.as_str()]);
}
