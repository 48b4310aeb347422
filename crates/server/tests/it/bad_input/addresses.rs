//! Addresses: query strings, ids in paths, methods and paths that do not exist.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{fields, raw, shape};
use crate::support::{App, Client, Visitor};

/// Of when, where and whose ratings are asked for.
const RATINGS: [(&str, &str, &str); 14] = [
    ("/api/ratings", "from=x", "from:invalid_value"),
    ("/api/ratings", "to=2026-02-29", "to:invalid_value"),
    ("/api/ratings", "to=9999-12-31", "to:invalid_value"),
    ("/api/ratings", "grade=6", "grade:invalid_value"),
    ("/api/ratings", "grade=4.5", "grade:invalid_value"),
    ("/api/ratings", "agent=somebody", "agent:invalid_value"),
    ("/api/ratings", "before=1", "before:invalid_value"),
    ("/api/ratings", "commented=si", "commented:invalid_value"),
    ("/api/ratings/figures", "from=2026-11-20T10:00", "from:invalid_value"),
    ("/api/ratings/figures", "from=2026-11-21", "from:period_invalid"),
    ("/api/ratings/figures", "from=2025-11-01&to=2026-11-02", "from:period_invalid"),
    ("/api/ratings/figures", "from=-009999-01-01", "from:invalid_value"),
    ("/api/ratings/figures", "from=9999-12-31&to=9999-12-31", "to:invalid_value"),
    ("/api/ratings/figures", "department=%00", "department:invalid_character"),
];

#[tokio::test]
async fn wrong_query_parameters_are_named() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let lines = format!("/api/conversations/{}/messages", visitor.open("Oi").await);
    let long = "x".repeat(5_000);
    for (path, query, fault) in [
        ("/api/conversations", "", "list:required"),
        ("/api/conversations", "list", "list:invalid_value"),
        ("/api/conversations", "list=", "list:invalid_value"),
        ("/api/conversations", "list=QUEUE", "list:invalid_value"),
        ("/api/conversations", "list=queue%00", "list:invalid_character"),
        ("/api/conversations", "list=queue&list=open", "list:invalid_value"),
        ("/api/conversations", "list=queue&limit=x", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=1.5", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=99999999999999999999", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=1&limit=2", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=-5", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=0", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=101", "limit:invalid_value"),
        ("/api/conversations", "list=queue&limit=-9223372036854775808", "limit:invalid_value"),
        (&lines, "limit=0", "limit:invalid_value"),
        (&lines, "limit=201", "limit:invalid_value"),
        ("/api/conversations", "list=queue&agent=somebody", "agent:invalid_value"),
        ("/api/conversations", "list=queue&agent=%00", "agent:invalid_character"),
        ("/api/conversations", "list=queue&after=x", "after:invalid_value"),
        ("/api/conversations", "list=queue&after=1_x", "after:invalid_value"),
        (
            "/api/conversations",
            "list=queue&after=9223372036854775808_00000000-0000-0000-0000-000000000000",
            "after:invalid_value",
        ),
        ("/api/conversations", "list=queue&search=a%00b", "search:invalid_character"),
        ("/api/conversations", "list=queue&search=%1b", "search:invalid_character"),
        ("/api/conversations", &format!("list=queue&search={long}"), "search:too_long"),
        ("/api/conversations", "list=queue&x%00y=1", "xy:invalid_character"),
        ("/api/messages/search", "", "q:required"),
        ("/api/messages/search", "q=%00", "q:invalid_character"),
        ("/api/messages/search", &format!("q={long}"), "q:too_long"),
        ("/api/messages/search", "q=a&q=b", "q:invalid_value"),
        (&lines, "before=x", "before:invalid_value"),
        (&lines, "before=9223372036854775808", "before:invalid_value"),
        (&lines, "limit=%00", "limit:invalid_character"),
    ]
    .into_iter()
    .chain(RATINGS)
    {
        let answer = owner.get(&format!("{path}?{query}")).await;
        assert_eq!(shape(&answer), None, "{query}");
        assert_eq!((answer.status.as_u16(), fields(&answer)), (422, vec![fault.to_owned()]), "{path}?{query}");
    }
}

