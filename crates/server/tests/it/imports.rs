//! People and departments from a table: what a look tells, what an import does, and what neither takes.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, PASSWORD};

async fn import(client: &Client, what: &str, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let request = client.request(Method::POST, &format!("/api/{what}/import?{query}"));
    client.send(request.header(header::CONTENT_TYPE, "text/csv").body(file.into())).await
}

async fn look(client: &Client, what: &str, file: &str) -> Value {
    import(client, what, "dry_run=true", file).await.expect(200)
}

/// Agrees to what a look says.
async fn carry_out(client: &Client, what: &str, file: &str) -> Answer {
    let plan = look(client, what, file).await["plan"].as_str().unwrap().to_owned();
    import(client, what, &format!("dry_run=false&plan={plan}"), file).await
}

/// `line action field:code …` of each row.
fn told(answer: &Value) -> Vec<String> {
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let faults = row["faults"].as_array().unwrap().iter();
        let faults = faults.map(|fault| {
            assert!(!fault["message"].as_str().unwrap().is_empty());
            format!(" {}:{}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap())
        });
        format!("{} {}{}", row["line"], row["action"].as_str().unwrap(), faults.collect::<String>())
    })
    .collect()
}

/// X-032
#[tokio::test]
async fn people_are_invited_from_a_table_after_a_look_that_changes_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (sales, support) = (app.department(&owner, "Vendas").await, app.department(&owner, "Suporte, São Paulo").await);
    let file = "\u{feff}Nome;E-mail;Função;Departamentos\r\n\
        Bruno Teixeira;bruno@vilaclara.com.br;Atendente;vendas | suporte, sao paulo\r\n\
        \"Carla; a chefe\";Carla@VilaClara.com.br;gerente;VENDAS\r\n\
        Davi;davi@vilaclara.com.br;;\r\n";
    let before = owner.get("/api/agents").await.text;
    let looked = look(&owner, "agents", file).await;
    assert_eq!(told(&looked), ["2 create", "3 create", "4 create"]);
    assert_eq!(looked["counts"], json!({ "create": 3, "update": 0, "unchanged": 0, "error": 0 }));
    assert_eq!((&looked["is_done"], &looked["rows"][0]["invitation"]), (&json!(false), &Value::Null));
    assert_eq!(owner.get("/api/agents").await.text, before, "a look has changed something");

    let done = carry_out(&owner, "agents", file).await.expect(200);
    assert_eq!((told(&done), &done["is_done"]), (told(&looked), &json!(true)));
    let listed = owner.get("/api/agents").await.expect(200)["items"].as_array().unwrap().clone();
    let person = |name: &str| listed.iter().find(|agent| agent["name"] == name).unwrap();
    assert_eq!(person("Davi")["role"], "agent");
    let mut both = [json!({ "id": sales, "is_manager": false }), json!({ "id": support, "is_manager": false })];
    both.sort_by_key(|membership| membership["id"].as_str().unwrap().to_owned());
    assert_eq!(person("Bruno Teixeira")["departments"], json!(both));
    assert_eq!(person("Carla; a chefe")["departments"], json!([{ "id": sales, "is_manager": true }]));

    // The links are those of any invitation.
    let link = done["rows"][1]["invitation"]["link"].as_str().unwrap();
    let accept = json!({ "token": link.split_once('#').unwrap().1, "name": "Carla", "password": PASSWORD });
    let accepted = app.stranger().post("/api/invitations/accept", accept).await.expect(200);
    assert_eq!((&accepted["email"], &accepted["role"]), (&json!("Carla@VilaClara.com.br"), &json!("manager")));

    // The same again: whoever is there already stays as she is, but for her name.
    let again = look(&owner, "agents", file).await;
    assert_eq!(told(&again), ["2 unchanged", "3 update", "4 unchanged"]);
    let was = json!({ "name": "Carla", "role": "manager", "departments": [{ "id": sales, "is_manager": true }] });
    assert_eq!((&again["rows"][0]["was"], &again["rows"][1]["was"]), (&json!(null), &was), "what would be changed");
    assert_eq!(told(&carry_out(&owner, "agents", file).await.expect(200)), told(&again));
    assert_eq!(told(&look(&owner, "agents", file).await), ["2 unchanged", "3 unchanged", "4 unchanged"]);
}

