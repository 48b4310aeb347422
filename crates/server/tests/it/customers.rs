//! What a page may say of its visitors: which department they want, who they are, and with whose signature (T-023, T-029, T-030, D-070).

use std::process::Command;

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{App, Client, Socket, client_id};

/// A page of the company's, and the connection that is on it.
struct Shop {
    app: App,
    owner: Client,
    site: Value,
}

/// A visitor by REST.
struct Guest<'a> {
    shop: &'a Shop,
    answer: Value,
}

impl Shop {
    async fn open(settings: Value) -> Self {
        let app = App::start().await;
        let owner = app.owner().await;
        let site = app.webchat(&owner, None, settings).await;
        Self { app, owner, site }
    }

    async fn new_secret(&self) -> String {
        let answer = self.owner.post(&self.path("identity-secret"), json!({})).await.expect(201);
        answer["secret"].as_str().unwrap().to_owned()
    }

    fn path(&self, what: &str) -> String {
        format!("/api/connections/{}/{what}", self.site["id"].as_str().unwrap())
    }

    fn address(&self, what: &str) -> String {
        format!("/widgets/{}{what}", self.site["code"].as_str().unwrap())
    }

    /// A ticket for a page that says `customer` is there.
    async fn ticket(&self, query: &str, form: Value) -> Guest<'_> {
        let stranger = self.app.stranger();
        let request = stranger.request(Method::POST, &self.address(&format!("/ticket{query}")));
        let answer = request.header(header::ORIGIN, self.app.url("")).json(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        Guest { shop: self, answer: answer.json().await.unwrap() }
    }

    async fn conversation(&self, id: &str) -> Value {
        self.owner.conversation(id).await["conversation"].clone()
    }
}

impl Guest<'_> {
    fn ticket(&self) -> &str {
        self.answer["ticket"].as_str().unwrap()
    }

    async fn say(&self, form: Value) -> String {
        let stranger = self.shop.app.stranger();
        let body = json!({ "id": client_id(), "text": "Oi", "form": form });
        let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(self.ticket());
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
        answer.json::<Value>().await.unwrap()["conversation"].as_str().unwrap().to_owned()
    }

    /// What the panel hears first.
    async fn welcome(&self) -> Value {
        let mut socket = Socket::open(&self.shop.app.url(""), "/api/visitor/socket", None).await.unwrap();
        socket.send(json!({ "t": "hello", "ticket": self.ticket(), "conversation": null, "since": 0 })).await;
        socket.next("welcome").await
    }
}

