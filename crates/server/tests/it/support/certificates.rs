//! Certificates for tests: an authority of their own, and what it issues, as files.

use std::{fs, path::Path, sync::Arc};

use balcao_platform::config::TlsConfig;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};
use tempfile::TempDir;

/// Whoever trusts it trusts what it issued. Its files are in a folder that lives as long.
pub struct Authority {
    pub folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
    pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        Self {
            folder: TempDir::new().unwrap(),
            root: certificate.der().clone(),
            pem: certificate.pem(),
            issuer: Issuer::new(parameters, key),
        }
    }

    /// A certificate for this machine and its key, as two texts.
    pub fn issue(&self, until_year: i32) -> (String, String) {
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(until_year, 1, 1);
        let key = KeyPair::generate().unwrap();
        (parameters.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// Writes a fresh pair, and answers where.
    pub fn write(&self, until_year: i32) -> TlsConfig {
        let (certificate, key) = self.issue(until_year);
        let place = |name: &str| self.folder.path().join(name);
        fs::write(place("certificate.pem"), certificate).unwrap();
        fs::write(place("key.pem"), key).unwrap();
        TlsConfig { certificate: place("certificate.pem"), key: place("key.pem"), redirect_listen: String::new() }
    }

    /// The authority for an HTTP client.
    pub fn trusted(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_pem(self.pem.as_bytes()).unwrap()
    }

    /// What a TLS client needs to trust it.
    pub fn client(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

/// The variables that set a pair of files.
pub fn variables(tls: &TlsConfig) -> [(&'static str, String); 2] {
    let text = |path: &Path| path.display().to_string();
    [("BALCAO_TLS_CERTIFICATE", text(&tls.certificate)), ("BALCAO_TLS_KEY", text(&tls.key))]
}
