//! On which sites a widget may appear (D-072).

/// The host of a serialized origin (`https://loja.com.br:8443` → `loja.com.br`), in lower case; none for `null` and opaque origins.
pub fn host_of_origin(origin: &str) -> Option<String> {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = if let Some(end) = authority.strip_prefix('[') {
        end.split(']').next()?
    } else {
        authority.split(':').next()?
    };
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether `host` is on the list: the exact name, the name with or without `www.`, or below a `*.` entry. An empty list allows any.
pub fn is_allowed(host: &str, allowed: &[String]) -> bool {
    if allowed.is_empty() {
        return true;
    }
    let bare = host.strip_prefix("www.").unwrap_or(host);
    allowed.iter().any(|entry| match entry.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|front| front.is_empty() || front.ends_with('.')),
        None => entry.strip_prefix("www.").unwrap_or(entry) == bare,
    })
}

/// A domain as typed (`https://Loja.com.br/contato`, `*.loja.com.br`) in the form it is kept; none when it is not a host name.
pub fn normalised(typed: &str) -> Option<String> {
    let typed = typed.trim().to_ascii_lowercase();
    let bare = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
    let host = bare.split(['/', '?', '#', ':']).next()?;
    let labels = host.strip_prefix("*.").unwrap_or(host);
    let is_host = labels.len() <= 253
        && labels.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    is_host.then(|| host.to_owned())
}

/// The sources of a `frame-ancestors` directive for these domains, both schemes and any port; `*` when any site is allowed.
pub fn frame_ancestors(allowed: &[String]) -> String {
    if allowed.is_empty() {
        return "*".to_owned();
    }
    let mut sources = vec!["'self'".to_owned()];
    for entry in allowed {
        let names = match entry.strip_prefix("*.") {
            Some(parent) => vec![entry.clone(), parent.to_owned()],
            None => {
                let bare = entry.strip_prefix("www.").unwrap_or(entry);
                vec![bare.to_owned(), format!("www.{bare}")]
            }
        };
        for name in names {
            sources.push(format!("https://{name}:*"));
            sources.push(format!("http://{name}:*"));
        }
    }
    sources.join(" ")
}

/// The origins on which the widget may appear, as a pattern for browsers: those of the list, as [`is_allowed`] reads it, and our own; empty
/// when any site is allowed.
pub fn page_pattern(allowed: &[String], own: &str) -> String {
    if allowed.is_empty() {
        return String::new();
    }
    let hosts: Vec<String> = allowed
        .iter()
        .map(|entry| match entry.strip_prefix("*.") {
            Some(parent) => format!("(.+\\.)?{}", literal(parent)),
            None => format!("(www\\.)?{}", literal(entry.strip_prefix("www.").unwrap_or(entry))),
        })
        .collect();
    format!("^https?://({})(:|$)|^{}$", hosts.join("|"), literal(own))
}

/// A text that stands for itself in a pattern.
fn literal(text: &str) -> String {
    let mut all = String::new();
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() && !":/-".contains(character) {
            all.push('\\');
        }
        all.push(character);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{host_of_origin, is_allowed, normalised, page_pattern};

    #[test]
    fn the_browsers_pattern_names_the_list_and_our_own_pages() {
        assert_eq!(page_pattern(&[], "https://chat.loja.com"), "");
        assert_eq!(
            page_pattern(&list(&["*.loja.com.br", "www.banco.com"]), "http://[::1]:8080"),
            r"^https?://((.+\.)?loja\.com\.br|(www\.)?banco\.com)(:|$)|^http://\[::1\]:8080$"
        );
    }

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    #[test]
    fn wildcards_and_www_are_understood() {
        let allowed = list(&["*.loja.com.br", "www.banco.com"]);
        for host in ["loja.com.br", "www.loja.com.br", "a.b.loja.com.br", "banco.com", "www.banco.com"] {
            assert!(is_allowed(host, &allowed), "{host}");
        }
        for host in ["minhaloja.com.br", "loja.com.br.evil.com", "app.banco.com", ""] {
            assert!(!is_allowed(host, &allowed), "{host}");
        }
        assert!(is_allowed("anything", &[]));
    }

    #[test]
    fn an_origin_gives_its_host() {
        assert_eq!(host_of_origin("https://Loja.com.br:8443").as_deref(), Some("loja.com.br"));
        assert_eq!(host_of_origin("http://[::1]:80").as_deref(), Some("::1"));
        assert_eq!(host_of_origin("null"), None);
        assert_eq!(host_of_origin("file://"), None);
    }

    #[test]
    fn typed_domains_are_cleaned_or_refused() {
        assert_eq!(normalised(" https://Loja.com.br/contato ").as_deref(), Some("loja.com.br"));
        assert_eq!(normalised("*.loja.com.br").as_deref(), Some("*.loja.com.br"));
        assert_eq!(normalised("localhost").as_deref(), Some("localhost"));
        assert_eq!(normalised("não é"), None);
        assert_eq!(normalised("a;b"), None);
    }
}
