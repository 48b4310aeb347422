//! Google's tag ids (D-009), by themselves or inside the snippet that Google hands out.

/// The kinds of ids there are, longer ones before those they begin with.
const KINDS: [&str; 6] = ["GTM-", "GT-", "G-", "AW-", "DC-", "UA-"];
/// The longest id.
const LONGEST: usize = 40;

/// The first id in what was typed or pasted; none where there is none.
pub fn google_tag(typed: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    typed.split(|c: char| !is_part(c)).find_map(|word| {
        let id = word.to_ascii_uppercase();
        let rest = KINDS.iter().find_map(|kind| id.strip_prefix(kind))?;
        let is_id = rest.len() >= 4 && rest.bytes().any(|byte| byte.is_ascii_digit() || id.starts_with("GTM-"));
        (is_id && id.len() <= LONGEST && !rest.starts_with('-') && !rest.ends_with('-')).then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::google_tag;

    #[test]
    fn an_id_is_found_by_itself_and_in_what_google_hands_out() {
        let snippet = "<!-- Google tag (gtag.js) --><script async src=\"https://www.googletagmanager.com/gtag/js?id=G-AB12CD34EF\">\
            </script><script>window.dataLayer = window.dataLayer || []; gtag('config', 'G-AB12CD34EF');</script>";
        let manager = "<script>(function(w,d,s,l,i){})(window,document,'script','dataLayer','GTM-KXQZWVB');</script>";
        for (typed, id) in [
            (" g-ab12cd34ef ", "G-AB12CD34EF"),
            ("GTM-KXQZWVB", "GTM-KXQZWVB"),
            ("GT-WR4Q2LK", "GT-WR4Q2LK"),
            ("AW-123456789", "AW-123456789"),
            ("DC-1234567", "DC-1234567"),
            ("UA-12345678-1", "UA-12345678-1"),
            (snippet, "G-AB12CD34EF"),
            (manager, "GTM-KXQZWVB"),
        ] {
            assert_eq!(google_tag(typed).as_deref(), Some(id), "{typed}");
        }
    }

    #[test]
    fn what_is_no_id_is_none() {
        for wrong in ["", "G-", "G-1", "X-AB12CD34EF", "google", "G-';alert(1)//", "GTM-", "UA--123456", "<script>"] {
            assert_eq!(google_tag(wrong), None, "{wrong}");
        }
    }
}
