//! Who is logged in on a site, by the site's own signature: the HMAC-SHA256 of the customer's id under the connection's secret, in hex (D-070).

use balcao_types::rules::text::{has_forbidden_character, is_blank};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use sha2::Sha256;

use crate::conversations::CUSTOMER_ID_MAX;

/// The customer's id in `<id>,<signature>`, each percent-encoded; none where the site has not signed it. Compares in constant time.
pub fn signed_customer(secret: &str, said: &str) -> Option<String> {
    let (id, signature) = said.split_once(',')?;
    let id = percent_decode_str(id).decode_utf8().ok()?;
    let signature = from_hex(&percent_decode_str(signature).decode_utf8().ok()?)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(id.as_bytes());
    mac.verify_slice(&signature).ok()?;
    let is_usable = !is_blank(&id) && !has_forbidden_character(&id) && id.chars().count() <= CUSTOMER_ID_MAX;
    is_usable.then(|| id.into_owned())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| {
        (0..text.len()).step_by(2).filter_map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
    })
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::signed_customer;
    use crate::conversations::CUSTOMER_ID_MAX;

    /// By `printf %s 'cliente 42' | openssl dgst -sha256 -hmac segredo`.
    const SIGNATURE: &str = "8e392b9d1a11c5400e330b6da099404ead8540700dd423bbf6723a220b8e81fa";

    #[test]
    fn only_what_the_site_has_signed_is_believed() {
        let read = |said: &str| signed_customer("segredo", said);
        assert_eq!(read(&format!("cliente%2042,{SIGNATURE}")).as_deref(), Some("cliente 42"));
        assert_eq!(read(&format!("cliente%2042,{}", SIGNATURE.to_uppercase())).as_deref(), Some("cliente 42"));
        let wrong = ["", ",", "cliente%2042", "cliente%2042,", "cliente%2042,zz", "cliente%2042,00", "%ff,00", "á,é"];
        for said in wrong.map(str::to_owned).into_iter().chain([format!("cliente%2043,{SIGNATURE}")]) {
            assert_eq!(read(&said), None, "{said}");
        }
        assert_eq!(signed_customer("outro", &format!("cliente%2042,{SIGNATURE}")), None);
    }

    fn signed(id: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"segredo").unwrap();
        mac.update(id.as_bytes());
        let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
        signed_customer("segredo", &format!("{id},{signature}"))
    }

    #[test]
    fn what_no_database_keeps_is_no_id_whoever_has_signed_it() {
        assert_eq!(signed("cliente 42").as_deref(), Some("cliente 42"));
        let longest = "á".repeat(CUSTOMER_ID_MAX);
        assert_eq!(signed(&longest).as_deref(), Some(longest.as_str()));
        for id in ["a\0b", "", "  ", &format!("{longest}b")] {
            assert_eq!(signed(id), None, "{id:?}");
        }
    }
}
