//! The permission matrix: every operation of the description × each role × {own, other department, other workspace}, with a valid request each.
//! What is expected stands in `permissions/table.rs`, written by hand; an operation that is missing there fails here.

mod ids;
mod sockets;
mod table;
mod world;

use std::collections::BTreeSet;

use serde_json::Value;

pub use world::other_company;

use table::{Expected, Operation};
use world::{Prepared, Principal, World};

#[test]
fn every_operation_has_a_hand_written_expectation() {
    let description: Value = serde_json::from_str(&balcao_server::docs::openapi_text()).unwrap();
    let mut described = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["x-permission"].is_string(), "{method} {path} says nothing of what it needs");
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let expected: BTreeSet<String> = table::all().iter().map(|operation| operation.name.to_owned()).collect();
    let missing: Vec<_> = described.difference(&expected).collect();
    assert!(missing.is_empty(), "without an expectation in permissions/table.rs: {missing:?}");
    let gone: Vec<_> = expected.difference(&described).collect();
    assert!(gone.is_empty(), "expected, but not described: {gone:?}");
}

#[tokio::test]
async fn each_role_may_do_with_its_own_account_and_the_company_exactly_what_the_table_says() {
    hold(table::company()).await;
}

#[tokio::test]
async fn each_role_may_do_with_people_departments_and_connections_exactly_what_the_table_says() {
    hold(table::people()).await;
    hold(table::places()).await;
    hold(table::labels()).await;
    hold(table::quick_replies()).await;
}

#[tokio::test]
async fn each_role_may_do_with_conversations_exactly_what_the_table_says() {
    hold(table::conversations()).await;
    hold(table::keeping()).await;
    hold(table::visitors()).await;
}

#[tokio::test]
async fn each_role_may_do_with_files_exactly_what_the_table_says() {
    hold(table::files()).await;
}

#[tokio::test]
async fn each_role_may_do_with_offline_messages_and_mail_exactly_what_the_table_says() {
    hold(table::offline_messages()).await;
    hold(table::mail()).await;
}

/// Calls each operation as each principal on each subject and holds the answers against the table.
async fn hold(operations: Vec<Operation>) {
    let mut world = World::new().await;
    let mut wrong = Vec::new();
    for operation in &operations {
        for (whose, expected) in &operation.rows {
            // A refused call has changed nothing, so its subject serves the next one.
            let mut subject: Option<Prepared> = None;
            for (principal, status) in Principal::ALL.into_iter().zip(expected.0) {
                let prepared = match subject.take() {
                    Some(prepared) => prepared,
                    None => world.prepare(operation.thing, *whose).await,
                };
                match world.call(operation, principal, &prepared).await {
                    Ok(answered) if answered.status == status => {
                        let faults = answered.faults(operation, principal, status);
                        wrong.extend(faults.into_iter().map(|fault| tell(operation, principal, whose, &fault)));
                        subject = (status >= 400).then_some(prepared);
                    }
                    Ok(answered) => {
                        let fault = format!("answered {} instead of {status}", answered.status);
                        wrong.push(tell(operation, principal, whose, &fault));
                    }
                    Err(error) => wrong.push(tell(operation, principal, whose, &error)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn tell(operation: &Operation, principal: Principal, whose: &world::Whose, fault: &str) -> String {
    format!("{} as {principal:?} on {whose:?} {:?}: {fault}", operation.name, operation.thing)
}

impl Expected {
    /// The code that must stand in a refusal.
    pub const fn code(status: u16) -> Option<&'static str> {
        match status {
            401 => Some("unauthenticated"),
            403 => Some("forbidden"),
            404 => Some("not_found"),
            _ => None,
        }
    }
}
