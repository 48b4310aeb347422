//! Colours that can be read (D-041, D-042), by WCAG 2.2: relative luminance and contrast ratio.

/// Enough for text of any size (success criterion 1.4.3).
pub const ENOUGH: f64 = 4.5;

/// A colour as `#rrggbb` in lower case; none for anything else.
pub fn normalised(typed: &str) -> Option<String> {
    let colour = typed.trim().to_ascii_lowercase();
    let digits = colour.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(colour)
}

/// How bright `#rrggbb` is, from 0 to 1; 0 for what is no colour.
fn luminance(colour: &str) -> f64 {
    let value = colour.get(1..).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    let part = |bits: u32| {
        let level = f64::from((value >> bits) & 255) / 255.0;
        if level <= 0.040_45 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

/// The contrast of two colours, from 1 to 21.
pub fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// White where it can be read on a colour, else black: one of them always can.
pub fn text_on(colour: &str) -> &'static str {
    if contrast(colour, "#ffffff") >= ENOUGH { "#ffffff" } else { "#000000" }
}

/// `part` of the way from one colour to another, from 0 to 1.
fn mixed(from: &str, to: &str, part: f64) -> String {
    let parsed = |colour: &str| colour.get(1..).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    let (from, to) = (parsed(from), parsed(to));
    let level = |bits: u32| {
        let (one, other) = (f64::from((from >> bits) & 255), f64::from((to >> bits) & 255));
        (other - one).mul_add(part, one).round()
    };
    format!("#{:02x}{:02x}{:02x}", level(16) as u8, level(8) as u8, level(0) as u8)
}

/// A colour as text on a surface: moved towards `text`, which can be read there, until it can be read too.
fn readable(colour: &str, surface: &str, text: &str) -> String {
    (0..10)
        .map(|step| mixed(colour, text, f64::from(step) / 10.0))
        .find(|mixed| contrast(mixed, surface) >= ENOUGH)
        .unwrap_or_else(|| text.to_owned())
}

/// What the company's colour becomes in the chat; the surfaces are those of the panel's style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tint {
    /// A message that is not sent yet: a shade further away from the text that can be read on it.
    pub pending: String,
    /// The colour as text on the light surface.
    pub ink_light: String,
    /// The colour as text on the dark one.
    pub ink_dark: String,
}

impl Tint {
    pub fn of(colour: &str) -> Self {
        let away = if text_on(colour) == "#ffffff" { "#000000" } else { "#ffffff" };
        Self {
            pending: mixed(colour, away, 0.14),
            ink_light: readable(colour, "#ffffff", "#1d1d1b"),
            ink_dark: readable(colour, "#232322", "#ffffff"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ENOUGH, Tint, contrast, normalised, text_on};

    #[test]
    fn the_companys_colour_can_be_read_as_text_and_carries_text() {
        for step in 0..4_096_u32 {
            let colour = format!("#{:06x}", step * 4_099 % 0x0100_0000);
            let Tint { pending, ink_light, ink_dark } = Tint::of(&colour);
            assert!(contrast(&pending, text_on(&colour)) >= ENOUGH, "{colour}: {pending}");
            assert!(contrast(&ink_light, "#ffffff") >= ENOUGH, "{colour}: {ink_light}");
            assert!(contrast(&ink_dark, "#232322") >= ENOUGH, "{colour}: {ink_dark}");
        }
        assert_eq!(Tint::of("#1f6f5c").ink_light, "#1f6f5c", "what can be read stays");
    }

    #[test]
    fn on_every_colour_one_text_can_be_read() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 0.001, "the figure everybody quotes");
        for step in 0..4_096_u32 {
            let colour = format!("#{:06x}", step * 4_099 % 0x0100_0000);
            assert!(contrast(&colour, text_on(&colour)) >= ENOUGH, "{colour}");
        }
        assert_eq!((text_on("#1f6f5c"), text_on("#ffcc00")), ("#ffffff", "#000000"));
    }

    #[test]
    fn a_colour_has_six_digits() {
        assert_eq!(normalised(" #1F6F5C ").as_deref(), Some("#1f6f5c"));
        for wrong in ["", "#fff", "1f6f5c", "#1f6f5g", "#1f6f5c0", "red", "#é6f5c"] {
            assert_eq!(normalised(wrong), None, "{wrong}");
        }
    }
}
