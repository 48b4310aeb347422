//! Fills a company's database with years of conversations by plain SQL, the same on both engines. (Through the product it would take hours.)

use crate::Result;
use crate::postgres::psql_script;
use std::path::Path;

/// How much there is.
#[derive(Clone, Copy)]
pub struct Size {
    pub conversations: u64,
    pub contacts: u64,
    pub open: u64,
    pub queue: u64,
}

impl Size {
    pub const MESSAGES_EACH: u64 = 10;
    /// Conversations of one day; a day has a protocol number for each.
    const A_DAY: u64 = 960;

    pub const fn of(conversations: u64) -> Self {
        Self { conversations, contacts: conversations * 3 / 10, open: conversations / 100, queue: conversations / 500 }
    }
}

/// First names are frequent, whole names are rare: 27,000 of them.
const NAMES: [&str; 30] = [
    "ana", "bruna", "carla", "davi", "elisa", "fabio", "gabriela", "heitor", "igor", "joana", "kleber", "larissa",
    "marcos", "natalia", "otavio", "paula", "quiteria", "rafael", "sandra", "tiago", "ursula", "vitor", "wagner",
    "xavier", "yasmin", "zelia", "bento", "clara", "diego", "estela",
];

/// What people say; one word of it, "protetor", is said by few.
const SAYINGS: [&str; 16] = [
    "bom dia, meu boleto veio com o valor errado",
    "preciso da segunda via da fatura deste mes",
    "a internet caiu de novo desde ontem a noite",
    "o tecnico ficou de vir hoje de manha e nao apareceu",
    "quero mudar a data de vencimento do meu contrato",
    "ja reiniciei o modem e a luz continua vermelha",
    "qual e o prazo para a instalacao no meu bairro",
    "obrigada, deu certo agora",
    "pode me passar o numero do protocolo por favor",
    "gostaria de aumentar a velocidade do meu plano",
    "paguei ontem e continua bloqueado",
    "voces atendem no sabado",
    "o sinal do wifi nao chega no quarto",
    "recebi duas cobrancas no mesmo mes",
    "preciso trocar o endereco de instalacao",
    "aguardo o retorno de voces ainda hoje",
];

/// What differs between the engines in the text below.
struct Dialect {
    /// `n(i)`: the numbers from 1 to `{}`.
    series: &'static str,
    /// An id from a time in milliseconds `{ms}`, a number that tells tables apart `{t}`, and a number `{n}`.
    id: &'static str,
    /// `20261120` from microseconds `{}`.
    day: &'static str,
    four_digits: &'static str,
}

const SQLITE: Dialect = Dialect {
    series: "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n) AS n",
    id: "unhex(printf('%012x7%03x8%015x', {ms}, {t}, {n}))",
    day: "strftime('%Y%m%d', ({}) / 1000000, 'unixepoch')",
    four_digits: "printf('%04d', {})",
};

const POSTGRES: Dialect = Dialect {
    series: "generate_series(1::bigint, {}) AS n(i)",
    id: "(lpad(to_hex(({ms})::bigint), 12, '0') || '7' || lpad(to_hex({t}), 3, '0') || '8' || lpad(to_hex(({n})::bigint), 15, '0'))::uuid",
    day: "to_char(to_timestamp(({}) / 1000000) AT TIME ZONE 'UTC', 'YYYYMMDD')",
    four_digits: "lpad(({})::text, 4, '0')",
};

impl Dialect {
    fn numbers(&self, count: u64) -> String {
        self.series.replace("{}", &count.to_string())
    }

    fn id(&self, ms: &str, table: u64, number: &str) -> String {
        self.id.replace("{ms}", ms).replace("{t}", &table.to_string()).replace("{n}", number)
    }
}

/// Fills a SQLite database that no program has open.
pub fn sqlite(database: &Path, size: Size) -> Result<()> {
    let connection = rusqlite::Connection::open(database)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;")?;
    for (name, sql) in script(&SQLITE, size) {
        eprintln!("  {name}");
        connection.execute_batch(&format!("BEGIN; {sql} COMMIT;")).map_err(|error| format!("{name}: {error}"))?;
    }
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(())
}

