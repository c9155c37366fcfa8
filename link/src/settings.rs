//! How to reach a broker.

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    path::PathBuf,
    time::Duration,
};

/// Silence after which a broker is probed, unless the settings say otherwise.
///
/// A dead link is noticed after at most one and three quarters of this.
pub const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How to reach a broker. `Debug` prints no credentials.
#[derive(Clone)]
pub struct Settings {
    /// Host name or address, without brackets.
    pub host: String,
    /// 1883, or 8883 with TLS.
    pub port: u16,
    /// Client id on the broker. Two sessions of one name end each other.
    pub client_id: String,
    /// User name and password, if the broker asks for them.
    pub credentials: Option<(String, String)>,
    /// TLS, if the broker speaks it.
    pub tls: Option<Tls>,
    /// Silence after which the link is probed; 1 s to 5 min.
    pub keep_alive: Duration,
    /// What the broker does with our subscriptions while we are away.
    pub session: Session,
    /// Filters that a [`Session::Kept`] of an earlier run may still hold. Those
    /// that are not wanted now are given back.
    pub former_filters: Vec<String>,
    /// Topic that always tells whether we are there: `online` or `offline`, retained.
    pub status_topic: Option<String>,
}

/// TLS towards the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// PEM file of the authority that signed the broker's certificate; the
    /// system's authorities when there is none.
    pub ca_file: Option<PathBuf>,
    /// PEM files of our own certificate and key, if the broker asks for one.
    pub client: Option<(PathBuf, PathBuf)>,
}

/// What the broker does with our subscriptions while we are away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Forgets them.
    Fresh,
    /// Keeps them, and what QoS 1 messages they bring, until we are back.
    Kept,
}

/// Why a URL does not name a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Neither `mqtt://` nor `mqtts://`.
    #[error("a broker's address begins with mqtt:// or mqtts://")]
    Scheme,
    /// Nothing between the slashes.
    #[error("a broker's address names a host: mqtt://127.0.0.1:1883")]
    Host,
    /// Not a number from 1 to 65535.
    #[error("a port is a number from 1 to 65535: mqtt://127.0.0.1:1883")]
    Port,
    /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error("a user name or password is not percent-encoded UTF-8: write % as %25")]
    Credentials,
    /// A path, or a query other than `ca`, `cert` and `key`.
    #[error(
        "after host and port only ?ca=FILE&cert=FILE&key=FILE may follow, and only with mqtts://"
    )]
    Tail,
}

impl Settings {
    /// A broker without TLS or password.
    pub fn new(host: &str, port: u16, client_id: String) -> Self {
        Self {
            host: host.to_owned(),
            port,
            client_id,
            credentials: None,
            tls: None,
            keep_alive: KEEP_ALIVE,
            session: Session::Fresh,
            former_filters: Vec::new(),
            status_topic: None,
        }
    }

    /// Reads `mqtt://[user[:password]@]host[:port]` or
    /// `mqtts://...[?ca=FILE][&cert=FILE&key=FILE]`.
    pub fn from_url(url: &str, client_id: String) -> Result<Self, BadUrl> {
        let (secure, rest) = if let Some(rest) = url.strip_prefix("mqtt://") {
            (false, rest)
        } else if let Some(rest) = url.strip_prefix("mqtts://") {
            (true, rest)
        } else {
            return Err(BadUrl::Scheme);
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let place = place.strip_suffix('/').unwrap_or(place);
        let (login, place) = match place.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, place),
        };
        let (host, port) = host_and_port(place)?;
        let port = port.unwrap_or(if secure { 8883 } else { 1883 });
        let mut settings = Self::new(host, port, client_id);
        settings.credentials = login.map(credentials).transpose()?;
        settings.tls = tls(secure, query)?;
        Ok(settings)
    }

    /// Whether the broker runs on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{} as {} (login: {}, tls: {})",
            self.host,
            self.port,
            self.client_id,
            self.credentials.is_some(),
            self.tls.is_some()
        )
    }
}

/// A client id that no other process has: for tools that come and go.
pub fn unique_client_id(prefix: &str) -> String {
    format!("{prefix}-{:08x}", random() as u32)
}

