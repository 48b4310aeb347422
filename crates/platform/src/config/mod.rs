//! Configuration: defaults from `config.default.toml`, then `balcao.toml`, then `BALCAO_*` variables; checked whole at the start.

use std::{net::SocketAddr, path::PathBuf};

use serde::Deserialize;
use toml::Value;

mod reading;

use reading::{misfit, overlay, parse, set_variable};

use crate::{networks::Network, store::StoreConfig};

/// The manual of the configuration: every key, its default, one sentence.
pub const DEFAULTS: &str = include_str!("../../../../config.default.toml");

/// Variables that are not configuration keys: the file's place, and what tests set.
const OTHER_VARIABLES: &[&str] = &["BALCAO_CONFIG", "BALCAO_FAULT"];

/// The largest value of `files.largest_mb`.
const LARGEST_MB: u32 = 4_000;

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub public_url: String,
    pub database_url: String,
    pub nats_url: String,
    pub tls: TlsConfig,
    pub log: LogConfig,
    pub limits: LimitsConfig,
    pub files: FilesConfig,
    pub storage: StorageConfig,
    pub proxies: ProxiesConfig,
    pub demo: DemoConfig,
}

/// The certificate with which the program itself speaks HTTPS. Empty: something in front does.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub redirect_listen: String,
}

impl TlsConfig {
    /// Whether the program speaks HTTPS by itself.
    pub fn is_on(&self) -> bool {
        !self.certificate.as_os_str().is_empty()
    }

    /// Where plain HTTP is sent on to HTTPS, if anywhere. Checked with the configuration.
    pub fn redirect(&self) -> Option<SocketAddr> {
        self.redirect_listen.parse().ok()
    }

    fn faults(&self, public_url: &str, listen: SocketAddr) -> Vec<String> {
        let mut faults = Vec::new();
        let has_key = !self.key.as_os_str().is_empty();
        match (self.is_on(), has_key) {
            (true, false) => faults.push("tls.key: is missing: tls.certificate needs its key".to_owned()),
            (false, true) => faults.push("tls.certificate: is missing: tls.key needs its certificate".to_owned()),
            _ => {}
        }
        if self.is_on() && !public_url.starts_with("https://") {
            faults.push("public_url: must begin with https:// where tls.certificate is set".to_owned());
        }
        if self.redirect_listen.is_empty() {
            return faults;
        }
        match self.redirect() {
            None => faults.push(format!(
                "tls.redirect_listen: {:?} must be an address and a port, such as 0.0.0.0:80",
                self.redirect_listen
            )),
            Some(_) if !self.is_on() => {
                faults.push("tls.redirect_listen: needs tls.certificate: nothing here answers over HTTPS".to_owned());
            }
            Some(address) if address == listen => {
                faults.push("tls.redirect_listen: must be another address than listen".to_owned());
            }
            Some(_) => {}
        }
        faults
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    pub filter: String,
    pub json: bool,
}

/// Limits on what strangers may ask of the server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    pub enabled: bool,
    pub logins_per_minute: u32,
    pub logins_per_account: u32,
    pub tickets_per_minute: u32,
    pub conversations_per_hour: u32,
    pub messages_per_minute: u32,
    pub offline_messages_per_hour: u32,
    pub offline_messages_per_connection: u32,
    pub sightings_per_minute: u32,
    pub challenge_after_per_network: u32,
    pub challenge_after_per_connection: u32,
    pub unproven_per_hour: u32,
    pub unproven_per_connection: u32,
    pub visitor_requests_per_minute: u32,
    pub sockets_per_address: u32,
    pub connections_per_address: u32,
    pub uploads_per_hour: u32,
    pub upload_mb_per_hour: u32,
    pub waiting_mb_per_visitor: u32,
}

/// What holds for files, whatever a company has set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    pub largest_mb: u32,
}

/// Where files lie: in a folder, or in a bucket of an S3-compatible storage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageConfig {
    pub folder: PathBuf,
    pub s3_bucket: String,
    pub s3_endpoint: String,
    pub s3_region: String,
    pub s3_access_key: String,
    pub s3_secret_key: Secret,
    pub s3_prefix: String,
    pub s3_path_style: bool,
}

