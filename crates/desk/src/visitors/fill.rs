//! Filling scripts and pages in, so that nothing in what is filled in can end its place.

use serde_json::Value;

/// JSON as it may stand inside a script or a page: nothing in it can end the element or the line.
pub(super) fn script_json(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// Fills a template in one pass, so that no text is taken for a place to fill.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let place = part.split_once("}}");
        let value = place.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name));
        match (place, value) {
            (Some((_, rest)), Some((_, value))) => page.extend([*value, rest]),
            _ => page.extend(["{{", part]),
        }
    }
    page
}

pub(super) fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::script_json;

    #[test]
    fn text_in_a_page_cannot_end_its_element() {
        let text = script_json(&json!({"a": "</script><!--\u{2028}&"}));
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&') && !text.contains('\u{2028}'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json!({"a": "</script><!--\u{2028}&"}));
    }
}