/// Fills a PostgreSQL database, and does what autovacuum would do in the hours after.
pub fn postgres(url: &str, size: Size) -> Result<()> {
    let mut sql =
        "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '128MB';\n".to_owned();
    for (name, step) in script(&POSTGRES, size) {
        sql.push_str(&format!("\\echo {name}\n{step}\n"));
    }
    sql.push_str("VACUUM (ANALYZE);\n");
    psql_script(url, &sql)
}

fn script(dialect: &Dialect, size: Size) -> Vec<(&'static str, String)> {
    vec![
        ("words", words()),
        ("contacts", contacts(dialect, size)),
        ("conversations", conversations(dialect, size)),
        ("messages", messages(dialect)),
        ("search", search(dialect)),
        ("counters", counters(dialect)),
    ]
}

/// Temporary tables: words, and the company's departments and agents by number.
fn words() -> String {
    let values = |words: &[&str]| {
        let rows = words.iter().enumerate().map(|(number, word)| format!("({number}, '{word}')"));
        rows.collect::<Vec<_>>().join(", ")
    };
    format!(
        "CREATE TEMPORARY TABLE names (k integer PRIMARY KEY, name text); INSERT INTO names VALUES {};
         CREATE TEMPORARY TABLE sayings (k integer PRIMARY KEY, saying text); INSERT INTO sayings VALUES {};
         CREATE TEMPORARY TABLE places AS SELECT row_number() OVER (ORDER BY name) - 1 AS k, id, project_id, workspace_id FROM departments WHERE name LIKE 'Setor %';
         CREATE TEMPORARY TABLE people AS SELECT row_number() OVER (PARTITION BY m.department_id ORDER BY a.name) - 1 AS k, m.department_id, a.id, a.name
           FROM agents a JOIN department_agents m ON m.agent_id = a.id WHERE a.role = 'agent';",
        values(&NAMES),
        values(&SAYINGS)
    )
}

fn contacts(dialect: &Dialect, size: Size) -> String {
    let name = "a.name || ' ' || b.name || ' ' || c.name";
    format!(
        "INSERT INTO contacts (id, workspace_id, number, name, name_key, email, phone, created_at)
         SELECT {id}, w.id, i, {name}, {name}, a.name || '.' || c.name || i || '@exemplo.com.br', '+55119' || (10000000 + i), 0
         FROM {numbers} JOIN names a ON a.k = i % 30 JOIN names b ON b.k = (i / 30) % 30 JOIN names c ON c.k = (i / 900) % 30 CROSS JOIN workspaces w;",
        id = dialect.id("1700000000000 + i", 1, "i"),
        numbers = dialect.numbers(size.contacts),
    )
}