/// A text that no log shows.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(empty)" } else { "(secret)" })
    }
}

impl StorageConfig {
    /// Whether files lie in a bucket.
    pub fn is_s3(&self) -> bool {
        !self.s3_bucket.is_empty()
    }

    fn check(&self, faults: &mut Vec<String>) {
        let others = [
            ("storage.s3_endpoint", &self.s3_endpoint),
            ("storage.s3_access_key", &self.s3_access_key),
            ("storage.s3_secret_key", &self.s3_secret_key.0),
        ];
        if !self.is_s3() {
            let given = others.iter().filter(|(_, value)| !value.is_empty());
            faults
                .extend(given.map(|(key, _)| format!("{key}: it is used with storage.s3_bucket only, which is empty")));
            return;
        }
        let [endpoint, keys @ ..] = others;
        let missing = keys.iter().filter(|(_, value)| value.is_empty());
        faults.extend(missing.map(|(key, _)| format!("{key}: must be set, since storage.s3_bucket is")));
        let url = endpoint.1;
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if !url.is_empty() && !rest.is_some_and(|rest| is_authority(rest.trim_end_matches('/'))) {
            faults.push(format!("storage.s3_endpoint: {url:?} must be http:// or https:// and a host, without a path"));
        }
        if self.s3_region.is_empty() {
            faults.push("storage.s3_region: must not be empty; storages without regions take us-east-1".to_owned());
        }
        let is_path = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/'));
        if !is_path(&self.s3_prefix) {
            faults.push("storage.s3_prefix: only letters, digits, - _ and / may stand in it".to_owned());
        }
    }
}

/// Who may tell us a visitor's address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxiesConfig {
    pub trusted: Vec<Network>,
}

/// The sample shop page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoConfig {
    pub page: bool,
}

/// A configuration that cannot be used. Each line names its key.
#[derive(Debug, thiserror::Error)]
#[error("the configuration cannot be used:\n{}", .0.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n"))]
pub struct Error(pub Vec<String>);