#[tokio::test]
async fn an_import_does_what_was_agreed_to_or_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await.id().await;
    let file = "name,email,role\nBruno T,bruno@vilaclara.com.br,viewer\nEva,eva@vilaclara.com.br,agent\n";
    let plan = look(&owner, "agents", file).await["plan"].as_str().unwrap().to_owned();
    let run = |plan: String, file: &'static str| {
        let owner = &owner;
        async move { import(owner, "agents", &format!("dry_run=false&plan={plan}"), file).await }
    };
    assert_eq!(import(&owner, "agents", "dry_run=false", file).await.fields(), ["plan:required"]);
    assert_eq!(run("0".repeat(64), file).await.refused(409), "import_changed");
    // Somebody else changes what the plan would change.
    owner.patch(&format!("/api/agents/{bruno}"), json!({ "name": "Bruno X" })).await.expect(200);
    let before = owner.get("/api/agents").await.text;
    assert_eq!(run(plan, file).await.refused(409), "import_changed");
    assert_eq!(owner.get("/api/agents").await.text, before);
    let plan = look(&owner, "agents", file).await["plan"].as_str().unwrap().to_owned();
    run(plan.clone(), file).await.expect(200);
    // A click that comes twice imports once.
    assert_eq!(run(plan, file).await.refused(409), "import_changed");
    let changed = owner.get("/api/agents").await.expect(200);
    let bruno = changed["items"].as_array().unwrap().iter().find(|agent| agent["id"] == bruno.as_str()).unwrap();
    assert_eq!((&bruno["name"], &bruno["role"]), (&json!("Bruno T"), &json!("viewer")));
}

#[tokio::test]
async fn wrong_rows_are_told_with_their_lines_and_keep_the_whole_file_out() {
    let app = App::start().await;
    let owner = app.owner().await;
    let file = "nome,email,papel,departamentos,gerencia\n\
        Ana,ana@vilaclara.com.br,agente,,\n\
        ,sem.nome@x.com.br,,,\n\
        Zé,nobody,,,\n\
        Léo,leo@x.com.br,rei,,\n\
        Rui,rui@x.com.br,gerente,,\n\
        Rui,rui2@x.com.br,,Nenhum,\n\
        Rui,rui3@x.com.br,,,Nenhum\n\
        Eva,eva@x.com.br,,,\n\
        Eva,EVA@x.com.br,,,\n\
        \"A\u{0}b\",nul@x.com.br,,,\n\
        \"A\nb\",line@x.com.br,,,\n";
    let looked = look(&owner, "agents", file).await;
    assert_eq!(
        told(&looked),
        [
            "2 error email:own_row",
            "3 error name:required",
            "4 error email:email_invalid",
            "5 error role:role_unknown",
            "6 error departments:manages_nothing",
            "7 error departments:department_missing",
            "8 error manages:department_missing",
            "9 create",
            "10 error email:row_repeated",
            "11 error name:invalid_character",
            "12 error name:invalid_character",
        ]
    );
    let faults = carry_out(&owner, "agents", file).await.fields();
    assert!(faults.contains(&"5.role:role_unknown".to_owned()) && faults.len() == 10, "{faults:?}");
    assert_eq!(owner.get("/api/agents").await.expect(200)["items"].as_array().unwrap().len(), 1);
    // In the language of who asks.
    let spanish = owner.request(Method::POST, "/api/agents/import?dry_run=true").header("accept-language", "es");
    let spanish = owner.send(spanish.header("content-type", "text/csv").body("email\nnobody\n")).await.expect(200);
    assert!(spanish["rows"][0]["faults"][0]["message"].as_str().unwrap().contains("correo"), "{spanish}");
}