#[tokio::test]
async fn unusual_query_parameters_are_taken_for_what_they_are() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("100% de \"desconto\"").await;
    let lines = format!("/api/conversations/{conversation}/messages");
    for query in [
        "limit=1",
        "limit=100",
        "after=",
        "agent=",
        "search=",
        "search=%25",
        "search=_%5C!%27%22",
        "search=%ff%fe",
        "search=%F0%9F%98%80",
        "after=-9223372036854775808_00000000-0000-0000-0000-000000000000",
        "unknown=1&unknown=2",
        "&&&==&",
    ] {
        owner.get(&format!("/api/conversations?list=queue&{query}")).await.expect(200);
    }
    for query in ["before=-9223372036854775808", "before=9223372036854775807", "before=0", "limit=1", "limit=200"] {
        owner.get(&format!("{lines}?{query}")).await.expect(200);
    }
    let ticket = &visitor.ticket;
    for (query, status) in [
        ("before=x", 422),
        ("after=x", 422),
        ("before=%00", 422),
        ("before=-1", 200),
        ("after=9223372036854775807", 200),
    ] {
        let path = format!("/api/visitor/entries?conversation={conversation}&{query}");
        let answer = owner.send(owner.request(Method::GET, &path).bearer_auth(ticket)).await;
        assert_eq!((answer.status.as_u16(), shape(&answer)), (status, None), "{query}");
    }
}

