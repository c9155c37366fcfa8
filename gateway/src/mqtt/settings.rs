//! The shop's files to the settings of a link.

use crate::secret_file;
use config::{Broker, External, Shell, Tls};
use link::{Session, Settings};
use protocol::{id::StoreId, topic::Topic};
use std::{io, path::PathBuf};

/// Why the session does not start.
#[derive(Debug, thiserror::Error)]
pub enum MqttError {
    /// The password cannot be read.
    #[error("failed to read the broker's password from {0}: {1}")]
    Password(PathBuf, #[source] io::Error),
    /// Certificates, filters.
    #[error("failed to set up the link to the broker: {0}")]
    Link(#[from] link::StartError),
}

/// Where and how the gateway connects.
pub(super) fn settings(shell: &Shell, store: &StoreId) -> Result<Settings, MqttError> {
    let mut settings = broker(shell, store)?;
    // Consents and withdrawals sent while we restart wait at the broker.
    settings.session = Session::Kept;
    settings.status_topic = Some(Topic::GatewayStatus.text(store).to_string());
    Ok(settings)
}

/// Where the shop's broker is, and how it lets us in.
pub(crate) fn broker(shell: &Shell, store: &StoreId) -> Result<Settings, MqttError> {
    match &shell.broker {
        Broker::Embedded { listen, .. } => {
            let host = listen.ip().to_string();
            let client = format!("aislecast-{store}");
            Ok(Settings::new(&host, listen.port(), client))
        }
        Broker::External(external) => external_settings(external),
    }
}

pub(crate) fn external_settings(external: &External) -> Result<Settings, MqttError> {
    let External {
        host,
        port,
        client_id,
        username,
        password_file,
        tls,
        keep_alive,
    } = external;
    let mut settings = Settings::new(host, *port, client_id.clone());
    settings.keep_alive = *keep_alive;
    settings.tls = tls.as_ref().map(|Tls { ca_file, client }| link::Tls {
        ca_file: Some(ca_file.clone()),
        client: client.clone(),
    });
    if let Some(username) = username {
        let password = match password_file {
            None => String::new(),
            Some(file) => secret_file::read_password(file, "broker.external.password_file")
                .map_err(|error| MqttError::Password(file.clone(), error))?,
        };
        settings.credentials = Some((username.clone(), password));
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, time::Duration};

    fn external(password_file: PathBuf) -> External {
        External {
            host: "shop".to_owned(),
            port: 1883,
            client_id: "gate".to_owned(),
            username: Some("gate".to_owned()),
            password_file: Some(password_file),
            tls: None,
            keep_alive: Duration::from_secs(15),
        }
    }

    #[test]
    fn the_password_is_the_file_without_its_last_line_feed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("password");
        fs::write(&file, " correct horse \r\n").unwrap();
        let settings = external_settings(&external(file)).unwrap();
        let (_, password) = settings.credentials.unwrap();
        assert_eq!(password, " correct horse ");
    }

    #[test]
    fn a_missing_password_file_is_named() {
        let error = external_settings(&external("/nowhere/password".into())).unwrap_err();
        assert!(error.to_string().contains("/nowhere/password"));
    }
}