/// Whoever corrects a table sees once all there is to correct, and what stands there now.
#[tokio::test]
async fn all_that_is_wrong_with_a_line_is_told_at_once_with_what_was_typed() {
    let app = App::start().await;
    let owner = app.owner().await;
    app.department(&owner, "Vendas").await;
    let long = "d".repeat(70);
    let file = format!(
        "nome,email,papel,departamentos,gerencia\n\
        Eva,eva@x.com.br,,,\n\
        \"Ana\nRui\",ninguem,rei,Vendas | Nenhum | Outro | nenhum,{long}\n\
        ,EVA@x.com.br,gerente,,\n"
    );
    let looked = look(&owner, "agents", &file).await;
    let typed = |row: usize| {
        let faults = looked["rows"][row]["faults"].as_array().unwrap().iter();
        let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or("-").to_owned();
        let faults = faults.map(|fault| ["field", "code", "value"].map(|name| text(fault, name)).join(":"));
        faults.collect::<Vec<_>>()
    };
    assert_eq!(
        typed(1),
        [
            "email:email_invalid:ninguem",
            "name:invalid_character:AnaRui",
            "role:role_unknown:rei",
            "departments:department_missing:Nenhum",
            "departments:department_missing:Outro",
            &format!("manages:department_missing:{}…", "d".repeat(60)),
        ]
    );
    assert_eq!(
        typed(2),
        ["name:required:-", "email:row_repeated:EVA@x.com.br", "departments:manages_nothing:-"],
        "what follows from cells that can be read"
    );
    let repeated = &looked["rows"][2]["faults"][1]["message"];
    assert!(repeated.as_str().unwrap().contains(" 2 "), "the line that has it: {repeated}");
    // Who insists is told the same.
    let refused = carry_out(&owner, "agents", &file).await;
    assert_eq!(refused.body["error"]["fields"][0]["value"], "ninguem");
    assert_eq!(refused.fields().len(), 9);
    let wrong = look(&owner, "departments", "nome;ativo\nX;\nx;talvez\n").await;
    assert_eq!(told(&wrong)[1], "3 error name:row_repeated active:neither_yes_nor_no");
    assert_eq!(wrong["rows"][1]["faults"][1]["value"], "talvez");
    // A cell full of names tells some of them.
    let many =
        format!("email,departamentos\na@x.com.br,\"{}\"\n", (0..500).map(|n| format!("d{n}|")).collect::<String>());
    assert_eq!(look(&owner, "agents", &many).await["rows"][0]["faults"].as_array().unwrap().len(), 11);
}

/// Owners are for owners, in a table too.
#[tokio::test]
async fn an_administrator_neither_makes_nor_touches_owners_by_a_table() {
    let app = App::start().await;
    let owner = app.owner().await;
    let admin = app.hire(&owner, "Adm", "administrator", json!([])).await;
    let file = "nome;email;papel\nAna;ana@vilaclara.com.br;agente\nNova;nova@x.com.br;proprietária\nAdm;adm@vilaclara.com.br;agente\n";
    assert_eq!(
        told(&look(&admin, "agents", file).await),
        ["2 error role:forbidden", "3 error role:forbidden", "4 error email:own_row"]
    );
    let same = "nome;email\nAna Souza;ana@vilaclara.com.br\nAdm;adm@vilaclara.com.br\n";
    assert_eq!(told(&look(&admin, "agents", same).await), ["2 unchanged", "3 unchanged"]);
}

