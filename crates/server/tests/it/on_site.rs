//! In front of the agent: what a visitor types, where they have been, and who is on the site now.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, Visitor, client_id, until};

async fn visitors(client: &Client, query: &str) -> Value {
    client.get(&format!("/api/visitors{query}")).await.expect(200)
}

async fn first(client: &Client) -> Value {
    visitors(client, "").await["items"][0].clone()
}

async fn watch(console: &mut crate::support::Socket, conversation: &str) {
    console.send(json!({ "t": "watch", "conversations": [conversation] })).await;
    console.drain().await;
}

/// A page with a closed chat says where it is.
async fn here(app: &App, site: &Value, origin: &str, body: &str) -> Answer {
    let code = site["code"].as_str().unwrap();
    let request = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(app.url(&format!("/widgets/{code}/here")))
        .header(header::CONTENT_TYPE, "text/plain")
        .header(header::ORIGIN, origin)
        .body(body.to_owned());
    app.stranger().send(request).await
}

fn word(visit: &str, path: &str) -> Value {
    json!({ "visit": visit, "url": format!("https://loja.test{path}"), "title": "Loja" })
}

/// X-019, T-004: what is typed is shown where the company has that, ends with its message, and is kept nowhere.
#[tokio::test]
async fn what_a_visitor_types_is_whispered_where_that_is_on() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "typing_preview": true })).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let mut console = owner.socket().await;
    watch(&mut console, &conversation).await;
    let hostile = "<img src=x onerror=alert(1)>\u{0}\u{7} \u{202e}olá";
    visitor.socket.send(json!({ "t": "typing", "on": true, "text": hostile })).await;
    assert_eq!(console.next("typing").await["text"], "<img src=x onerror=alert(1)> \u{202e}olá");
    visitor.socket.send(json!({ "t": "typing", "on": true, "text": "x".repeat(5_000) })).await;
    assert_eq!(console.next("typing").await["text"].as_str().unwrap().len(), 1_000);
    visitor.socket.send(json!({ "t": "typing", "on": true, "text": " \n" })).await;
    assert_eq!(console.next("typing").await.get("text"), None);
    visitor.socket.send(json!({ "t": "typing", "on": false, "text": "still" })).await;
    let ended = console.next("typing").await;
    assert_eq!((&ended["on"], ended.get("text")), (&json!(false), None));
    let shown = owner.conversation(&conversation).await.to_string();
    assert!(!shown.contains("onerror") && !shown.contains("xxxx"));
    // Whoever goes away types no more.
    visitor.socket.send(json!({ "t": "typing", "on": true, "text": "quase" })).await;
    assert_eq!(console.next("typing").await["text"], "quase");
    drop(visitor);
    assert_eq!(console.next("typing").await["on"], false);
}

/// X-019: off it is off, whatever a panel sends; so it is from the moment it is switched off; and a flood is not passed on.
#[tokio::test]
async fn nothing_typed_is_shown_where_nobody_was_told_so() {
    let app = App::start().await;
    let owner = app.owner().await;
    let silent = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &silent).await;
    let conversation = visitor.open("Oi").await;
    let mut console = owner.socket().await;
    watch(&mut console, &conversation).await;
    visitor.socket.send(json!({ "t": "typing", "on": true, "text": "segredo" })).await;
    assert_eq!(console.next("typing").await.get("text"), None);

    let site = app.webchat(&owner, None, json!({ "typing_preview": true })).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    watch(&mut console, &conversation).await;
    for _ in 0..60 {
        visitor.socket.send(json!({ "t": "typing", "on": true, "text": "muito" })).await;
    }
    let mut shown = 0;
    for _ in 0..60 {
        shown += usize::from(console.next("typing").await.get("text").is_some());
    }
    assert!((1..=30).contains(&shown), "{shown}");
    let id = site["id"].as_str().unwrap();
    let change = json!({ "settings": { "typing_preview": false } });
    let request = owner.request(Method::PATCH, &format!("/api/connections/{id}")).header(header::IF_MATCH, "\"1\"");
    owner.send(request.json(&change)).await.expect(200);
    let mut other = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    other.socket.send(json!({ "t": "typing", "on": true, "text": "segredo" })).await;
    assert_eq!(console.next("typing").await.get("text"), None);
}

