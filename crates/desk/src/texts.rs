//! The texts of the product, from `locales/<language>/<surface>.json`, embedded. Keys are flat: `error.not_found`.

use std::{collections::HashMap, sync::LazyLock};

use balcao_types::{ErrorCode, Language, Timestamp};
use jiff::tz::TimeZone;

use crate::error::FieldError;

macro_rules! catalogue {
    ($language:literal) => {
        [
            include_str!(concat!("../../../locales/", $language, "/error.json")),
            include_str!(concat!("../../../locales/", $language, "/widget.json")),
            include_str!(concat!("../../../locales/", $language, "/server.json")),
        ]
    };
}

static PORTUGUESE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(",", &catalogue!("pt-BR")));
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(".", &catalogue!("en")));
static SPANISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(",", &catalogue!("es")));

/// The texts of one language.
pub struct Catalogue {
    /// What stands before the parts of a whole.
    point: &'static str,
    texts: HashMap<String, String>,
}

impl Catalogue {
    fn read(point: &'static str, files: &[&str]) -> Self {
        let mut texts = HashMap::new();
        for file in files {
            match serde_json::from_str::<HashMap<String, String>>(file) {
                Ok(entries) => texts.extend(entries),
                Err(error) => tracing::error!(%error, "a language file cannot be read"),
            }
        }
        Self { point, texts }
    }

    /// The text of a key; the key itself where a text is missing, which a test prevents.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// The text of a key with its prefix; the key itself where a text is missing.
    pub fn text_of<'a>(&'a self, prefix: &str, key: &'a str) -> &'a str {
        self.texts.get(&format!("{prefix}{key}")).map_or(key, String::as_str)
    }

    /// The sentence of an error code.
    pub fn error(&self, code: ErrorCode) -> String {
        self.text(&code.text_key()).to_owned()
    }

    /// The sentence of a wrong field with its facts: `{limit_mb}` is the fact of that name.
    pub fn field_error(&self, fault: &FieldError) -> String {
        let facts = fault.params.as_ref().and_then(serde_json::Value::as_object).into_iter().flatten();
        facts.fold(self.error(fault.code), |sentence, (name, fact)| {
            let fact = match fact {
                serde_json::Value::String(text) => text.clone(),
                number => number.to_string().replace('.', self.point),
            };
            sentence.replace(&format!("{{{name}}}"), &fact)
        })
    }

    /// All texts of a surface, without its prefix.
    pub fn surface(&self, prefix: &str) -> serde_json::Map<String, serde_json::Value> {
        self.texts
            .iter()
            .filter_map(|(key, text)| {
                Some((key.strip_prefix(prefix)?.strip_prefix('.')?.to_owned(), text.clone().into()))
            })
            .collect()
    }

    /// Every key, for the test that compares languages.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }
}

/// A day and a time of day as a language writes them, on the clocks of a zone.
pub fn moment(language: Language, zone: &TimeZone, at: Timestamp) -> (String, String) {
    let at = at.to_jiff().to_zoned(zone.clone());
    let day = if language == Language::English { "%Y-%m-%d" } else { "%d/%m/%Y" };
    (at.strftime(day).to_string(), at.strftime("%H:%M").to_string())
}

/// The texts of a language.
pub fn catalogue(language: Language) -> &'static Catalogue {
    match language {
        Language::Portuguese => &PORTUGUESE,
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
    }
}