#[tokio::test]
async fn search_syntax_is_no_syntax() {
    let app = App::start().await;
    let owner = app.owner().await;
    let words = "%22 %22%22* a* a+OR+b NEAR(a,b) text:a a+AND NOT -a ^a a%27b %27%27 a:* a%26b a|!b ((( %5C \
        %C4%B0stanbul %C3%9F %F0%9F%98%80 %E4%BD%A0 %CC%81 %E0%B8%B3 %ff";
    for word in words.split_whitespace().chain([""]) {
        let answer = owner.get(&format!("/api/messages/search?q={word}")).await;
        assert_eq!((answer.status.as_u16(), shape(&answer)), (200, None), "{word}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_not_found() {
    let app = App::start().await;
    let owner = app.owner().await;
    let cookie = owner.cookie();
    let long = "a".repeat(8_000);
    let nil = Uuid::nil().to_string();
    let unknown = Uuid::new_v4().to_string();
    for start in [
        "GET /api/conversations/{}",
        "GET /api/conversations/{}/messages",
        "POST /api/conversations/{}/take",
        "GET /api/connections/{}",
        "DELETE /api/connections/{}",
        "POST /api/agents/{}/invitation",
        "GET /api/visitor/entries?conversation={}",
    ] {
        let mut ids = vec![
            "x",
            "0",
            "-1",
            "null",
            "undefined",
            &nil,
            &unknown,
            &long,
            "%00",
            "%0d%0aX:1",
            "%2e%2e",
            "%2e%2e%2f%2e%2e",
            "..%2f..%2fetc%2fpasswd",
            "a%2Fb",
            "%ff",
            "%",
            "%zz",
            "%C3%A7",
            "'%20OR%201=1--",
            "%7B%7D",
            "*",
            "~",
            "@",
            "00000000-0000-0000-0000-00000000000g",
        ];
        if start.contains('?') {
            // Elsewhere it is part of the address.
            ids.retain(|id| !id.contains('%') || id.len() > 3);
        }
        for id in ids {
            let headers: [(&str, &[u8]); 3] =
                [("Cookie", cookie.as_bytes()), ("Content-Length", b"0"), ("Origin", app.config.public_url.as_bytes())];
            let answer = raw(&app, &start.replace("{}", id), &headers).await;
            assert_eq!(shape(&answer), None, "{start} {id}");
            let status = answer.status.as_u16();
            let is_expected = match start {
                _ if start.contains("visitor") => status == 401,
                _ => status == 404 || (status == 400 && id == "%ff"),
            };
            assert!(is_expected, "{start} with {id}: {status} {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_known_id_is_known_in_capitals_too() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let id = site["id"].as_str().unwrap();
    for written in [id.to_uppercase(), id.replace('-', "")] {
        let shown = owner.get(&format!("/api/connections/{written}")).await.expect(200);
        assert_eq!(shown["id"], site["id"]);
    }
    let code = site["code"].as_str().unwrap();
    assert!(owner.get(&format!("/widgets/{}", code.to_uppercase())).await.text.contains(code));
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_refused_with_those_it_has() {
    let app = App::start().await;
    let owner = app.owner().await;
    let description: Value = serde_json::from_str(&balcao_server::docs::openapi_text()).unwrap();
    let mut addresses: Vec<(String, Vec<String>)> =
        vec![("/widgets/x/ticket".to_owned(), vec!["POST".to_owned(), "OPTIONS".to_owned()])];
    for (path, operations) in description["paths"].as_object().unwrap() {
        let methods = operations.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        addresses.push((path.replace("{id}", &Uuid::nil().to_string()), methods));
    }
    for (path, methods) in addresses {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let has_it = methods.iter().any(|known| known == method || (known == "GET" && method == "HEAD"));
            if !has_it {
                refuse_method(&owner, method, &path, &methods).await;
            }
        }
    }
}

async fn refuse_method(client: &Client, method: &str, path: &str, methods: &[String]) {
    let answer = client.send(client.request(method.parse().unwrap(), path)).await;
    assert_eq!(answer.status.as_u16(), 405, "{method} {path}");
    let allowed = answer.headers.get("allow").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    for known in methods {
        assert!(allowed.split(',').any(|word| word.trim() == known), "{method} {path} allows {allowed:?}, not {known}");
    }
    if method != "HEAD" {
        assert_eq!(shape(&answer), None, "{method} {path}");
        assert_eq!(answer.body["error"]["code"], "method_not_allowed", "{method} {path}");
    }
}

#[tokio::test]
async fn a_path_below_api_that_does_not_exist_is_not_found() {
    let app = App::start().await;
    let owner = app.owner().await;
    let origin = app.config.public_url.clone();
    for path in [
        "/api",
        "/api/",
        "/api/x",
        "/api//agents",
        "/api/agents/",
        "/api/agents/x/y/z",
        "/api/v1/agents",
        "/api/%2e%2e/etc/passwd",
        "/api/../api/x",
        "/api/x?list=queue",
        "/api/agents%2Fx",
        "/api/%00",
        "/api/%ff",
        "/api/openapi.json/x",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let headers: [(&str, &[u8]); 2] = [("Origin", origin.as_bytes()), ("Content-Length", b"0")];
            let answer = raw(&app, &format!("{method} {path}"), &headers).await;
            assert_eq!((answer.status.as_u16(), shape(&answer)), (404, None), "{method} {path}: {}", answer.text);
        }
    }
    assert_eq!(owner.get("/api/docs/x.js").await.refused(404), "not_found");
}

#[tokio::test]
async fn a_sockets_address_without_an_upgrade_answers_an_error_of_ours() {
    let app = App::start().await;
    let owner = app.owner().await;
    for path in ["/api/socket", "/api/visitor/socket"] {
        let answer = owner.get(path).await;
        assert_eq!((answer.status.as_u16(), shape(&answer)), (400, None), "{path}: {}", answer.text);
    }
}

/// Who writes a client from the description must not put a filter into the path.
#[test]
fn the_description_says_where_each_parameter_stands() {
    let description: Value = serde_json::from_str(&balcao_server::docs::openapi_text()).unwrap();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let (name, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
                let is_in_path = path.contains(&format!("{{{name}}}"));
                assert_eq!(is_in_path, place == "path", "{method} {path}: {name} is said to be in the {place}");
            }
        }
    }
}
