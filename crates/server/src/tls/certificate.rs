//! A certificate with its key, read from two files and checked before it is used.

use std::{path::Path, sync::Arc};

use balcao_platform::config::TlsConfig;
use balcao_types::Timestamp;
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use super::validity;

/// A certificate that can be served.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub(super) certified: Arc<CertifiedKey>,
    /// The last moment at which it is valid.
    pub expires_at: Timestamp,
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// A sentence that begins with the configuration key that is wrong.
    pub fn read(config: &TlsConfig) -> Result<Self, String> {
        let chain = chain(&config.certificate)?;
        let first = chain.first().ok_or_else(|| fault("certificate", &config.certificate, "holds no certificate"))?;
        let expires_at = validity::not_after(first)
            .ok_or_else(|| fault("certificate", &config.certificate, "does not say until when it is valid"))?;
        let key = PrivateKeyDer::from_pem_file(&config.key)
            .map_err(|error| fault("key", &config.key, &format!("holds no key that can be read: {error}")))?;
        let provider = rustls::crypto::CryptoProvider::get_default().ok_or("no TLS provider was chosen")?;
        let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => fault("key", &config.key, "does not belong to tls.certificate"),
            other => fault("key", &config.key, &format!("cannot be used: {other}")),
        })?;
        Ok(Self { certified: Arc::new(certified), expires_at })
    }
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let unreadable = |error| fault("certificate", path, &format!("cannot be read: {error}"));
    CertificateDer::pem_file_iter(path).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)
}

fn fault(key: &str, path: &Path, what: &str) -> String {
    format!("tls.{key}: {} {what}", path.display())
}
