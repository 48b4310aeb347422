//! Rules on people's texts.

/// The longest message, in Unicode scalar values.
pub const MESSAGE_MAX: usize = 10_000;

/// The longest excerpt shown in lists, in Unicode scalar values.
pub const EXCERPT_MAX: usize = 160;

/// The first line's worth of a text for lists: white space folded to single spaces, at most 160 characters.
pub fn excerpt(text: &str) -> String {
    let mut short = String::with_capacity(text.len().min(EXCERPT_MAX * 2));
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if short.len() > EXCERPT_MAX * 4 {
            break;
        }
    }
    match short.char_indices().nth(EXCERPT_MAX) {
        Some((end, _)) => {
            short.truncate(end);
            short
        }
        None => short,
    }
}

/// Whether a text holds a character neither engine nor screen should see: U+0000 (PostgreSQL refuses it) or another control character
/// besides line break and tab.
pub fn has_forbidden_character(text: &str) -> bool {
    text.chars().any(|c| c == '\0' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

/// The form under which names and addresses are compared: lower case, without accents of the Latin script, white space folded.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase).map(without_accent));
    }
    out
}

const fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, folded, has_forbidden_character};

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt("  Oi,\n bom \t dia "), "Oi, bom dia");
        assert_eq!(excerpt(&"ã".repeat(500)).chars().count(), 160);
    }

    #[test]
    fn folding_ignores_case_accents_and_spaces() {
        assert_eq!(folded(" João  ÁVILA "), "joao avila");
    }

    #[test]
    fn line_breaks_are_text_and_nul_is_not() {
        assert!(!has_forbidden_character("a\r\nb\tc"));
        assert!(has_forbidden_character("a\0b"));
        assert!(has_forbidden_character("a\u{1b}[31m"));
    }
}
