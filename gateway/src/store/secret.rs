//! The secret of a store: 16 bytes, drawn once. Pseudonyms are made with it,
//! and every other key of the store is derived from it.

use super::{StoreError, disk::write_durably};
use ring::hkdf;
use std::{fmt, fs, io, path::Path};

const BYTES: usize = 16;

/// The secret of one store.
#[derive(Clone)]
pub struct Secret([u8; BYTES]);

impl Secret {
    /// The secret itself: a key of pseudonyms.
    pub(crate) const fn pseudonyms(&self) -> [u8; BYTES] {
        self.0
    }

    /// A key for another purpose, which tells nothing about the secret or
    /// about keys of other purposes (HKDF-SHA256, RFC 5869).
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"aislecast store");
        let mut key = [0; 32];
        salt.extract(&self.0)
            .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut key))
            .expect("32 bytes are one block of SHA-256");
        key
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("secret(redacted)")
    }
}

/// Reads the secret of a store that has been opened before.
pub(super) fn read(dir: &Path) -> Result<Secret, StoreError> {
    let path = dir.join("secret");
    match fs::read(&path) {
        Ok(bytes) => bytes
            .try_into()
            .map(Secret)
            .map_err(|_| StoreError::SecretDamaged(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(StoreError::Nothing(dir.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the secret of this store, or draws it at the first start.
pub(super) fn read_or_draw(dir: &Path) -> Result<Secret, StoreError> {
    let path = dir.join("secret");
    match read(dir) {
        Err(StoreError::Nothing(_)) => {
            // With another secret nobody who enrolled would be recognised, and
            // no withdrawal would find its shopper.
            if dir.join("ledger").exists() {
                return Err(StoreError::SecretMissing(path));
            }
            let mut secret = [0; BYTES];
            getrandom::fill(&mut secret).map_err(io::Error::from)?;
            write_durably(&path, &secret)?;
            Ok(Secret(secret))
        }
        read => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_secret_is_drawn_once_and_nobody_else_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let drawn = read_or_draw(dir.path()).unwrap();
        let again = read_or_draw(dir.path()).unwrap();
        assert_eq!(again.pseudonyms(), drawn.pseudonyms());
        let other = tempfile::tempdir().unwrap();
        let elsewhere = read_or_draw(other.path()).unwrap();
        assert_ne!(elsewhere.pseudonyms(), drawn.pseudonyms());
        let mode = fs::metadata(dir.path().join("secret"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn each_purpose_and_each_store_has_a_key_of_its_own() {
        let (here, there) = (Secret([1; BYTES]), Secret([2; BYTES]));
        assert_eq!(here.derive("codes"), here.derive("codes"));
        assert_ne!(here.derive("codes"), here.derive("recording"));
        assert_ne!(here.derive("codes"), there.derive("codes"));
        assert_eq!(format!("{here:?}"), "secret(redacted)");
    }

    #[test]
    fn a_lost_or_damaged_secret_is_not_replaced_where_shoppers_are_enrolled() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret"), [1; 15]).unwrap();
        let damaged = read_or_draw(dir.path()).unwrap_err();
        assert!(matches!(damaged, StoreError::SecretDamaged(_)));
        fs::remove_file(dir.path().join("secret")).unwrap();
        fs::create_dir(dir.path().join("ledger")).unwrap();
        let missing = read_or_draw(dir.path()).unwrap_err();
        assert!(matches!(missing, StoreError::SecretMissing(_)));
    }
}
