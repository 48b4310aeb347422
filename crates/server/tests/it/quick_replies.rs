//! Quick replies: shortcuts, whom they are for, and what a company begins with.

use serde_json::{Value, json};

use crate::support::{App, Client};

async fn add(owner: &Client, shortcut: &str, more: Value) -> String {
    let mut form = json!({ "shortcut": shortcut, "text": "Segue a segunda via." });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    owner.post("/api/quick-replies", form).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn usable(who: &Client) -> Vec<String> {
    let answer = who.get("/api/quick-replies/usable").await.expect(200);
    answer["items"].as_array().unwrap().iter().map(|reply| reply["shortcut"].as_str().unwrap().to_owned()).collect()
}

/// P-142, P-143
#[tokio::test]
async fn a_shortcut_is_one_word_that_no_other_reply_has() {
    let app = App::start().await;
    let owner = app.owner().await;
    let fields = async |form: Value| owner.post("/api/quick-replies", form).await.fields();
    let added = owner
        .post("/api/quick-replies", json!({ "shortcut": " /Segunda-Via ", "text": " Segue.\n" }))
        .await
        .expect(201);
    assert_eq!((&added["shortcut"], &added["text"]), (&json!("Segunda-Via"), &json!("Segue.")));
    assert_eq!((&added["departments"], &added["is_active"]), (&json!([]), &json!(true)));
    let wrong = [
        (json!({ "shortcut": "segunda-vía", "text": "x" }), "shortcut:shortcut_in_use"),
        (json!({ "shortcut": "segunda via", "text": "x" }), "shortcut:shortcut_with_spaces"),
        (json!({ "shortcut": "segunda/via", "text": "x" }), "shortcut:invalid_character"),
        (json!({ "shortcut": "/", "text": "x" }), "shortcut:required"),
        (json!({ "shortcut": "x".repeat(31), "text": "x" }), "shortcut:too_long"),
        (json!({ "shortcut": "x", "text": "\u{200b} " }), "text:required"),
        (json!({ "shortcut": "x", "text": "x".repeat(5_001) }), "text:too_long"),
        (json!({ "shortcut": "x", "text": "Oi, {nome}" }), "text:placeholder_unknown"),
        (
            json!({ "shortcut": "x", "text": "x", "departments": [uuid::Uuid::new_v4()] }),
            "departments:department_unknown",
        ),
    ];
    for (form, fault) in wrong {
        assert_eq!(fields(form).await, [fault]);
    }
    let other = add(
        &owner,
        "ola2",
        json!({ "text": "{greeting}, {customer_name}! {agent_name}, {department}, {protocol}, {company}" }),
    )
    .await;
    let path = format!("/api/quick-replies/{other}");
    assert_eq!(owner.patch(&path, json!({ "shortcut": "SEGUNDA-VIA" })).await.fields(), ["shortcut:shortcut_in_use"]);
    let changed = owner.patch(&path, json!({ "shortcut": "OLA2" })).await.expect(200);
    assert_eq!(changed["shortcut"], "OLA2");
    owner.delete(&path).await.expect(204);
    owner.patch(&path, json!({ "text": "x" })).await.expect(404);
}

/// P-142: inactive ones are offered to nobody, those of a department to its people; a change is told.
#[tokio::test]
async fn people_are_offered_what_is_for_them() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (sales, billing) = (app.department(&owner, "Vendas").await, app.department(&owner, "Financeiro").await);
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": sales }])).await;
    let mut console = bruno.socket().await;
    for shortcut in ["ola", "momento", "mais"] {
        assert!(usable(&bruno).await.contains(&shortcut.to_owned()), "a company begins with {shortcut} (X-023)");
    }
    add(&owner, "plano", json!({ "departments": [sales] })).await;
    console.event("quick_replies_changed").await;
    add(&owner, "boleto", json!({ "departments": [billing] })).await;
    let resting = add(&owner, "antiga", json!({})).await;
    owner.patch(&format!("/api/quick-replies/{resting}"), json!({ "is_active": false })).await.expect(200);
    assert_eq!(usable(&bruno).await, ["mais", "momento", "ola", "plano"]);
    assert_eq!(usable(&owner).await, ["boleto", "mais", "momento", "ola", "plano"]);
    let greetings = bruno.get("/api/quick-replies/usable").await.expect(200)["greetings"].clone();
    assert_eq!(greetings, json!({ "morning": "Bom dia", "afternoon": "Boa tarde", "evening": "Boa noite" }));
    let all = owner.get("/api/quick-replies").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 6);
    // What was for a department alone that is no more is offered to nobody until somebody says whom it is for.
    owner.delete(&format!("/api/departments/{billing}")).await.expect(204);
    let all = owner.get("/api/quick-replies").await.expect(200);
    let boleto = all["items"].as_array().unwrap().iter().find(|reply| reply["shortcut"] == "boleto").unwrap();
    assert_eq!((&boleto["departments"], &boleto["is_active"]), (&json!([]), &json!(false)));
}

/// A company may have 500; the next one is refused, and none of it is kept.
#[tokio::test]
async fn there_is_an_end_to_them() {
    let app = App::start().await;
    let owner = app.owner().await;
    for number in 0..497 {
        add(&owner, &format!("r{number}"), json!({})).await;
    }
    let refused = owner.post("/api/quick-replies", json!({ "shortcut": "uma-a-mais", "text": "x" })).await;
    assert_eq!(refused.refused(409), "quick_replies_full");
}
