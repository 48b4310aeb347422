//! What receiving servers write about a mail's sender (RFC 8601). Anybody may write such a header: only the own server's counts, by its name, and
//! of those the nearest.

use balcao_types::rules::text::one_line;
use mail_parser::Message;

use super::head::raw;

/// What one server claims to have found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The server's name, in lower case.
    pub server: String,
    pub spf: Option<String>,
    pub dkim: Option<String>,
    pub dmarc: Option<String>,
}

/// All of them, the nearest first.
pub(super) fn of(message: &Message<'_>) -> Vec<Findings> {
    raw(message, "Authentication-Results").take(20).map(read).collect()
}

fn read(value: &str) -> Findings {
    let value = without_comments(value);
    let mut parts = value.split(';');
    let server = parts.next().and_then(|first| first.split_whitespace().next()).unwrap_or("");
    let mut findings = Findings { server: server.to_ascii_lowercase(), ..Findings::default() };
    for part in parts {
        let Some((method, result)) = part.split_whitespace().next().and_then(|first| first.split_once('=')) else {
            continue;
        };
        let result = Some(one_line(&result.to_ascii_lowercase(), 20));
        let place = match method.split('/').next().unwrap_or("").to_ascii_lowercase().as_str() {
            "spf" => &mut findings.spf,
            "dkim" => &mut findings.dkim,
            "dmarc" => &mut findings.dmarc,
            _ => continue,
        };
        // Of several signatures one that holds is enough.
        if place.is_none() || result.as_deref() == Some("pass") {
            *place = result;
        }
    }
    findings
}

/// Comments stand in parentheses, which nest.
fn without_comments(value: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn findings_are_read_by_server_and_method() {
        let raw = "Authentication-Results: MX.loja.test 1; spf=pass (a; spf=fail) smtp.mailfrom=exemplo.test;\r\n\
            \tdkim=fail header.d=x; dkim=pass header.d=exemplo.test; dmarc=none; foo=bar\r\n\
            Authentication-Results: mal.test; dmarc=pass\r\nFrom: a@b.c\r\n\r\noi";
        let findings = parse(raw.as_bytes()).unwrap().findings;
        assert_eq!(findings.len(), 2);
        assert_eq!(findings[0].server, "mx.loja.test");
        assert_eq!(findings[0].spf.as_deref(), Some("pass"));
        assert_eq!(findings[0].dkim.as_deref(), Some("pass"));
        assert_eq!(findings[0].dmarc.as_deref(), Some("none"));
        assert_eq!(findings[1].server, "mal.test");
    }
}
