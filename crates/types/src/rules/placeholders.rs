//! `{name}` in a text that somebody has written: which there are, and what a text is without one.

/// The names that stand in braces, in their order. Braces that hold anything but letters and underscores are only braces.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        let is_name = !name.is_empty() && name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_');
        is_name.then_some(name)
    })
}

/// Whether a text asks for something.
pub fn has(text: &str, name: &str) -> bool {
    placeholders(text).any(|one| one == name)
}

/// The text where it is not known what it asks for: without it, and without what led up to it.
pub fn without(text: &str, name: &str) -> String {
    let asked = format!("{{{name}}}");
    let mut left = text.to_owned();
    for before in [", ", " "] {
        left = left.replace(&format!("{before}{asked}"), "");
    }
    let left = left.replace(&asked, "");
    let begun = left.trim_start_matches([',', ' ', '.', '!']);
    // What stood in the middle of a sentence begins it now.
    let mut signs = begun.chars();
    match signs.next() {
        Some(first) if begun.len() < text.len() && text.starts_with(&asked) => {
            first.to_uppercase().chain(signs).collect()
        }
        _ => begun.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{has, placeholders, without};

    #[test]
    fn names_in_braces_are_found_and_nothing_else() {
        let text = "Oi {name}, você é o {position}º. {} { name } {Nome} {a{b} }c{ {last_one}";
        assert_eq!(placeholders(text).collect::<Vec<_>>(), ["name", "position", "b", "last_one"]);
        assert!(has(text, "position") && !has(text, "company"));
    }

    #[test]
    fn a_text_without_a_name_reads_as_if_it_had_never_asked() {
        assert_eq!(without("Olá, {name}! Tudo bem?", "name"), "Olá! Tudo bem?");
        assert_eq!(without("Olá {name}, tudo bem?", "name"), "Olá, tudo bem?");
        assert_eq!(without("{name}, como podemos ajudar?", "name"), "Como podemos ajudar?");
        assert_eq!(without("Olá", "name"), "Olá");
    }
}
