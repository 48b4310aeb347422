//! The languages the product speaks, and the choice among them from what a browser asks for.

use crate::text_enum::text_enum;

text_enum! {
    /// A language of the product.
    #[derive(Default)]
    Language {
        /// Brazilian Portuguese, the first market's language and the default.
        #[default]
        Portuguese = "pt-BR",
        English = "en",
        Spanish = "es",
    }
}

impl Language {
    /// Chooses from an `Accept-Language` header (RFC 9110 §12.5.4) or a plain tag such as `es-AR`; `None` when none of ours is asked for.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut asked: Vec<(f32, &str)> = header
            .split(',')
            .take(20)
            .filter_map(|part| {
                let (tag, parameter) = part.split_once(';').unwrap_or((part, "q=1"));
                let weight = parameter.trim().strip_prefix("q=").or(parameter.trim().strip_prefix("Q="))?;
                Some((weight.trim().parse::<f32>().ok()?, tag.trim()))
            })
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        asked.sort_by(|left, right| right.0.total_cmp(&left.0));
        asked.iter().find_map(|(_, tag)| Self::from_tag(tag))
    }

    fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "pt" => Some(Self::Portuguese),
            "en" => Some(Self::English),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(Language::from_accept_language("fr;q=1, es-AR;q=0.8, en;q=0.9"), Some(Language::English));
        assert_eq!(Language::from_accept_language("pt; q=0.5 , en ; q=0.8"), Some(Language::English));
        assert_eq!(Language::from_accept_language("pt-PT"), Some(Language::Portuguese));
        assert_eq!(Language::from_accept_language("*;q=0, de"), None);
    }
}
