//! Logging in and out, sessions and their end.

use balcao_desk::access::LogIn;
use balcao_types::{AgentId, ErrorCode};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use crate::support::{Answer, App, PASSWORD, Socket};

fn login(email: &str, password: &str) -> serde_json::Value {
    json!({ "email": email, "password": password })
}

/// A password takes its time to be checked. If it is changed meanwhile, what was checked opens nothing.
#[tokio::test]
async fn a_login_that_was_checked_against_the_password_of_before_opens_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let me = owner.get("/api/session").await.expect(200);
    let agent: AgentId = me["id"].as_str().unwrap().parse().unwrap();
    let stored = async || {
        let sql = "SELECT password_hash FROM agents WHERE email = 'ana@vilaclara.com.br'".to_owned();
        let read = app.desk.store.read();
        let row = read.query_one_raw(Statement::from_string(app.desk.store.engine(), sql)).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0).unwrap()
    };
    let log_in = |checked: String| LogIn {
        workspace: me["workspace"]["id"].as_str().unwrap().parse().unwrap(),
        agent,
        checked,
        user_agent: String::new(),
        previous: None,
    };
    let before = stored().await;
    app.desk.write(log_in(before.clone())).await.unwrap();
    let change = json!({ "current_password": PASSWORD, "new_password": "outra senha boa" });
    owner.put("/api/me/password", change).await.expect(204);
    let refused = app.desk.write(log_in(before)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::WrongLogin);
    app.desk.write(log_in(stored().await)).await.unwrap();
}

#[tokio::test]
async fn logging_in_opens_a_new_session_each_time_and_logging_out_ends_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let first = owner.cookie();
    let answer = owner.post("/api/session", login("ANA@vilaclara.com.br ", PASSWORD)).await;
    let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    answer.expect(200);
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_ne!(first, owner.cookie());
    owner.delete("/api/session").await.expect(204);
    owner.get("/api/session").await.expect(204);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_answer_alike() {
    let app = App::start().await;
    app.owner().await;
    let stranger = app.stranger();
    for form in [login("ana@vilaclara.com.br", "wrong password"), login("nobody@vilaclara.com.br", PASSWORD)] {
        assert_eq!(stranger.post("/api/session", form).await.refused(401), "wrong_login");
    }
}

#[tokio::test]
async fn logins_are_limited_for_each_address() {
    let app = App::start_with(&[("BALCAO_LIMITS_LOGINS_PER_MINUTE", "3")]).await;
    app.owner().await;
    let stranger = app.stranger();
    for _ in 0..2 {
        stranger.post("/api/session", login("ana@vilaclara.com.br", "wrong password")).await.refused(401);
    }
    let answer = stranger.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await;
    assert!(answer.headers.get("retry-after").is_some());
    assert_eq!(answer.refused(429), "too_many_requests");
}

#[tokio::test]
async fn logins_are_limited_for_each_account_however_it_is_written() {
    let limits = [("BALCAO_LIMITS_LOGINS_PER_ACCOUNT", "3"), ("BALCAO_LIMITS_LOGINS_PER_MINUTE", "100")];
    let app = App::start_with(&limits).await;
    app.owner().await;
    let stranger = app.stranger();
    for email in ["ana@vilaclara.com.br", " ANA@vilaclara.com.br", "Ana@VilaClara.com.br"] {
        stranger.post("/api/session", login(email, "wrong password")).await.refused(401);
    }
    assert_eq!(
        stranger.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await.refused(429),
        "too_many_requests"
    );
    stranger.post("/api/session", login("rui@vilaclara.com.br", PASSWORD)).await.refused(401);
}