impl Config {
    /// Reads the file (`BALCAO_CONFIG`, else `balcao.toml` in the working folder, which may be absent) and the environment.
    ///
    /// # Errors
    /// Every fault found, each naming its key.
    pub fn load() -> Result<Self, Error> {
        let named = std::env::var("BALCAO_CONFIG").ok();
        let path = PathBuf::from(named.as_deref().unwrap_or("balcao.toml"));
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => String::new(),
            Err(error) => return Err(Error(vec![format!("{}: {error}", path.display())])),
        };
        Self::from_parts(&file, std::env::vars())
    }

    /// As [`Config::load`], from a file's text and given variables.
    ///
    /// # Errors
    /// Every fault found, each naming its key.
    pub fn from_parts(file: &str, variables: impl Iterator<Item = (String, String)>) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let mut table = parse(DEFAULTS, &mut faults);
        overlay(&mut table, parse(file, &mut faults), "", &mut faults);
        let mut variables: Vec<_> = variables.filter(|(name, _)| name.starts_with("BALCAO_")).collect();
        variables.sort();
        variables.retain(|(name, _)| !OTHER_VARIABLES.contains(&name.as_str()) && !name.starts_with("BALCAO_TEST_"));
        for (name, value) in &variables {
            set_variable(&mut table, name, value, &mut faults);
        }
        let given: Vec<String> = variables.into_iter().map(|(name, _)| name).collect();
        if !faults.is_empty() {
            return Err(Error(faults));
        }
        let whole = Value::Table(table);
        let mut config: Self = serde_path_to_error::deserialize(whole.clone())
            .map_err(|error| Error(vec![misfit(&whole, &given, error.path(), error.inner())]))?;
        config.check()?;
        Ok(config)
    }

    fn check(&mut self) -> Result<(), Error> {
        let mut faults = Vec::new();
        if self.public_url.is_empty() {
            let scheme = if self.tls.is_on() { "https" } else { "http" };
            self.public_url = format!("{scheme}://localhost:{}", self.listen.port());
        }
        self.public_url = self.public_url.trim_end_matches('/').to_owned();
        let rest = self.public_url.strip_prefix("https://").or_else(|| self.public_url.strip_prefix("http://"));
        if !rest.is_some_and(is_authority) {
            faults.push(format!(
                "public_url: {:?} must be http:// or https:// and a host, with a port where it needs one, without a name and without a path",
                self.public_url
            ));
        }
        faults.extend(self.tls.faults(&self.public_url, self.listen));
        if let Some(fault) = crate::telemetry::filter_fault(&self.log.filter) {
            faults.push(format!("log.filter: {:?} cannot be read: {fault}", self.log.filter));
        }
        if !self.database_url.is_empty()
            && !self.database_url.starts_with("postgres://")
            && !self.database_url.starts_with("postgresql://")
        {
            faults.push("database_url: must be empty (SQLite) or start with postgres://".to_owned());
        }
        if !self.nats_url.is_empty() && self.database_url.is_empty() {
            faults.push("nats_url: several nodes need one PostgreSQL: set database_url too".to_owned());
        }
        if !(1..=LARGEST_MB).contains(&self.files.largest_mb) {
            faults.push(format!("files.largest_mb: must be between 1 and {LARGEST_MB}"));
        }
        self.storage.check(&mut faults);
        if faults.is_empty() { Ok(()) } else { Err(Error(faults)) }
    }

    /// The folder for files, where they lie on the disk.
    pub fn files_folder(&self) -> PathBuf {
        let folder = &self.storage.folder;
        if folder.as_os_str().is_empty() { self.data.join("files") } else { folder.clone() }
    }

    /// The database to open: the address, or the file in the data folder.
    pub fn store(&self) -> StoreConfig {
        if self.database_url.is_empty() {
            StoreConfig::Sqlite(self.data.join("balcao.db"))
        } else {
            StoreConfig::Postgres(self.database_url.clone())
        }
    }

    /// Whether browsers reach us at this machine or in a private network.
    pub fn is_local(&self) -> bool {
        let host = self.public_url.split("://").nth(1).unwrap_or("");
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
        match name.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
            Ok(std::net::IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
            Err(_) => name == "localhost" || name.ends_with(".localhost"),
        }
    }

    /// Whether browsers reach us over HTTPS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Whether a text is a host with or without a port, as browsers write an origin.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| matches!(c, '-' | '_') || c.is_ascii_alphanumeric() || !c.is_ascii())
    };
    let is_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.strip_suffix('.').unwrap_or(host).split('.').all(is_label),
    };
    is_host && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::{Config, Error};

    fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, Error> {
        Config::from_parts(file, variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_defaults_are_whole() {
        let config = load("", &[]).unwrap();
        assert_eq!(config.public_url, "http://localhost:8080");
        assert!(config.limits.enabled);
        assert!(!config.storage.is_s3());
        assert_eq!(config.files_folder(), std::path::Path::new("./data/files"));
    }

    #[test]
    fn a_storage_that_is_half_configured_is_refused_and_no_secret_is_shown() {
        let told = |file: &str| load(&format!("[storage]\n{file}"), &[]).unwrap_err().to_string();
        assert!(told("s3_endpoint = 'https://s3.example'").contains("storage.s3_endpoint"));
        let missing = told("s3_bucket = 'files'\ns3_region = ''\ns3_endpoint = 'ftp://x'\ns3_prefix = '../x'");
        for key in ["s3_access_key", "s3_secret_key", "s3_region", "s3_endpoint", "s3_prefix"] {
            assert!(missing.contains(&format!("storage.{key}")), "{missing}");
        }
        let whole = "s3_bucket = 'files'\ns3_access_key = 'a'\ns3_secret_key = 'hush-hush'";
        let config = load(&format!("[storage]\n{whole}"), &[]).unwrap();
        assert!(config.storage.is_s3() && !format!("{config:?}").contains("hush-hush"));
        assert!(load("[files]\nlargest_mb = 0", &[]).unwrap_err().to_string().contains("files.largest_mb"));
    }

    #[test]
    fn the_environment_beats_the_file() {
        let config = load(
            "listen = '127.0.0.1:1'\n[limits]\nenabled = true",
            &[("BALCAO_LISTEN", "127.0.0.1:2"), ("BALCAO_LIMITS_ENABLED", "false"), ("HOME", "x")],
        )
        .unwrap();
        assert_eq!(config.listen.port(), 2);
        assert!(!config.limits.enabled);
    }

    #[test]
    fn the_public_address_is_an_origin() {
        let loaded = |url: &str| load("", &[("BALCAO_PUBLIC_URL", url)]);
        for good in
            ["https://chat.example", "http://localhost:8080", "https://[2001:db8::1]:8443/", "http://10.0.0.7:1"]
        {
            assert!(loaded(good).is_ok(), "{good}");
        }
        for bad in [
            "https://chat.example:99999",
            "https://chat.example:0",
            "https://chat.example:+1",
            "https://chat.example:",
            "https://user@evil",
            "https://user:word@evil",
            "https://a..b",
            "https://a b",
            "https://a\\b",
            "https://[x]",
            "https://::1",
            "https://a/b",
            "https://",
            "https://:80",
        ] {
            assert!(loaded(bad).unwrap_err().to_string().contains("public_url"), "{bad}");
        }
    }

    #[test]
    fn every_fault_is_told_with_its_key() {
        let Error(faults) = load("lisen = 'x'\n[limits]\nenabled = 3", &[("BALCAO_NATS_URLS", "x")]).unwrap_err();
        let told = faults.join("\n");
        for key in ["lisen", "limits.enabled", "BALCAO_NATS_URLS"] {
            assert!(told.contains(key), "{told}");
        }
        assert!(load("", &[("BALCAO_PUBLIC_URL", "ftp://x")]).unwrap_err().to_string().contains("public_url"));
        assert!(load("", &[("BALCAO_NATS_URL", "nats://x")]).unwrap_err().to_string().contains("database_url"));
        assert!(load("", &[("BALCAO_LOG_FILTER", "===")]).unwrap_err().to_string().contains("log.filter"));
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_with_its_name_as_it_was_given() {
        let told = |file: &str, variables: &[(&str, &str)]| load(file, variables).unwrap_err().0.join("\n");
        let listen = told("", &[("BALCAO_LISTEN", "abc")]);
        assert!(
            listen.starts_with("BALCAO_LISTEN: \"abc\" cannot be used: ") && listen.lines().count() == 1,
            "{listen}"
        );
        assert!(told("listen = 'abc'", &[]).starts_with("listen: \"abc\" cannot be used: "));
        let trusted = told("", &[("BALCAO_PROXIES_TRUSTED", "10.0.0.1,proxy")]);
        assert!(trusted.starts_with("BALCAO_PROXIES_TRUSTED: \"proxy\" cannot be used: "), "{trusted}");
    }

    #[test]
    fn a_certificate_comes_with_its_key_and_an_address_that_fits() {
        let told = |file: &str| load(file, &[]).unwrap_err().0.join("\n");
        assert!(told("[tls]\ncertificate = 'c.pem'").starts_with("tls.key: "));
        assert!(told("[tls]\nkey = 'k.pem'").starts_with("tls.certificate: "));
        assert!(told("[tls]\nredirect_listen = '0.0.0.0:80'").starts_with("tls.redirect_listen: needs"));
        let both = "[tls]\ncertificate = 'c.pem'\nkey = 'k.pem'\n";
        assert!(told(&format!("{both}redirect_listen = 'x'")).starts_with("tls.redirect_listen: \"x\""));
        assert!(told(&format!("{both}redirect_listen = '127.0.0.1:8080'")).contains("another address"));
        assert!(told(&format!("public_url = 'http://a.example'\n{both}")).starts_with("public_url: "));
        let config = load(&format!("{both}redirect_listen = '127.0.0.1:8081'"), &[]).unwrap();
        assert_eq!(config.public_url, "https://localhost:8080");
        assert_eq!(config.tls.redirect().map(|address| address.port()), Some(8081));
    }
}
