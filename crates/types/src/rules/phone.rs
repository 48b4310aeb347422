//! Phone numbers and Telegram names as people type them (D-006, D-007).

/// The digits of a number with its country code, as `wa.me` wants them; a number without one takes `country` (`55` for Brazil).
/// None when there is a letter or the length cannot be right (8 to 15 digits, ITU-T E.164).
pub fn international(typed: &str, country: &str) -> Option<String> {
    let typed = typed.trim();
    let has_country = typed.starts_with('+') || typed.starts_with("00");
    if typed.chars().any(|c| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '(' | ')' | '-' | '.'))) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    let full = if has_country || (digits.starts_with(country) && digits.len() > 11) {
        digits.to_owned()
    } else {
        format!("{country}{digits}")
    };
    (8..=15).contains(&full.len()).then_some(full)
}

/// What stands behind `t.me/` for `@name`, `name` or a phone number. None for anything else.
pub fn telegram(typed: &str, country: &str) -> Option<String> {
    let typed = typed.trim();
    let name = typed.strip_prefix('@').unwrap_or(typed);
    let is_name = (4..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { Some(name.to_owned()) } else { international(typed, country).map(|digits| format!("+{digits}")) }
}

#[cfg(test)]
mod tests {
    use super::{international, telegram};

    #[test]
    fn a_number_without_country_code_takes_the_companys() {
        assert_eq!(international("(11) 98765-4321", "55").as_deref(), Some("5511987654321"));
        assert_eq!(international("+351 912 345 678", "55").as_deref(), Some("351912345678"));
        assert_eq!(international("5511987654321", "55").as_deref(), Some("5511987654321"));
        assert_eq!(international("0800-VENDAS", "55"), None);
        assert_eq!(international("12", "55"), None);
    }

    #[test]
    fn telegram_takes_names_and_numbers() {
        assert_eq!(telegram("@minha_loja", "55").as_deref(), Some("minha_loja"));
        assert_eq!(telegram("(11) 98765-4321", "55").as_deref(), Some("+5511987654321"));
        assert_eq!(telegram("a b", "55"), None);
    }
}