/// A stranger who knows the address may use the account's attempts up, but not those of a browser that the owner has logged in with.
#[tokio::test]
async fn a_known_browser_is_not_locked_out_with_its_account() {
    let limits = [("BALCAO_LIMITS_LOGINS_PER_ACCOUNT", "5"), ("BALCAO_LIMITS_LOGINS_PER_MINUTE", "1000")];
    let app = App::start_with(&limits).await;
    let owner = app.owner().await;
    let hired = app.hire(&owner, "Rui", "agent", json!([])).await;
    let ana = |password: &str| login("ana@vilaclara.com.br", password);
    let answer = owner.post("/api/session", ana(PASSWORD)).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    let device = cookies.iter().find(|cookie| cookie.starts_with("balcao_device=")).unwrap();
    assert!(device.contains("HttpOnly") && device.contains("SameSite=Lax") && device.contains("Path=/"), "{device}");
    hired.post("/api/session", login("rui@vilaclara.com.br", PASSWORD)).await.expect(200);
    // Logging out keeps the browser known.
    owner.delete("/api/session").await.expect(204);
    assert!(owner.cookie().contains("balcao_device=") && !owner.cookie().contains("balcao_session="));

    let stranger = app.stranger();
    for _ in 0..5 {
        stranger.post("/api/session", ana("wrong password")).await.refused(401);
    }
    let refused = |answer: Answer| assert_eq!(answer.refused(429), "too_many_requests");
    refused(stranger.post("/api/session", ana(PASSWORD)).await);
    // Another agent's browser is a stranger's, and so is one with a made-up cookie.
    refused(hired.post("/api/session", ana(PASSWORD)).await);
    let id = owner_device(&owner.cookie());
    for forged in
        [String::new(), "x".to_owned(), id.split_once('.').unwrap().0.to_owned(), format!("x{id}"), format!("{id}x")]
    {
        let request =
            stranger.request(Method::POST, "/api/session").header("cookie", format!("balcao_device={forged}"));
        refused(stranger.send(request.json(&ana(PASSWORD))).await);
    }
    owner.post("/api/session", ana(PASSWORD)).await.expect(200);
    // The device has its own count, which a login renews the cookie of but does not forget.
    assert_eq!(owner_device(&owner.cookie()), id);
    for _ in 0..3 {
        owner.post("/api/session", ana("wrong password")).await.refused(401);
    }
    refused(owner.post("/api/session", ana(PASSWORD)).await);
}

/// Whoever has set up or accepted an invitation has logged in with that browser.
#[tokio::test]
async fn setting_up_and_accepting_an_invitation_make_the_browser_known() {
    let limits = [("BALCAO_LIMITS_LOGINS_PER_ACCOUNT", "3"), ("BALCAO_LIMITS_LOGINS_PER_MINUTE", "1000")];
    let app = App::start_with(&limits).await;
    let owner = app.owner().await;
    let hired = app.hire(&owner, "Rui", "agent", json!([])).await;
    let stranger = app.stranger();
    for (client, email) in [(owner, "ana@vilaclara.com.br"), (hired, "rui@vilaclara.com.br")] {
        client.delete("/api/session").await.expect(204);
        for _ in 0..3 {
            stranger.post("/api/session", login(email, "wrong password")).await.refused(401);
        }
        assert_eq!(stranger.post("/api/session", login(email, PASSWORD)).await.refused(429), "too_many_requests");
        client.post("/api/session", login(email, PASSWORD)).await.expect(200);
    }
}

fn owner_device(cookies: &str) -> String {
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("balcao_device=")).unwrap().to_owned()
}

#[tokio::test]
async fn logging_in_again_ends_the_session_before_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let before = owner.cookie();
    let mut socket = owner.socket().await;
    // A login that fails ends nothing.
    owner.post("/api/session", login("ana@vilaclara.com.br", "wrong password")).await.refused(401);
    owner.get("/api/session").await.expect(200);
    owner.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await.expect(200);
    assert_eq!(socket.close_code().await, 4401);
    let stranger = app.stranger();
    let old = stranger.request(Method::GET, "/api/session").header("cookie", before);
    assert_eq!(stranger.send(old).await.refused(401), "unauthenticated");
    owner.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn logging_out_everywhere_ends_other_sessions_and_open_sockets() {
    let app = App::start().await;
    let owner = app.owner().await;
    let elsewhere = app.stranger();
    elsewhere.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await.expect(200);
    let mut socket = elsewhere.socket().await;
    owner.delete("/api/sessions").await.expect(204);
    assert_eq!(socket.close_code().await, 4401);
    assert_eq!(elsewhere.get("/api/session").await.refused(401), "unauthenticated");
}

