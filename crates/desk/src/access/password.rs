//! Passwords: argon2id with a salt each, off the request threads.

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

use crate::error::{Error, Result};

/// The hash of a password that nobody has, so that an unknown address costs a login as much time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$2vh1kUrJtzGCeFpm4VRLGoEUo0K8UYKTmvI1KwH1pdA";

/// The hash to keep.
///
/// # Errors
/// When hashing fails, which it does only for want of memory.
pub async fn hash(password: String) -> Result<String> {
    let task = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    match task.await {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(error)) => Err(Error::Failed(format!("password hashing: {error}"))),
        Err(error) => Err(Error::Failed(format!("password hashing: {error}"))),
    }
}

/// Whether a password fits a hash; takes as long for a missing hash.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    let task = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && fits
    });
    task.await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, hash, verify};

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let kept = hash("uma senha boa".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("uma senha boa".to_owned(), Some(kept.clone())).await);
        assert!(!verify("outra senha".to_owned(), Some(kept)).await);
        assert!(!verify("uma senha boa".to_owned(), None).await);
    }

    #[test]
    fn the_hash_of_nobody_is_one() {
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODY).is_ok());
    }
}