/// As a site signs: with a program that everybody has.
fn signed(secret: &str, id: &str) -> String {
    let script = "printf %s \"$1\" | openssl dgst -sha256 -hmac \"$2\"";
    let output = Command::new("sh").args(["-c", script, "sh", id, secret]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().rsplit(' ').next().unwrap().to_owned()
}

/// T-023, T-030, X-022
#[tokio::test]
async fn the_pages_department_goes_before_the_connections() {
    let shop = Shop::open(json!({})).await;
    let finance = shop.app.department(&shop.owner, "Financeiro").await;
    let support = shop.app.department(&shop.owner, "Suporte").await;
    let fixed = shop.app.webchat(&shop.owner, Some(&support), json!({})).await;
    let shop = Shop { site: fixed, ..shop };
    let wanted = format!("?department={finance}");
    let visitor = shop.ticket(&wanted, json!({})).await;
    let conversation = visitor.say(json!({})).await;
    assert_eq!(shop.conversation(&conversation).await["department_id"], finance);
    // What is none, or somebody else's, is as if it were not there.
    for query in ["?department=", "?department=Financeiro", "?department=0195d2a0-0000-7000-8000-000000000000", ""] {
        let conversation = shop.ticket(query, json!({})).await.say(json!({})).await;
        assert_eq!(shop.conversation(&conversation).await["department_id"], support, "{query}");
    }
    // Or the page leaves it to the visitor, whatever the connection says (T-008).
    let panel = shop.app.stranger().request(Method::GET, &shop.address("?department=choose")).send().await.unwrap();
    assert!(panel.text().await.unwrap().contains("Financeiro"));
    let choosing = shop.ticket("?department=choose", json!({})).await;
    let conversation = choosing.say(json!({ "department": finance })).await;
    assert_eq!(shop.conversation(&conversation).await["department_id"], finance);
    // Who is there is said of that department, before and after the panel is open.
    let carla = shop.app.hire(&shop.owner, "Carla", "agent", json!([{ "id": finance }])).await;
    carla.go("online").await;
    // Who is there is looked at anew after a moment.
    shop.app.clock.advance(5);
    let online = async |query: &str| {
        let status = shop.app.stranger().get(&shop.address(&format!("/status{query}"))).await.expect(200);
        let welcome = shop.ticket(query, json!({})).await.welcome().await;
        assert_eq!(status["online"], welcome["online"], "{query}");
        status["online"].as_bool().unwrap()
    };
    assert_eq!((online(&wanted).await, online("").await), (true, false));
}

/// A page that lets its visitors choose does not where it says the department itself.
#[tokio::test]
async fn a_page_that_says_the_department_has_nothing_to_choose() {
    let shop = Shop::open(json!({})).await;
    let finance = shop.app.department(&shop.owner, "Financeiro").await;
    let panel = async |query: &str| {
        let answer = shop.app.stranger().request(Method::GET, &shop.address(query)).send().await.unwrap();
        answer.text().await.unwrap()
    };
    assert!(panel("").await.contains("Financeiro"));
    assert!(!panel(&format!("?department={finance}")).await.contains("Financeiro"));
}

/// T-029
#[tokio::test]
async fn what_the_page_says_is_shown_to_the_agents_as_the_pages_word() {
    let shop = Shop::open(json!({})).await;
    let custom = json!({ "Plano": "Fibra 600", "Pedidos": 3, "VIP": true, "lixo": { "a": 1 }, "<b>": "<script>" });
    let said = json!({ "name": "Marina", "phone": "(11) 98765-4321", "customer_id": "4711", "custom": custom });
    let conversation = shop.ticket("", json!({})).await.say(said).await;
    let shown = shop.conversation(&conversation).await;
    assert_eq!(shown["contact"]["phone"], "5511987654321");
    assert_eq!(
        shown["given"],
        json!({ "customer_id": "4711", "is_verified": false, "facts": [
            { "name": "<b>", "value": "<script>" }, { "name": "Pedidos", "value": "3" },
            { "name": "Plano", "value": "Fibra 600" }, { "name": "VIP", "value": "true" },
        ] })
    );
    // A page's mistake does not cost the visitor the message.
    let wrong = json!({ "phone": "não tenho", "customer_id": " ", "custom": "Plano" });
    let conversation = shop.ticket("", json!({})).await.say(wrong).await;
    let shown = shop.conversation(&conversation).await;
    assert_eq!((&shown["given"], &shown["contact"]["phone"]), (&Value::Null, &Value::Null));
}

/// D-070
#[tokio::test]
async fn a_signed_customer_is_one_contact_on_every_device_and_nobody_else_is() {
    let shop = Shop::open(json!({})).await;
    assert_eq!(shop.owner.get(&shop.path("identity-secret")).await.expect(200)["secret"], Value::Null);
    let unsigned = shop.ticket("", json!({ "customer": "4711,00" })).await;
    assert_eq!(unsigned.answer["verified"], false, "without a secret nobody is signed");
    let secret = shop.new_secret().await;
    assert_eq!(shop.owner.get(&shop.path("identity-secret")).await.expect(200)["secret"], secret.as_str());

    let customer = format!("4711,{}", signed(&secret, "4711"));
    let phone = shop.ticket("", json!({ "customer": customer })).await;
    assert_eq!((&phone.answer["verified"], &phone.answer["known"]), (&json!(true), &json!(false)));
    let conversation = phone.say(json!({ "name": "Marina", "customer_id": "9999" })).await;
    let shown = shop.conversation(&conversation).await;
    assert_eq!((&shown["given"]["customer_id"], &shown["given"]["is_verified"]), (&json!("4711"), &json!(true)));

    let computer = shop.ticket("", json!({ "customer": customer })).await;
    assert_eq!(computer.answer["known"], true);
    assert_ne!(computer.answer["key"], phone.answer["key"]);
    assert_eq!(computer.welcome().await["conversation"]["id"], conversation.as_str());
    // Whoever cannot sign, signs somebody else, or says nothing is somebody new, and reads nothing.
    let other = format!("4712,{}", signed(&secret, "4712"));
    for customer in [format!("4711,{}", signed("x", "4711")), format!("4711,{}", signed(&secret, "4712")), other] {
        let stranger = shop.ticket("", json!({ "customer": customer })).await;
        assert_eq!(stranger.answer["known"], false, "{customer}");
        assert_eq!(stranger.welcome().await["conversation"], Value::Null, "{customer}");
    }
    let anonymous = shop.ticket("", json!({ "key": phone.answer["key"] })).await;
    assert_eq!(anonymous.answer["verified"], Value::Null);
    assert_eq!(anonymous.welcome().await["conversation"], Value::Null, "the key alone is not the customer");

    shop.new_secret().await;
    let late = shop.ticket("", json!({ "customer": customer })).await;
    assert_eq!((&late.answer["verified"], &late.answer["known"]), (&json!(false), &json!(false)));
}

/// D-026: where nothing outlives the visit, nobody is known again.
#[tokio::test]
async fn without_keeping_visitors_a_signature_knows_nobody_again() {
    let shop = Shop::open(json!({ "capture_visitor_data": false })).await;
    let customer = format!("7,{}", signed(&shop.new_secret().await, "7"));
    let first = shop.ticket("", json!({ "customer": customer })).await;
    let conversation = first.say(json!({ "customer_id": "7" })).await;
    assert_eq!(shop.conversation(&conversation).await["given"]["is_verified"], false);
    let second = shop.ticket("", json!({ "customer": customer })).await;
    assert_eq!((&second.answer["verified"], &second.answer["known"]), (&json!(false), &json!(false)));
}

/// The launcher's place and hiding are the loader's (T-022).
#[tokio::test]
async fn offsets_and_hiding_travel_with_the_loader() {
    let shop = Shop::open(json!({ "offset_bottom": 90, "hide_offline": true })).await;
    let answer = shop.app.stranger().request(Method::GET, &shop.address(".js")).send().await.unwrap();
    let script = answer.text().await.unwrap();
    assert!(
        script.contains("--y:90px") && !script.contains("--x:20px;--c") && script.contains("\"h\":true"),
        "{script}"
    );
    let refused = json!({ "settings": { "offset_side": 301 } });
    let path = format!("/api/connections/{}", shop.site["id"].as_str().unwrap());
    let request = shop.owner.request(Method::PATCH, &path).header(header::IF_MATCH, "\"1\"").json(&refused);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"]["fields"][0]["field"], "settings.offset_side");
}
