//! Whom we trust when a mail server shows its certificate: the public authorities, and those of this machine, among which a company may put its own.

use std::sync::{Arc, LazyLock};

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};

/// Those of this machine, read once.
static OWN: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::warn!(%error, "some certificates of this machine cannot be read; mail servers are checked without them");
    }
    found.certs
});

/// For connections of our own making.
static CLIENT: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(OWN.iter().cloned());
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
});

pub fn client() -> Arc<ClientConfig> {
    Arc::clone(&CLIENT)
}

/// The same trust for SMTP. None when the host's name cannot stand in a certificate.
pub fn for_smtp(host: &str) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut building = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    for one in OWN.iter() {
        // One that cannot be read is no reason to trust nobody.
        if let Ok(certificate) = Certificate::from_der(one.to_vec()) {
            building = building.add_root_certificate(certificate);
        }
    }
    building.build_rustls()
}