/// X-032
#[tokio::test]
async fn departments_are_added_and_changed_from_a_table() {
    let app = App::start().await;
    let owner = app.owner().await;
    app.department(&owner, "vendas").await;
    let file = "Departamento\tAtivo\nVendas\tsim\nFinanceiro\t\nCobrança\tnão\nAtendimento\t\n";
    let looked = look(&owner, "departments", file).await;
    assert_eq!(told(&looked), ["2 update", "3 create", "4 create", "5 unchanged"]);
    let was: Vec<&Value> = looked["rows"].as_array().unwrap().iter().map(|row| &row["was"]).collect();
    let before = json!({ "name": "vendas", "is_active": true });
    assert_eq!(was, [&before, &Value::Null, &Value::Null, &Value::Null]);
    carry_out(&owner, "departments", file).await.expect(200);
    let listed = owner.get("/api/departments").await.expect(200);
    let listed = listed["items"].as_array().unwrap().iter();
    let listed: Vec<_> =
        listed.map(|one| (one["name"].as_str().unwrap(), one["is_active"].as_bool().unwrap())).collect();
    assert_eq!(listed, [("Atendimento", true), ("Cobrança", false), ("Financeiro", true), ("Vendas", true)]);
    assert_eq!(told(&look(&owner, "departments", file).await)[2], "4 unchanged");
    let wrong = "name,active\nVendas,talvez\nAtendimento,no\n,yes\nX,\nx,\n";
    assert_eq!(
        told(&look(&owner, "departments", wrong).await),
        [
            "2 error active:neither_yes_nor_no",
            "3 error active:default_department",
            "4 error name:required",
            "5 create",
            "6 error name:row_repeated"
        ]
    );
    assert_eq!(carry_out(&owner, "departments", wrong).await.fields().len(), 4);
}

#[tokio::test]
async fn what_is_no_table_is_refused_and_a_large_one_ends_at_the_limit() {
    let app = App::start().await;
    let owner = app.owner().await;
    for what in ["agents", "departments"] {
        let refused = |query: &'static str, file: Vec<u8>| {
            let owner = &owner;
            async move { import(owner, what, query, file).await }
        };
        assert_eq!(refused("dry_run=true", Vec::new()).await.fields(), ["file:required"]);
        assert_eq!(refused("dry_run=true", b"nome;email\n;\n".to_vec()).await.fields(), ["file:no_rows"]);
        assert_eq!(refused("", b"a\nb".to_vec()).await.fields(), ["dry_run:required"]);
        assert_eq!(refused("dry_run=x", b"a\nb".to_vec()).await.fields(), ["dry_run:invalid_value"]);
        let column = if what == "agents" { "email:column_missing" } else { "name:column_missing" };
        assert_eq!(refused("dry_run=true", b"a;b\nc;d\n".to_vec()).await.fields(), [column]);
        // What is not text is not a table either: an archive, a picture, the separator a million times.
        let archive = [&b"PK\x03\x04\x14\x00"[..], &[0; 500], b"\n\xff\xfe"].concat();
        assert_eq!(refused("dry_run=true", archive).await.fields(), [column]);
        assert_eq!(refused("dry_run=true", vec![b';'; 1_000_000]).await.fields(), ["file:required"]);
        assert_eq!(refused("dry_run=true", vec![b'x'; 1_100_000]).await.refused(413), "too_large");
        let quote = [&b"nome;email\n"[..], b"\"", &vec![b'a'; 900_000]].concat();
        let answer = refused("dry_run=true", quote).await.expect(200);
        assert_eq!(answer["counts"]["error"], 1);
        let json = owner.post(&format!("/api/{what}/import?dry_run=true"), json!({})).await;
        assert_eq!(json.refused(415), "unsupported_media_type");
        let rows = |count: usize| {
            format!("nome;email\n{}", (0..count).fold(String::new(), |all, n| format!("{all}P{n};p{n}@x.com.br\n")))
        };
        assert_eq!(refused("dry_run=true", rows(2_001).into_bytes()).await.fields(), ["file:too_many"]);
        assert_eq!(refused("dry_run=true", rows(501).into_bytes()).await.fields(), ["file:too_many"]);
        let full = rows(500);
        assert_eq!(carry_out(&owner, what, &full).await.expect(200)["counts"]["create"], 500);
        assert_eq!(look(&owner, what, &rows(1_000)).await["counts"]["unchanged"], 500);
    }
}
