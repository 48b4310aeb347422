//! The sample company as it comes out: the numbers that were promised, and times in order.

use balcao_platform::{Clock, Config};
use balcao_types::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::{
    FILES_SECONDS, Filled,
    company::{COLLEAGUES, PASSWORD},
    elsewhere, files, fill,
    plan::{OPEN, WAITING, plan},
};
use crate::serve;

/// 2026-11-20 17:00 UTC, a Friday afternoon in São Paulo.
const NOW: i64 = 1_795_194_000;

async fn numbers(read: &DatabaseConnection, sql: &str) -> Vec<i64> {
    let row = read.query_one_raw(Statement::from_string(read.get_database_backend(), sql)).await.unwrap().unwrap();
    (0..row.column_names().len()).map(|index| row.try_get_by_index(index).unwrap()).collect()
}

#[test]
fn a_plan_is_the_same_for_the_same_moment_and_as_large_as_promised_at_any() {
    for days in 0..14 {
        let now = NOW + days * 86_400 + days * 5_000;
        let (one, two) = (plan(now).unwrap(), plan(now).unwrap());
        assert_eq!(one.beats, two.beats);
        assert!((300..=400).contains(&one.conversations.len()), "{}", one.conversations.len());
        assert!(one.beats.iter().all(|(_, beat)| one.founded_at < beat.at && beat.at <= now));
    }
}

#[tokio::test]
async fn the_installation_of_another_company_is_left_alone_and_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = [("BALCAO_DATA".to_owned(), folder.path().display().to_string())];
    let config = Config::from_parts("", data.into_iter()).unwrap();
    let desk = serve::open(&config, Clock::wound(Timestamp(NOW * 1_000_000))).await.unwrap().desk;
    let set_up = balcao_desk::workspaces::SetUp {
        token: None,
        company: "Padaria Vila Clara".to_owned(),
        language: balcao_types::Language::Portuguese,
        time_zone: "America/Sao_Paulo".to_owned(),
        name: "Ana Souza".to_owned(),
        email: "ana@padaria.com.br".to_owned(),
        password_hash: String::new(),
        user_agent: String::new(),
    };
    desk.write(set_up).await.unwrap();
    let found = fill(&config, Timestamp(NOW * 1_000_000)).await.unwrap();
    assert_eq!(found, Filled::Other("Padaria Vila Clara".to_owned()));
    let hint = elsewhere(&config, "Padaria Vila Clara");
    assert!(hint.contains("Padaria Vila Clara") && hint.contains("BALCAO_DATA="), "{hint}");
    assert_eq!(numbers(desk.store.read(), "SELECT COUNT(*) FROM conversations").await, [0]);
}

/// The files are stored before anything else is: a crash then leaves no bytes that nothing knows of.
#[tokio::test]
async fn an_attempt_that_broke_off_leaves_no_files_lying_about() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = [("BALCAO_DATA".to_owned(), folder.path().display().to_string())];
    let config = Config::from_parts("", data.into_iter()).unwrap();
    let mut plan = plan(NOW).unwrap();
    plan.keep_files_since(NOW - FILES_SECONDS);
    let desk = serve::open(&config, Clock::wound(Timestamp(NOW * 1_000_000))).await.unwrap().desk;
    let first = files(&desk, &plan).await.unwrap();
    let lying = || {
        let shards = std::fs::read_dir(config.files_folder()).unwrap().map(|shard| shard.unwrap().path());
        shards.flat_map(|shard| std::fs::read_dir(shard).unwrap()).count()
    };
    let before = lying();
    assert!(!first.is_empty() && before >= first.len());
    assert_eq!(files(&desk, &plan).await.unwrap().len(), first.len());
    assert_eq!(lying(), before, "the second attempt wrote over the first");
}

