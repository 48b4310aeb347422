//! Rules that a test enforces, not a reviewer: crate edges, one writer per table, texts in every language, paths that documents name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use balcao_types::{ErrorCode, Language};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found
}

/// Rule 1
#[test]
fn crates_depend_only_as_drawn() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("balcao-types", &[][..]),
        ("balcao-schema", &[]),
        ("balcao-channels", &["balcao-types"]),
        ("balcao-platform", &["balcao-types"]),
        ("balcao-desk", &["balcao-channels", "balcao-platform", "balcao-types"]),
        ("balcao-server", &["balcao-desk", "balcao-platform", "balcao-schema", "balcao-types"]),
        ("balcao-bench", &[]),
    ]);
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let known = allowed.get(name).unwrap_or_else(|| panic!("{name} is not drawn"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = dependency["name"].as_str().unwrap();
            assert!(!other.starts_with("balcao") || known.contains(&other), "{name} must not depend on {other}");
        }
    }
}

/// Rule 2
#[test]
fn a_table_is_written_in_its_own_folder_only() {
    let owners: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("sessions", &["access", "maintenance.rs"][..]),
        ("workspaces", &["workspaces", "maintenance.rs"]),
        ("projects", &["projects"]),
        ("project_agents", &["projects"]),
        ("project_groups", &["projects"]),
        ("agents", &["agents"]),
        ("invitations", &["agents", "maintenance.rs"]),
        ("invitation_links", &["agents", "maintenance.rs"]),
        ("department_agents", &["agents"]),
        ("departments", &["departments"]),
        ("labels", &["labels"]),
        ("quick_replies", &["quick_replies"]),
        ("conversation_labels", &["labels"]),
        ("connections", &["connections"]),
        ("contacts", &["contacts"]),
        ("contact_identities", &["contacts"]),
        ("counters", &["contacts"]),
        ("conversations", &["conversations"]),
        ("messages", &["conversations"]),
        ("marks", &["conversations"]),
        ("search_progress", &["conversations"]),
        ("message_search", &["conversations"]),
        ("events", &["maintenance.rs"]),
        ("files", &["files"]),
        ("pictures", &["pictures"]),
        ("offline_messages", &["offline_messages"]),
        ("offline_entries", &["offline_messages"]),
        ("tickets", &["tickets"]),
        ("ticket_categories", &["ticket_categories"]),
        ("ticket_changes", &["tickets"]),
        ("privacy_requests", &["privacy"]),
        ("consents", &["privacy"]),
        ("ratings", &["surveys"]),
        ("conversation_copies", &["copies"]),
        ("mail_accounts", &["mail"]),
        ("mailboxes", &["mail"]),
        ("mail_consents", &["mail"]),
        ("mail_consent_requests", &["mail", "maintenance.rs"]),
        ("mails", &["mail"]),
        ("spent_challenges", &["challenges", "maintenance.rs"]),
        ("instance", &["workspaces", "visitors"]),
    ]);
    let desk = root().join("crates/desk/src");
    for file in files(&desk, "rs") {
        let place = file.strip_prefix(&desk).unwrap();
        let folder = place.components().next().unwrap().as_os_str().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        for (table, allowed) in &owners {
            for verb in ["INSERT INTO ", "UPDATE ", "DELETE FROM "] {
                let writes = text.match_indices(&format!("{verb}{table}")).any(|(at, matched)| {
                    text[at + matched.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '_')
                });
                assert!(!writes || allowed.contains(&folder), "{} writes {table}", place.display());
            }
        }
        let uses_foreign_entity =
            text.lines().any(|line| line.contains("::table::") && !line.contains("super::table::"));
        assert!(!uses_foreign_entity, "{} reaches into another feature's table", place.display());
    }
}

/// Rule 5
#[test]
fn every_text_stands_in_every_language_with_the_same_placeholders() {
    let locales = root().join("locales");
    let read = |language: &str, surface: &str| -> BTreeMap<String, String> {
        let path = locales.join(language).join(surface);
        serde_json::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let surfaces: BTreeSet<String> = fs::read_dir(locales.join("en"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for surface in &surfaces {
        let english = read("en", surface);
        for language in Language::ALL {
            let other = read(language.as_str(), surface);
            let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(&english), keys(&other), "{language}/{surface}");
            for (key, text) in &other {
                assert!(!text.trim().is_empty(), "{language} {key} is empty");
                assert_eq!(placeholders(text), placeholders(&english[key]), "{language} {key}");
            }
        }
    }
    let errors = read("pt-BR", "error.json");
    for code in ErrorCode::ALL {
        let text = errors.get(&code.text_key()).unwrap_or_else(|| panic!("{code} has no text"));
        assert_eq!(text.contains("{limit}"), code.names_limit(), "{code}");
    }
    assert_eq!(errors.len(), ErrorCode::ALL.len(), "a text without its code");
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned())).collect()
}

/// Rule 9
#[test]
fn every_path_that_a_recipe_names_exists() {
    let recipes = root().join("docs/recipes");
    for file in files(&recipes, "md") {
        let text = fs::read_to_string(&file).unwrap();
        for (index, quoted) in text.split('`').enumerate() {
            let is_path = index % 2 == 1
                && ["crates/", "web/", "locales/", "docs/", "bench/", "scripts/"]
                    .iter()
                    .any(|start| quoted.starts_with(start));
            if is_path && !quoted.contains(['<', '*', ' ', '{']) {
                assert!(root().join(quoted).exists(), "{} names {quoted}", file.display());
            }
        }
    }
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for folder in ["crates", "bench/src"] {
        for file in files(&root().join(folder), "rs") {
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with("//!"), "{} does not say what it is for", file.display());
            let lines = text.lines().count();
            assert!(
                lines <= 500 || file.components().any(|part| part.as_os_str() == "tests"),
                "{} has {lines} lines",
                file.display()
            );
        }
    }
}
