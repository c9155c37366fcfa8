//! TLS by a `rustls::ClientConfig` of our own.
//!
//! rumqttc 0.25.1 pins an old `rustls-webpki` for the sake of one error
//! variant; certificates are verified by the `rustls` we hand it here.

use crate::{StartError, settings::Tls};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{path::Path, sync::Arc};

/// Reads the files. Done again for every session, so that a renewed
/// certificate needs no restart.
pub(crate) fn client_config(tls: &Tls) -> Result<Arc<ClientConfig>, StartError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring offers TLS 1.2 and 1.3")
        .with_root_certificates(authorities(tls.ca_file.as_deref())?);
    let config = match &tls.client {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = certificates(certificate)?;
            let key =
                PrivateKeyDer::from_pem_file(key).map_err(|_| StartError::Key(key.clone()))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|_| StartError::Pair(certificate.clone()))?
        }
    };
    Ok(Arc::new(config))
}

fn authorities(ca_file: Option<&Path>) -> Result<RootCertStore, StartError> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        Some(file) => {
            for certificate in certificates(file)? {
                roots
                    .add(certificate)
                    .map_err(|_| StartError::Certificate(file.to_owned()))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(StartError::NoAuthority);
    }
    Ok(roots)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, StartError> {
    let broken = || StartError::Certificate(file.to_owned());
    let certificates = CertificateDer::pem_file_iter(file)
        .map_err(|_| broken())?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| broken())?;
    if certificates.is_empty() {
        return Err(broken());
    }
    Ok(certificates)
}
