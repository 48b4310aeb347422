//! Random secrets and their fingerprints: a token is shown once, the database keeps its hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A new secret of 256 random bits, base64url without padding (43 characters).
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The SHA-256 of a secret in lower-case hex: what is stored in its place. A random token needs no salt.
pub fn fingerprint(secret: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(secret.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// An id that follows from what it is made of: the same everywhere and at any time, and nothing leads back from it. The parts are joined as they are.
pub fn derived_id(parts: &[&[u8]]) -> Uuid {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    let mut bytes = [0_u8; 16];
    for (byte, hashed) in bytes.iter_mut().zip(digest.finalize()) {
        *byte = hashed;
    }
    Uuid::new_v8(bytes)
}

/// Whether a text has the shape of a token: 43 characters of base64url.
pub fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, is_token, new_token};

    #[test]
    fn tokens_are_new_each_time_and_have_the_shape() {
        let token = new_token();
        assert!(is_token(&token));
        assert_ne!(token, new_token());
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
