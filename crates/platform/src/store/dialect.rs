//! What differs between SQLite and PostgreSQL, and the few hand-made statements whose text must stay the same from call to call
//! (the drivers keep prepared statements by their text). Tested on both engines.

use std::fmt::Write;

use sea_orm::DbBackend;

/// `(…), (…)` for `rows` rows of `columns` columns. They must be the statement's only parameters, in this order: SQLite gets plain `?`, because
/// it looks numbered ones up in a list, which makes a statement of many cost the square of their number.
pub fn push_tuples(engine: DbBackend, sql: &mut String, columns: usize, rows: usize) {
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        push_parameters(engine, sql, columns, row * columns);
        sql.push(')');
    }
}

fn push_parameters(engine: DbBackend, sql: &mut String, count: usize, offset: usize) {
    for n in 0..count {
        if n > 0 {
            sql.push_str(", ");
        }
        match engine {
            // Writing to a String cannot fail.
            DbBackend::Postgres => drop(write!(sql, "${}", offset + n + 1)),
            _ => sql.push('?'),
        }
    }
}

/// `$n, $n+1, …`: `count` parameters after `offset` others, for short lists.
pub fn parameters(count: usize, offset: usize) -> String {
    (1..=count).map(|n| format!("${}", n + offset)).collect::<Vec<_>>().join(", ")
}

/// The clause that locks the rows of a `SELECT` until the commit. SQLite has one writer and needs none.
pub fn for_update(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => " FOR UPDATE",
        _ => "",
    }
}

/// The same, passing over rows another transaction has locked.
pub fn for_update_skip_locked(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    }
}

/// The order of the message index, called `s`, newest first.
pub fn search_order(engine: DbBackend) -> &'static str {
    match engine {
        // Messages that were written together have one time.
        DbBackend::Postgres => "s.at DESC, s.position DESC",
        _ => "s.rowid DESC",
    }
}

/// What makes a comparison of texts go by their bytes, whatever the database's language. SQLite knows nothing else.
pub fn by_bytes(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Postgres => " COLLATE \"C\"",
        _ => "",
    }
}

/// A part of a text, to be looked for with the help of a trigram index.
pub struct Substring {
    pub engine: DbBackend,
    /// What to bind.
    pub text: String,
}

/// A part of a text to look for; none when it is too short for trigrams: less than three characters.
pub fn substring(engine: DbBackend, text: &str) -> Option<Substring> {
    (text.chars().count() >= 3).then(|| Substring {
        engine,
        text: match engine {
            DbBackend::Postgres => like_pattern(text),
            _ => format!("\"{}\"", text.replace('"', "\"\"")),
        },
    })
}

/// A pattern for `LIKE … ESCAPE '!'` that finds the text as it stands, wherever it stands.
pub fn like_pattern(text: &str) -> String {
    format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// A search for words in the message index: the condition and the text to bind as `$1`. None when there is no word to search for.
pub fn search_words(engine: DbBackend, typed: &str) -> Option<(&'static str, String)> {
    let words: Vec<String> = typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(8)
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        return None;
    }
    Some(match engine {
        DbBackend::Postgres => {
            let words: Vec<String> =
                words.iter().map(|word| format!("{}:*", balcao_types::rules::text::folded(word))).collect();
            ("document @@ to_tsquery('simple', $1)", words.join(" & "))
        }
        _ => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
            ("message_search MATCH $1", words.join(" AND "))
        }
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::search_words;

    #[test]
    fn search_syntax_in_the_words_means_nothing() {
        let (_, words) = search_words(DbBackend::Sqlite, "boleto\" OR (x) NEAR *").unwrap();
        assert_eq!(words, "\"boleto\"* AND \"OR\"* AND \"x\"* AND \"NEAR\"*");
        assert!(search_words(DbBackend::Postgres, " '&| ").is_none());
    }
}
