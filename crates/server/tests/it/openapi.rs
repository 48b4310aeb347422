//! The description of the HTTP interface is fresh, and what it says holds.

use serde_json::Value;

use crate::support::App;

#[test]
fn the_committed_description_is_fresh() {
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/packages/api/openapi.json"))
        .unwrap_or_default();
    assert!(kept == balcao_server::docs::openapi_text(), "run `make gen`");
}

#[tokio::test]
async fn the_description_and_its_page_are_served() {
    let app = App::start().await;
    let stranger = app.stranger();
    let description = stranger.get("/api/openapi.json").await.expect(200);
    assert_eq!(description["openapi"], "3.1.0");
    let page = stranger.get("/api/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("swagger-ui") && !page.text.contains("//cdn"));
}

#[test]
fn every_operation_says_what_it_needs_and_every_refusal_has_its_shape() {
    let description: Value = serde_json::from_str(&balcao_server::docs::openapi_text()).unwrap();
    let mut ids = std::collections::HashSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["x-permission"].is_string(), "{method} {path} has no x-permission");
            assert!(ids.insert(operation["operationId"].clone()), "{} is not unique", operation["operationId"]);
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["description"] != "", "{method} {path} does not describe {status}");
            }
            assert!(
                operation["description"].is_string() || operation["summary"].is_string(),
                "{method} {path} is not described"
            );
        }
    }
}
