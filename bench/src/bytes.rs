//! What travels to a visitor's browser: the loader alone, and the opened panel with everything it loads.

use crate::Result;
use crate::site::Site;
use crate::sums::Figures;
use std::collections::BTreeSet;

pub async fn weigh(site: &Site, code: &str) -> Result<Figures> {
    let (loader, _script) = site.gzipped(&format!("/widgets/{code}.js")).await?;
    let panel = format!("/widgets/{code}");
    let (mut opened, page) = site.gzipped(&panel).await?;
    let (mut seen, mut waiting) = (BTreeSet::new(), references(&page, &panel));
    while let Some(path) = waiting.pop() {
        if seen.insert(path.clone()) {
            let (bytes, text) = site.gzipped(&path).await?;
            opened += bytes;
            waiting.extend(references(&text, &path));
        }
    }
    Ok(Figures::from([
        ("bytes.loader_gzip".to_owned(), loader as f64),
        ("bytes.opened_gzip".to_owned(), opened as f64),
        ("bytes.opened_requests".to_owned(), 1.0 + seen.len() as f64),
    ]))
}

/// Scripts and styles that a page, script or style of ours names in quotes, as absolute paths; without those that it only fetches when they are wanted.
fn references(text: &str, from: &str) -> Vec<String> {
    let pieces = without_late_imports(text).flat_map(|part| part.split(['"', '\'', '`', '(', ')', ' ', '>']));
    let named = pieces.filter(|piece| is_asset(piece)).map(|piece| resolve(piece, from));
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The text around every `import(…)`.
fn without_late_imports(text: &str) -> impl Iterator<Item = &str> {
    let mut parts = text.split("import(");
    let first = parts.next();
    first.into_iter().chain(parts.map(|part| part.split_once(')').map_or("", |(_, after)| after)))
}

fn is_asset(piece: &str) -> bool {
    let path = piece.split('?').next().unwrap_or_default();
    let has_name = path.rsplit('/').next().is_some_and(|name| name.len() > 4);
    let is_local = path.starts_with("./") || (path.starts_with('/') && !path.starts_with("//"));
    is_local
        && has_name
        && (path.ends_with(".js") || path.ends_with(".css") || path.ends_with(".mjs"))
        && !path.contains(['{', '$', '\\'])
}

fn resolve(piece: &str, from: &str) -> String {
    match piece.strip_prefix("./") {
        None => piece.to_owned(),
        Some(rest) => format!("{}/{rest}", from.rsplit_once('/').map_or("", |(folder, _)| folder)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_are_found_wherever_they_are_named() {
        let page = r#"<link rel="stylesheet" href="/assets/panel-1.css"><script type="module" src="/assets/panel-1.js"></script>"#;
        assert_eq!(references(page, "/widgets/x"), ["/assets/panel-1.css", "/assets/panel-1.js"]);
        assert_eq!(references(r#"import{a}from"./part-2.js";"#, "/assets/panel-1.js"), ["/assets/part-2.js"]);
        assert!(references("open=()=>import(`./late-3.js`).then(f)", "/assets/panel-1.js").is_empty());
        assert!(references(r#"fetch("https://x.example/a.js"); "a.js""#, "/a/b.js").is_empty());
    }
}