#[tokio::test]
async fn the_company_is_whole_and_its_times_are_in_order() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = [("BALCAO_DATA".to_owned(), folder.path().display().to_string())];
    let config = Config::from_parts("", data.into_iter()).unwrap();
    assert_eq!(fill(&config, Timestamp(NOW * 1_000_000)).await.unwrap(), Filled::Sample);
    // The second start finds it and changes nothing.
    assert_eq!(fill(&config, Timestamp((NOW + 60) * 1_000_000)).await.unwrap(), Filled::Sample);

    let desk = serve::open(&config, Clock::wound(Timestamp(NOW * 1_000_000))).await.unwrap().desk;
    let read = desk.store.read();
    let states = "SELECT SUM(state = 'closed'), SUM(state = 'open'), SUM(state = 'queue') FROM conversations";
    let counted = numbers(read, states).await;
    assert!((290..=380).contains(&counted[0]), "{counted:?}");
    assert_eq!(counted[1..], [OPEN.len() as i64, WAITING.len() as i64]);
    let messages = numbers(read, "SELECT COUNT(*) FROM messages").await[0];
    assert!((3_000..=4_500).contains(&messages), "{messages}");

    let ends = numbers(read, "SELECT MAX(at), MIN(at) FROM messages").await;
    assert!(
        ends[0] <= NOW * 1_000_000 && ends[0] > (NOW - 60) * 1_000_000 && ends[1] > (NOW - 62 * 86_400) * 1_000_000
    );
    let disordered = "SELECT COUNT(*) FROM messages a JOIN messages b ON b.conversation_id = a.conversation_id \
        AND b.position = a.position + 1 WHERE b.at < a.at";
    assert_eq!(numbers(read, disordered).await, [0]);
    let impossible = "SELECT COUNT(*) FROM conversations WHERE opened_at > taken_at OR taken_at > closed_at \
        OR (state = 'closed') <> (closed_at IS NOT NULL) OR (state = 'queue') <> (queued_at IS NOT NULL)";
    assert_eq!(numbers(read, impossible).await, [0]);
    let longest = format!(
        "SELECT ({NOW} * 1000000 - MIN(queued_at)) / 60000000, ({NOW} * 1000000 - MAX(queued_at)) / 60000000 FROM conversations WHERE state = 'queue'"
    );
    assert_eq!(numbers(read, &longest).await, [13, 1]);
    assert_eq!(numbers(read, "SELECT COUNT(*) FROM conversations WHERE state = 'open' AND unread > 0").await, [6]);
    assert_eq!(numbers(read, "SELECT COUNT(*) FROM messages WHERE text LIKE '%{%' OR text LIKE '%}%'").await, [0]);
    let twins = "SELECT COUNT(*) - COUNT(DISTINCT said) FROM (SELECT GROUP_CONCAT(text, '|') AS said FROM messages GROUP BY conversation_id)";
    assert_eq!(numbers(read, twins).await, [0]);

    // Every kind of file is there, each in one message, and its bytes in the storage.
    let kinds =
        "SELECT SUM(kind = 'image'), SUM(kind = 'file'), SUM(kind = 'audio'), SUM(conversation_id IS NULL) FROM files";
    let counted = numbers(read, kinds).await;
    assert!(counted[..3].iter().all(|count| (1..=40).contains(count)) && counted[3] == 0, "{counted:?}");
    let files = numbers(read, "SELECT COUNT(*) FROM files").await;
    assert_eq!(numbers(read, "SELECT COUNT(*) FROM messages WHERE file IS NOT NULL").await, files);
    let folders = std::fs::read_dir(config.files_folder()).unwrap().map(|entry| entry.unwrap().path());
    let stored = folders.map(|folder| std::fs::read_dir(folder).unwrap().count()).sum::<usize>() as i64;
    let previews = numbers(read, "SELECT SUM(has_preview) FROM files").await;
    assert_eq!(stored, files[0] + previews[0]);

    for colleague in &COLLEAGUES {
        let model = balcao_desk::agents::by_email(read, colleague.email).await.unwrap().unwrap();
        assert!(balcao_desk::access::password::verify(PASSWORD.to_owned(), model.password_hash).await.unwrap());
    }
}
