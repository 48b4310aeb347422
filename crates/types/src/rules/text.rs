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

/// Whether nobody would see anything: white space and characters without a shape only.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_shapeless(c))
}

/// Whether a text is more than one plain line: it breaks the line or turns the direction of what stands around it.
pub fn leaves_its_line(text: &str) -> bool {
    text.chars().any(is_line_break_or_turn)
}

/// A text that was not typed by hand, as one plain line of at most so many characters.
pub fn one_line(text: &str, characters: usize) -> String {
    text.chars().filter(|c| !c.is_control() && !is_line_break_or_turn(*c)).take(characters).collect()
}

/// Line and paragraph breaks, and the embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX #9).
const fn is_line_break_or_turn(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What Unicode says to be ignorable where it cannot be drawn (`Default_Ignorable_Code_Point`), and the empty Braille pattern.
const fn is_shapeless(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
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
    use super::{excerpt, folded, has_forbidden_character, is_blank, leaves_its_line, one_line};

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
    fn what_nobody_sees_is_blank() {
        for text in ["", " \n\t", "\u{200b}\u{feff}", "\u{202e} \u{2066}", "\u{ad}\u{3164}\u{2800}\u{e0041}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", "\u{200b}.", "\u{202e}a", "👩\u{200d}💻", "\u{301}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn a_line_neither_breaks_nor_turns() {
        for text in ["a\nb", "a\rb", "a\u{2028}b", "\u{202e}gpj.exe", "\u{2067}a\u{2069}"] {
            assert!(leaves_its_line(text), "{text:?}");
            assert!(!leaves_its_line(&one_line(text, 100)), "{text:?}");
        }
        assert!(!leaves_its_line("שלום \u{200f}(a)\tb"));
        assert_eq!(one_line("a\u{0}b\r\nc\u{202e}d", 3), "abc");
    }

    #[test]
    fn line_breaks_are_text_and_nul_is_not() {
        assert!(!has_forbidden_character("a\r\nb\tc"));
        assert!(has_forbidden_character("a\0b"));
        assert!(has_forbidden_character("a\u{1b}[31m"));
    }
}
