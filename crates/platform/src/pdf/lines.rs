//! Breaks texts into lines that fit, and lines into runs of one direction of writing.

use super::face::Face;

/// The lines of a text, in the order of reading, none wider than `width` (as a part of the font's size). Breaks after spaces, else anywhere.
pub fn broken(face: &Face, text: &str, width: f32) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split(['\n', '\u{2028}', '\u{2029}']).flat_map(|line| broken_line(face, &plain(line), width)).collect()
}

/// Without what cannot be drawn: controls go, tabs become spaces, and what only turns, joins or colours what stands
/// around it goes too: a family becomes its members, a skin its hand.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\t' => out.push_str("    "),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{1f3fb}'..='\u{1f3ff}' => {}
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
    out
}

fn broken_line(face: &Face, line: &str, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut current, mut used) = (String::new(), 0.0);
    for word in line.split_inclusive(' ') {
        let wide = face.width(word);
        // The space at the end may hang over.
        if used + face.width(word.trim_end()) > width && !current.is_empty() {
            lines.push(std::mem::take(&mut current));
            used = 0.0;
        }
        if wide <= width {
            current.push_str(word);
            used += wide;
            continue;
        }
        for character in word.chars() {
            let wide = face.glyph(character).width;
            if used + wide > width && !current.is_empty() {
                lines.push(std::mem::take(&mut current));
                used = 0.0;
            }
            current.push(character);
            used += wide;
        }
    }
    lines.push(current);
    lines
}

/// A piece of a line that is written in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    pub text: &'a str,
    pub is_rightward: bool,
}

/// The runs of a line from left to right, and whether the line begins at the right. What is neither (spaces, signs) goes with what stands
/// before it. Simpler than UAX #9, and enough to be read.
pub fn runs(line: &str) -> (Vec<Run<'_>>, bool) {
    let from_right = line.chars().find_map(direction).is_some_and(|is_rightward| !is_rightward);
    let mut runs: Vec<Run<'_>> = Vec::new();
    let (mut start, mut present) = (0, !from_right);
    for (place, character) in line.char_indices() {
        let Some(is_rightward) = direction(character) else { continue };
        if is_rightward != present {
            let before = line.get(start..place).unwrap_or("");
            // What stands between two directions belongs to the line's own.
            let words = before.trim_end_matches(|c| direction(c).is_none());
            let end = if present == from_right { start + words.len() } else { place };
            push(&mut runs, line.get(start..end).unwrap_or(""), present);
            start = end;
            present = is_rightward;
        }
    }
    push(&mut runs, line.get(start..).unwrap_or(""), present);
    if from_right {
        runs.reverse();
    }
    (runs, from_right)
}

fn push<'a>(runs: &mut Vec<Run<'a>>, text: &'a str, is_rightward: bool) {
    if !text.is_empty() {
        runs.push(Run { text, is_rightward });
    }
}

/// Whether a character is written to the right; none for what goes with its neighbours.
fn direction(character: char) -> Option<bool> {
    match character {
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => Some(false),
        character if character.is_alphanumeric() => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Face, broken, runs};

    #[test]
    fn lines_break_after_words_and_long_words_anywhere() {
        let face = Face::get().unwrap();
        let text = "Olá, tudo bem? ".repeat(20) + &"x".repeat(300) + "\r\nfim\tda linha";
        let lines = broken(face, &text, 20.0);
        assert!(lines.iter().all(|line| face.width(line.trim_end()) <= 20.0), "{lines:?}");
        assert_eq!(lines.concat(), text.replace("\r\n", "").replace('\t', "    "));
        assert!(lines[0].ends_with(' ') && lines.last().is_some_and(|line| line == "fim    da linha"));
        assert_eq!(broken(face, "", 20.0), [""]);
        assert_eq!(broken(face, "a\n\nb\u{0}\u{202e}c", 20.0), ["a", "", "bc"]);
        assert_eq!(broken(face, &"W".repeat(5), 0.1).len(), 5);
        assert_eq!(broken(face, "👩🏽\u{200d}💻 ❤\u{fe0f}", 20.0), ["👩💻 ❤"]);
    }

    #[test]
    fn pictures_have_their_own_font_and_only_what_no_font_has_is_replaced() {
        let face = Face::get().unwrap();
        let replacement = face.glyph('\u{fffd}');
        for picture in "😀👍🎉🙏🚗🇧".chars() {
            assert!(face.glyph(picture).is_picture, "{picture}");
        }
        for letter in "açõ€שم✓❤".chars() {
            let glyph = face.glyph(letter);
            assert!(!glyph.is_picture && glyph.id != replacement.id && glyph.width > 0.0, "{letter}");
        }
        let unknown = face.glyph('漢');
        assert!(!unknown.is_picture && unknown.id == replacement.id);
    }

    #[test]
    fn each_direction_of_writing_is_a_run() {
        let told = |line: &'static str| {
            let (runs, from_right) = runs(line);
            (runs.into_iter().map(|run| (run.text, run.is_rightward)).collect::<Vec<_>>(), from_right)
        };
        assert_eq!(told("Oi, tudo bem?"), (vec![("Oi, tudo bem?", true)], false));
        assert_eq!(told("שלום"), (vec![("שלום", false)], true));
        assert_eq!(told("Oi שלום !"), (vec![("Oi ", true), ("שלום !", false)], false));
        let (mixed, from_right) = told("שלום abc שלום");
        assert!(from_right && mixed.len() == 3 && mixed[1].1, "{mixed:?}");
        assert_eq!(told(""), (vec![], false));
    }
}