/// X-019: only who may see the conversation.
#[tokio::test]
async fn who_may_not_see_a_conversation_reads_nothing_that_is_typed_in_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (sales, support) = (app.department(&owner, "Vendas").await, app.department(&owner, "Suporte").await);
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": support }])).await;
    let site = app.webchat(&owner, Some(&sales), json!({ "typing_preview": true })).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let (mut insider, mut outsider) = (owner.socket().await, bruno.socket().await);
    watch(&mut insider, &conversation).await;
    watch(&mut outsider, &conversation).await;
    visitor.socket.send(json!({ "t": "typing", "on": true, "text": "segredo" })).await;
    insider.next("typing").await;
    assert!(!outsider.drain().await.iter().any(|frame| frame.to_string().contains("segredo")));
    assert_eq!(visitors(&bruno, "").await["items"], json!([]));
    assert_eq!(visitors(&bruno, "").await["count"], 0);
}

/// D-025, X-019: the pages of a visit stand beside the conversation in their order, few, also those before it began and those loaded anew.
#[tokio::test]
async fn the_pages_of_a_visit_stand_beside_the_conversation() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let page = |path: &str| json!({ "t": "page", "url": format!("https://loja.test{path}"), "title": path });
    visitor.socket.send(page("/planos")).await;
    app.clock.advance(30);
    visitor.socket.send(page("/cobertura")).await;
    visitor.socket.drain().await;
    let conversation = visitor.open("Oi").await;
    let paths = async || {
        let shown = owner.conversation(&conversation).await;
        let pages = shown["conversation"]["pages"].as_array().unwrap().clone();
        assert_eq!(pages.last().unwrap()["url"], shown["conversation"]["page"]["url"]);
        pages.iter().map(|page| page["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths().await, ["/planos", "/cobertura"]);
    let mut console = owner.socket().await;
    watch(&mut console, &conversation).await;
    // The site's next page brings another panel.
    drop(visitor.socket);
    let mut next = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    next.socket.send(page("/contrato")).await;
    let told = console.next("page").await;
    assert_eq!(told["page"]["title"], "/contrato");
    assert_eq!(told["pages"].as_array().unwrap().len(), 3);
    assert_eq!(paths().await, ["/planos", "/cobertura", "/contrato"]);
    // The same page again, as after a lost connection, is no news; no address, no page.
    next.socket.send(page("/contrato")).await;
    next.socket.send(json!({ "t": "page", "url": "javascript:alert(1)", "title": "x" })).await;
    next.socket.drain().await;
    assert_eq!(paths().await.len(), 3);
    for number in 0..15 {
        next.socket.send(page(&format!("/{number}"))).await;
    }
    next.socket.drain().await;
    let kept = paths().await;
    assert_eq!((kept.len(), kept[9].as_str()), (10, "/14"));
}

/// T-004: who opened the chat is listed with page and conversation, live, and nobody may be written to.
#[tokio::test]
async fn visitors_with_an_open_chat_are_listed_while_they_are_there() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (site, other) = (app.webchat(&owner, None, json!({})).await, app.webchat(&owner, None, json!({})).await);
    let mut console = owner.socket().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    console.next("visitors").await;
    let row = first(&owner).await;
    assert_eq!(
        (&row["connection_id"], &row["has_opened"], &row["is_returning"], &row["contact"], &row["conversation"]),
        (&site["id"], &json!(true), &json!(false), &Value::Null, &Value::Null)
    );
    visitor.socket.send(json!({ "t": "page", "url": "https://loja.test/", "title": "Loja" })).await;
    let conversation = visitor.open("Oi").await;
    let row = first(&owner).await;
    assert_eq!((&row["page"]["title"], &row["conversation"]["id"]), (&json!("Loja"), &json!(conversation)));
    assert_eq!(row["conversation"]["state"], "queue");
    assert!(row["contact"]["number"].is_number());
    let here = format!("?connection={}", site["id"].as_str().unwrap());
    assert_eq!(visitors(&owner, &here).await["count"], 1);
    let there = format!("?connection={}", other["id"].as_str().unwrap());
    assert_eq!(visitors(&owner, &there).await["items"], json!([]));
    assert_eq!(owner.get("/api/visitors?connection=x").await.fields(), ["connection:invalid_value"]);
    // A second tab is the same visitor, and stays when the first goes.
    let second = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    assert_eq!(visitors(&owner, "").await["count"], 1);
    let key = visitor.key.clone();
    drop(visitor);
    drop(second);
    until("nobody is there", || async { (visitors(&owner, "").await["count"] == 0).then_some(()) }).await;
    owner.act(&conversation, "close").await.expect(200);
    app.clock.advance(7_200);
    let back = Visitor::return_with(&app, &site, Some(&key)).await;
    let row = first(&owner).await;
    assert_eq!((&row["is_returning"], &row["conversation"]), (&json!(true), &Value::Null));
    drop(back);
}

/// T-004: a page with a closed chat is listed only where the connection wants that, by lease, and by its own site's word.
#[tokio::test]
async fn pages_with_a_closed_chat_are_listed_where_that_is_on() {
    let app = App::start().await;
    let owner = app.owner().await;
    let off = app.webchat(&owner, None, json!({})).await;
    let visit = client_id();
    let said = word(&visit, "/planos").to_string();
    assert_eq!(here(&app, &off, "https://loja.test", &said).await.refused(404), "connection_unavailable");
    let settings = json!({ "watch_visitors": true, "allowed_domains": ["loja.test"] });
    let site = app.webchat(&owner, None, settings).await;
    assert_eq!(here(&app, &site, "https://mau.test", &said).await.refused(403), "origin_not_allowed");
    for wrong in ["", "{}", "[]", "x", r#"{"visit":"x","url":"https://a.b"}"#, &said.replace("https", "javascript")] {
        assert_eq!(here(&app, &site, "https://loja.test", wrong).await.refused(400), "malformed", "{wrong}");
    }
    let long = format!("{}{said}", " ".repeat(9_000));
    assert_eq!(here(&app, &site, "https://loja.test", &long).await.refused(413), "too_large");
    here(&app, &site, "https://loja.test", &said).await.expect(204);
    let row = first(&owner).await;
    assert_eq!((&row["has_opened"], &row["page"]["url"]), (&json!(false), &json!("https://loja.test/planos")));
    // Said again, it stays; left or silent, it goes.
    app.clock.advance(60);
    here(&app, &site, "https://loja.test", &said).await.expect(204);
    app.clock.advance(60);
    assert_eq!(visitors(&owner, "").await["count"], 1);
    let mut left = word(&visit, "/planos");
    left["left"] = json!(true);
    here(&app, &site, "https://loja.test", &left.to_string()).await.expect(204);
    assert_eq!(visitors(&owner, "").await["count"], 0);
    here(&app, &site, "https://loja.test", &word(&client_id(), "/").to_string()).await.expect(204);
    app.clock.advance(76);
    assert_eq!(visitors(&owner, "").await["count"], 0);
}

/// X-019: who has written to another department only is a visitor like any other, without name and address.
#[tokio::test]
async fn whom_only_others_have_served_is_not_named() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (legal, sales) = (app.department(&owner, "Jurídico").await, app.department(&owner, "Vendas").await);
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": sales }])).await;
    let open = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &open).await;
    let form = json!({ "name": "Marina Segredo", "email": "marina@exemplo.com.br", "department": legal });
    let said = json!({ "id": client_id(), "text": "Oi", "form": form });
    let stranger = app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket).json(&said);
    stranger.send(request).await.expect(200);
    let told = visitor.socket.find("begun", |frame| frame["conversation"]["id"].is_string()).await;
    let conversation = told["conversation"]["id"].as_str().unwrap().to_owned();
    // While it is under way, it is the other department's.
    until("that it is", || async { (first(&owner).await["contact"]["name"] == "Marina Segredo").then_some(()) }).await;
    assert_eq!(visitors(&bruno, "").await["items"], json!([]));
    assert_eq!(visitors(&bruno, "").await["count"], 0);
    owner.act(&conversation, "take").await.expect(200);
    owner.act(&conversation, "close").await.expect(200);
    let seen = visitors(&bruno, "").await;
    assert_eq!((&seen["count"], &seen["items"][0]["contact"]), (&json!(1), &Value::Null));
    assert!(!seen.to_string().contains("Segredo") && !seen.to_string().contains("marina@"));
    assert_eq!(first(&owner).await["contact"]["name"], "Marina Segredo");
}

/// T-004: a hundred are shown, and what is over is counted.
#[tokio::test]
async fn very_many_visitors_are_counted_and_a_hundred_shown() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "watch_visitors": true })).await;
    for number in 0..150 {
        let said = word(&client_id(), &format!("/{number}")).to_string();
        here(&app, &site, "https://loja.test", &said).await.expect(204);
    }
    let answer = visitors(&owner, "").await;
    assert_eq!((answer["items"].as_array().unwrap().len(), &answer["count"]), (100, &json!(150)));
}