/// The last ones are unfinished. Departments and agents take turns; a contact comes back every some days.
fn conversations(dialect: &Dialect, size: Size) -> String {
    let Size { conversations, contacts, open, queue } = size;
    let a_day = Size::A_DAY;
    let days = conversations / a_day + 1;
    // The last conversation was opened just now.
    let opened =
        format!("(1795176000000000 - {days} * 86400000000 + (i / {a_day}) * 86400000000 + (i % {a_day}) * 90000000)");
    let (first_open, first_queued) = (conversations - open - queue, conversations - queue);
    let state =
        format!("CASE WHEN i > {first_queued} THEN 'queue' WHEN i > {first_open} THEN 'open' ELSE 'closed' END");
    let waits = format!("i > {first_queued}");
    format!(
        "INSERT INTO conversations (id, workspace_id, project_id, department_id, connection_id, contact_id, protocol, state, assignee_id, assignee_name,
           last_position, last_seq, unread, last_message, last_message_at, waiting_since, opened_at, queued_at, taken_at, closed_at, visit)
         SELECT {id}, d.workspace_id, d.project_id, d.id, site.id, {contact}, {day} || '-' || {count}, {state},
           CASE WHEN {waits} THEN NULL ELSE a.id END, CASE WHEN {waits} THEN NULL ELSE a.name END, {each}, {each}, 0,
           '{{\"kind\":\"text\",\"from\":\"visitor\",\"name\":null,\"text\":\"' || s.saying || '\"}}', {opened} + 900000000,
           CASE WHEN i > {first_open} AND i % 3 = 0 THEN {opened} + 900000000 END, {opened},
           CASE WHEN {waits} THEN {opened} END, CASE WHEN {waits} THEN NULL ELSE {opened} + 60000000 END,
           CASE WHEN i <= {first_open} THEN {opened} + 1000000000 END,
           '{{\"page\":{{\"url\":\"https://exemplo.com.br/planos\",\"title\":\"Planos\"}},\"user_agent\":\"Mozilla/5.0\",\"language\":\"pt-BR\"}}'
         FROM {numbers} JOIN places d ON d.k = i % 10 JOIN people a ON a.department_id = d.id AND a.k = (i / 10) % 2
           JOIN sayings s ON s.k = i % 16 CROSS JOIN connections site;",
        id = dialect.id(&format!("{opened} / 1000"), 2, "i"),
        contact = dialect.id(&format!("1700000000000 + (i * 7919 % {contacts}) + 1"), 1, &format!("(i * 7919 % {contacts}) + 1")),
        day = dialect.day.replace("{}", &opened),
        count = dialect.four_digits.replace("{}", &format!("i % {a_day} + 1")),
        each = Size::MESSAGES_EACH,
        numbers = dialect.numbers(conversations),
    )
}

fn messages(dialect: &Dialect) -> String {
    let is_visitors = "i % 2 = 1";
    format!(
        "INSERT INTO messages (workspace_id, conversation_id, position, seq, kind, author_kind, author_id, author_name, client_id, text, event, at)
         SELECT c.workspace_id, c.id, i, i, 'text', CASE WHEN {is_visitors} THEN 'visitor' ELSE 'agent' END,
           CASE WHEN {is_visitors} THEN c.contact_id ELSE coalesce(c.assignee_id, c.contact_id) END, CASE WHEN {is_visitors} THEN NULL ELSE c.assignee_name END,
           {id}, s.saying || CASE WHEN i = 3 AND c.opened_at / 90000000 % 5000 = 0 THEN ' protetor' ELSE '' END, NULL, c.opened_at + i * 60000000
         FROM conversations c CROSS JOIN {numbers} JOIN sayings s ON s.k = (c.opened_at / 90000000 + i) % 16;",
        id = dialect.id("c.opened_at / 1000 + i", 3, "c.opened_at / 1000 * 16 + i"),
        numbers = dialect.numbers(Size::MESSAGES_EACH),
    )
}

fn search(dialect: &Dialect) -> String {
    if dialect.series == SQLITE.series {
        return "INSERT INTO message_search (workspace_id, conversation_id, position, text) \
                SELECT workspace_id, conversation_id, position, text FROM messages ORDER BY at;"
            .to_owned();
    }
    "CREATE TEMPORARY TABLE kept AS SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'message_search' AND indexname LIKE 'ix_%';
     DO $$ DECLARE one record; BEGIN FOR one IN SELECT * FROM kept LOOP EXECUTE 'DROP INDEX ' || one.indexname; END LOOP; END $$;
     INSERT INTO message_search (workspace_id, conversation_id, position, document, at)
       SELECT workspace_id, conversation_id, position, to_tsvector('simple', text), at FROM messages ORDER BY at;
     DO $$ DECLARE one record; BEGIN FOR one IN SELECT * FROM kept LOOP EXECUTE one.indexdef; END LOOP; END $$;"
        .to_owned()
}

/// New conversations go on counting where these end.
fn counters(dialect: &Dialect) -> String {
    format!(
        "INSERT INTO counters (workspace_id, name, value) SELECT workspace_id, 'protocol:' || {day}, count(*) FROM conversations GROUP BY 1, 2;
         INSERT INTO counters (workspace_id, name, value) SELECT workspace_id, 'contact', count(*) FROM contacts GROUP BY 1;",
        day = dialect.day.replace("{}", "opened_at"),
    )
}
