//! The authority of a shop's broker, and the certificate that the broker shows.
//!
//! ECDSA on P-256 with SHA-256: what every TLS of the last ten years can check,
//! those of nodes included. A gateway knows the broker by the authority alone, so
//! that the broker's certificate can be renewed without touching any device.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SerialNumber,
    SignatureAlgorithm, SigningKey, date_time_ymd,
};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use std::fmt;

/// Years for which the authority is good.
const AUTHORITY_YEARS: i32 = 30;
/// Years for which a broker's certificate is good; `aislecast enroll broker` renews it.
const BROKER_YEARS: i32 = 10;
/// A board without a clock wakes up here, and is to find its broker before the time.
const SINCE_YEAR: i32 = 1970;
const KEY_LABEL: &str = "PRIVATE KEY";

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The key of the authority is damaged.
    #[error(
        "the authority's key is no private key as this program writes it: bring it back \
             from a backup, or begin anew in an empty folder and give every device its new badge"
    )]
    Key,
    /// What the broker is called is no name and no address.
    #[error("{0:?} is neither a host name nor an IP address")]
    Host(String),
    /// The system gives no random bytes, or a key is refused.
    #[error("failed to make a certificate: {0}")]
    Make(#[from] rcgen::Error),
}

/// Signs certificates of one shop's broker.
#[derive(Debug)]
pub struct Authority {
    key: Key,
    store: String,
}

/// A certificate and its key, both PEM.
pub struct Issued {
    /// Everybody may read it.
    pub certificate: String,
    /// Only its owner may.
    pub key: String,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("certificate and key (redacted)")
    }
}

impl Authority {
    /// Makes one for a shop.
    pub fn draw(store: &str) -> Result<Self, CertificateError> {
        Ok(Self {
            key: Key::draw()?,
            store: store.to_owned(),
        })
    }

    /// The one of a shop whose key was kept.
    pub fn of_key(store: &str, pem: &str) -> Result<Self, CertificateError> {
        Ok(Self {
            key: Key::read(pem).ok_or(CertificateError::Key)?,
            store: store.to_owned(),
        })
    }

    /// Its own certificate, good for thirty years, and its key.
    pub fn own(&self, this_year: i32) -> Result<Issued, CertificateError> {
        let mut params = self.params(this_year)?;
        params.serial_number = Some(serial()?);
        Ok(Issued {
            certificate: params.self_signed(&self.key)?.pem(),
            key: self.key.pem(),
        })
    }

    /// A certificate of a broker by these names and addresses, good for ten years.
    pub fn issue(&self, hosts: &[String], this_year: i32) -> Result<Issued, CertificateError> {
        let key = Key::draw()?;
        for host in hosts {
            let alone = CertificateParams::new([host.clone()]);
            alone.map_err(|_| CertificateError::Host(host.clone()))?;
        }
        let mut params = CertificateParams::new(hosts)?;
        let of = format!("broker of {}", self.store);
        params.distinguished_name = named(&of);
        params.not_before = date_time_ymd(SINCE_YEAR, 1, 1);
        params.not_after = date_time_ymd(this_year + BROKER_YEARS, 12, 31);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_identifier_method = key.id();
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(serial()?);
        let issuer = Issuer::new(self.params(this_year)?, &self.key);
        Ok(Issued {
            certificate: params.signed_by(&key, &issuer)?.pem(),
            key: key.pem(),
        })
    }

    fn params(&self, this_year: i32) -> Result<CertificateParams, CertificateError> {
        let mut params = CertificateParams::new([])?;
        let of = format!("Aislecast authority of {}", self.store);
        params.distinguished_name = named(&of);
        params.not_before = date_time_ymd(SINCE_YEAR, 1, 1);
        params.not_after = date_time_ymd(this_year + AUTHORITY_YEARS, 12, 31);
        // It signs brokers and no further authorities.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.key_identifier_method = self.key.id();
        Ok(params)
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

/// 127 random bits: positive, as RFC 5280, 4.1.2.2 asks.
fn serial() -> Result<SerialNumber, rcgen::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| rcgen::Error::RingUnspecified)?;
    bytes[0] &= 0x7f;
    Ok(SerialNumber::from_slice(&bytes))
}

/// A key on P-256 in ring's hands.
struct Key {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
}

impl Key {
    fn draw() -> Result<Self, rcgen::Error> {
        let unspecified = |_| rcgen::Error::RingUnspecified;
        let random = SystemRandom::new();
        let drawn = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        Self::of_pkcs8(drawn.map_err(unspecified)?.as_ref().to_vec())
            .ok_or(rcgen::Error::RingUnspecified)
    }

    fn read(pem: &str) -> Option<Self> {
        let found = pem::parse(pem).ok()?;
        (found.tag() == KEY_LABEL).then(|| Self::of_pkcs8(found.into_contents()))?
    }

    fn of_pkcs8(pkcs8: Vec<u8>) -> Option<Self> {
        let how = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pair = EcdsaKeyPair::from_pkcs8(how, &pkcs8, &SystemRandom::new()).ok()?;
        Some(Self { pair, pkcs8 })
    }

    fn pem(&self) -> String {
        pem::encode(&pem::Pem::new(KEY_LABEL, self.pkcs8.clone()))
    }

    /// 160 bits of the key's SHA-256 (RFC 7093, method 1).
    fn id(&self) -> KeyIdMethod {
        let hash = digest::digest(&digest::SHA256, self.der_bytes());
        KeyIdMethod::PreSpecified(hash.as_ref()[..20].to_vec())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("key(redacted)")
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for Key {
    fn sign(&self, msg: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signed = self.pair.sign(&SystemRandom::new(), msg);
        let signed = signed.map_err(|_| rcgen::Error::RingUnspecified)?;
        Ok(signed.as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_signs_the_same_way_after_its_key_was_kept() {
        let drawn = Authority::draw("quan-1").unwrap();
        let own = drawn.own(2026).unwrap();
        let again = Authority::of_key("quan-1", &own.key).unwrap();
        assert_eq!(again.key.der_bytes(), drawn.key.der_bytes());
        let hosts = ["192.168.1.10".to_owned(), "shop.local".to_owned()];
        let issued = again.issue(&hosts, 2026).unwrap();
        assert!(
            issued
                .certificate
                .starts_with("-----BEGIN CERTIFICATE-----")
        );
        assert_ne!(issued.key, own.key);
        assert!(!format!("{issued:?} {again:?}").contains("BEGIN"));
    }

    #[test]
    fn wrong_keys_and_names_are_said() {
        for text in [
            "",
            "x",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            let refused = Authority::of_key("quan-1", text);
            assert!(matches!(refused, Err(CertificateError::Key)), "{text}");
        }
        let authority = Authority::draw("quan-1").unwrap();
        let refused = authority.issue(&["cửa hàng".to_owned()], 2026);
        assert!(matches!(refused, Err(CertificateError::Host(_))));
    }
}
