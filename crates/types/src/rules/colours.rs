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

#[cfg(test)]
mod tests {
    use super::{ENOUGH, contrast, normalised, text_on};

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
