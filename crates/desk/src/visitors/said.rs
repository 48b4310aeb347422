//! What the company has the chat say in place of the product's own texts, for the panel's page. What a connection says of its own comes
//! before it, and is the panel's to choose.

use balcao_types::{
    rules::placeholders::{has, without},
    settings::MessageSettings,
};
use serde_json::{Map, Value};

/// Puts the company's messages among the panel's texts. What a text asks for and is not known there is left out, or the product's own stays.
pub(super) fn put_messages(texts: &mut Map<String, Value>, messages: &MessageSettings, company: &str) {
    let mut put = |key: &str, text: String| {
        if !text.is_empty() {
            texts.insert(key.to_owned(), text.replace("{company}", company).into());
        }
    };
    put("home.greeting_named", messages.welcome.replace("{customer_name}", "{name}"));
    put("home.greeting", without(&messages.welcome, "customer_name"));
    put("chat.position", messages.waiting.clone());
    if !has(&messages.waiting, "position") && !has(&messages.waiting, "ahead") {
        put("chat.queue", messages.waiting.clone());
    }
    put("home.offline", messages.offline.clone());
    put("chat.away_note", messages.offline.clone());
    put("event.transferred", messages.transferred.replace("{agent_name}", "{name}"));
    put("event.closed", messages.closing.replace("{agent_name}", "{name}"));
}

#[cfg(test)]
mod tests {
    use balcao_types::settings::MessageSettings;
    use serde_json::{Map, Value};

    use super::put_messages;

    fn put(messages: &MessageSettings) -> Map<String, Value> {
        let mut texts = Map::new();
        texts.insert("home.greeting".to_owned(), "Oi".into());
        put_messages(&mut texts, messages, "Vila Clara");
        texts
    }

    #[test]
    fn what_is_empty_stays_the_products_own() {
        let texts = put(&MessageSettings::default());
        assert_eq!(texts.len(), 1);
        assert_eq!(texts.get("home.greeting").and_then(Value::as_str), Some("Oi"));
    }

    #[test]
    fn the_companys_words_are_filled_as_far_as_they_are_known() {
        let texts = put(&MessageSettings {
            welcome: "Olá, {customer_name}! Aqui é a {company}.".to_owned(),
            waiting: "Você é o {position}º.".to_owned(),
            transferred: "{agent_name} passou você para {target}.".to_owned(),
            ..MessageSettings::default()
        });
        let text = |key: &str| texts.get(key).and_then(Value::as_str);
        assert_eq!(text("home.greeting_named"), Some("Olá, {name}! Aqui é a Vila Clara."));
        assert_eq!(text("home.greeting"), Some("Olá! Aqui é a Vila Clara."));
        assert_eq!(text("chat.position"), Some("Você é o {position}º."));
        assert_eq!(text("chat.queue"), None, "the place is not known there");
        assert_eq!(text("event.transferred"), Some("{name} passou você para {target}."));
    }
}