/// A number nobody foresees: the standard library seeds its hash keys from the
/// operating system.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn host_and_port(place: &str) -> Result<(&str, Option<u16>), BadUrl> {
    let (host, tail) = match place.strip_prefix('[') {
        Some(v6) => v6.split_once(']').ok_or(BadUrl::Host)?,
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    if host.is_empty() || host.contains(['/', ' ', '#']) {
        return Err(BadUrl::Host);
    }
    let port = match tail.strip_prefix(':') {
        None if tail.is_empty() => None,
        None => return Err(BadUrl::Port),
        Some(port) => match port.parse() {
            Ok(0) | Err(_) => return Err(BadUrl::Port),
            Ok(port) => Some(port),
        },
    };
    Ok((host, port))
}

fn credentials(login: &str) -> Result<(String, String), BadUrl> {
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    Ok((percent_decoded(user)?, percent_decoded(password)?))
}

fn percent_decoded(text: &str) -> Result<String, BadUrl> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || {
                let ascii = bytes.next().ok_or(BadUrl::Credentials)?;
                char::from(ascii).to_digit(16).ok_or(BadUrl::Credentials)
            };
            decoded.push((digit()? << 4 | digit()?) as u8);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).map_err(|_| BadUrl::Credentials)
}

fn tls(secure: bool, query: &str) -> Result<Option<Tls>, BadUrl> {
    if !secure {
        return if query.is_empty() {
            Ok(None)
        } else {
            Err(BadUrl::Tail)
        };
    }
    let (mut ca_file, mut cert, mut key) = (None, None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, file) = pair.split_once('=').ok_or(BadUrl::Tail)?;
        let file = Some(PathBuf::from(percent_decoded(file)?));
        match name {
            "ca" => ca_file = file,
            "cert" => cert = file,
            "key" => key = file,
            _ => return Err(BadUrl::Tail),
        }
    }
    let client = match (cert, key) {
        (None, None) => None,
        (Some(cert), Some(key)) => Some((cert, key)),
        _ => return Err(BadUrl::Tail),
    };
    Ok(Some(Tls { ca_file, client }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_brokers_are_read() {
        for (url, expected) in [
            ("mqtt://127.0.0.1", Ok("127.0.0.1 1883 - plain")),
            ("mqtt://shop:1884/", Ok("shop 1884 - plain")),
            ("mqtts://u:p%40%3a@shop", Ok("shop 8883 u p@: tls")),
            ("mqtt://u@[::1]:1885", Ok("::1 1885 u  plain")),
            ("mqtts://shop?ca=/etc/ca.pem", Ok("shop 8883 - tls")),
            ("http://shop", Err(BadUrl::Scheme)),
            ("mqtt://", Err(BadUrl::Host)),
            ("mqtt://a/b", Err(BadUrl::Host)),
            ("mqtt://[::1", Err(BadUrl::Host)),
            ("mqtt://shop:0", Err(BadUrl::Port)),
            ("mqtt://shop:x", Err(BadUrl::Port)),
            ("mqtt://u%4@shop", Err(BadUrl::Credentials)),
            ("mqtt://shop?ca=x", Err(BadUrl::Tail)),
            ("mqtts://shop?cert=x", Err(BadUrl::Tail)),
            ("mqtts://shop?x=y", Err(BadUrl::Tail)),
        ] {
            let read = Settings::from_url(url, "x".to_owned()).map(|s| {
                let login = s
                    .credentials
                    .map(|(user, password)| format!("{user} {password}"));
                let login = login.unwrap_or_else(|| "-".to_owned());
                let tls = if s.tls.is_some() { "tls" } else { "plain" };
                format!("{} {} {login} {tls}", s.host, s.port)
            });
            assert_eq!(read.as_deref().map_err(|e| *e), expected, "{url}");
        }
    }

    #[test]
    fn debug_shows_no_password() {
        let settings = Settings::from_url("mqtt://anna:hunter2@shop", "x".to_owned()).unwrap();
        let text = format!("{settings:?}");
        assert!(
            !text.contains("hunter2") && !text.contains("anna"),
            "{text}"
        );
    }

    #[test]
    fn unique_client_ids_differ() {
        assert_ne!(unique_client_id("sim"), unique_client_id("sim"));
    }
}