#[tokio::test]
async fn changing_the_password_keeps_this_session_and_ends_the_others() {
    let app = App::start().await;
    let owner = app.owner().await;
    let elsewhere = app.stranger();
    elsewhere.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await.expect(200);
    let wrong = json!({ "current_password": "no", "new_password": "curta" });
    assert_eq!(
        owner.put("/api/me/password", wrong).await.fields(),
        ["new_password:password_too_short", "current_password:password_wrong"]
    );
    let right = json!({ "current_password": PASSWORD, "new_password": "outra senha boa" });
    owner.put("/api/me/password", right).await.expect(204);
    owner.get("/api/session").await.expect(200);
    elsewhere.get("/api/session").await.refused(401);
    elsewhere.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await.refused(401);
    elsewhere.post("/api/session", login("ana@vilaclara.com.br", "outra senha boa")).await.expect(200);
}

/// A login that was checked against the old password opens nothing once there is a new one.
#[tokio::test]
async fn of_a_login_and_a_new_password_at_once_no_old_session_is_left() {
    let app = App::start().await;
    let owner = app.owner().await;
    let mut current = PASSWORD.to_owned();
    for round in 0..6 {
        let elsewhere = app.stranger();
        let next = format!("uma senha nova {round}");
        let change = json!({ "current_password": current, "new_password": next });
        tokio::join!(
            elsewhere.post("/api/session", login("ana@vilaclara.com.br", &current)),
            owner.put("/api/me/password", change)
        )
        .1
        .expect(204);
        // Refused, or ended again.
        assert!([204, 401].contains(&elsewhere.get("/api/session").await.status.as_u16()));
        current = next;
    }
}

/// Of two changes at once one is made; the other finds its current password out of date, or its session ended.
#[tokio::test]
async fn of_two_new_passwords_at_once_one_holds() {
    let app = App::start().await;
    let owner = app.owner().await;
    let elsewhere = app.stranger();
    elsewhere.post("/api/session", login("ana@vilaclara.com.br", PASSWORD)).await.expect(200);
    let change = |new: &str| json!({ "current_password": PASSWORD, "new_password": new });
    let (one, other) = tokio::join!(
        owner.put("/api/me/password", change("primeira senha boa")),
        elsewhere.put("/api/me/password", change("segunda senha boa"))
    );
    let statuses = [one.status.as_u16(), other.status.as_u16()];
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    let (winner, kept) =
        if statuses[0] == 204 { ("primeira senha boa", &owner) } else { ("segunda senha boa", &elsewhere) };
    kept.get("/api/session").await.expect(200);
    app.stranger().post("/api/session", login("ana@vilaclara.com.br", winner)).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days() {
    let app = App::start().await;
    let owner = app.owner().await;
    app.clock.advance(30 * 86_400 - 1);
    owner.get("/api/session").await.expect(200);
    app.clock.advance(2);
    owner.get("/api/session").await.refused(401);
}

#[tokio::test]
async fn a_change_from_a_foreign_page_is_refused() {
    let app = App::start().await;
    let owner = app.owner().await;
    let foreign = |name: &'static str, value: &'static str| {
        let mut request = owner.request(reqwest::Method::DELETE, "/api/sessions").build().unwrap();
        request.headers_mut().remove("origin");
        request.headers_mut().insert(name, value.parse().unwrap());
        reqwest::RequestBuilder::from_parts(reqwest::Client::new(), request)
    };
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let request = foreign(name, value).header("cookie", owner.cookie());
        assert_eq!(owner.send(request).await.refused(403), "origin_not_allowed");
    }
    owner.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn sockets_open_from_our_own_pages_only() {
    let app = App::start().await;
    let owner = app.owner().await;
    let base = app.url("");
    for (path, cookie) in [("/api/socket", Some(owner.cookie())), ("/api/visitor/socket", None)] {
        for origin in [None, Some("https://evil.example")] {
            let opened = Socket::open_from(&base, path, cookie.as_deref(), origin).await;
            assert!(opened.is_err(), "{path} opened from {origin:?}");
        }
    }
    assert!(Socket::open(&base, "/api/socket", None).await.is_err(), "opened without a session");
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let app = App::start().await;
    let answer = app.stranger().get("/api/setup").await;
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
}
