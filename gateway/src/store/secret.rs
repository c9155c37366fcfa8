//! The secret of a store: 16 bytes, drawn once. Pseudonyms are made with it,
//! and every other key of the store is derived from it. Nothing can be fetched
//! or worked out that would replace it, so it is kept twice.

use super::{StoreError, disk::write_durably};
use ring::hkdf;
use std::{fmt, fs, io, path::Path};

const BYTES: usize = 16;
/// One may be damaged or lost; the other then says what it held.
const FILES: [&str; 2] = ["secret", "secret.copy"];

/// The secret of one store.
#[derive(Clone)]
pub struct Secret([u8; BYTES]);

impl Secret {
    /// As it lies on the disk: with its CRC-32C, so that a flipped bit is seen.
    fn written(&self) -> Vec<u8> {
        let sum = crc32c::crc32c(&self.0).to_le_bytes();
        [&self.0[..], &sum].concat()
    }

    /// The secret itself: a key of pseudonyms.
    pub(crate) const fn pseudonyms(&self) -> [u8; BYTES] {
        self.0
    }

    /// Of these bytes.
    #[cfg(test)]
    pub(crate) const fn of(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
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
    let [first, second] = FILES.map(|name| look(&dir.join(name)));
    let unsure = match (first?, second?) {
        (Found::Whole(secret), _) | (_, Found::Whole(secret)) => return Ok(secret),
        neither => neither,
    };
    match unsure {
        (Found::Unchecked(secret), _) => Ok(secret),
        (Found::Nothing, Found::Nothing) => Err(StoreError::Nothing(dir.to_owned())),
        _ => Err(StoreError::SecretDamaged(dir.join(FILES[0]))),
    }
}

/// Reads the secret of this store, or draws it at the first start. Whichever of
/// its two files is not as it should be is written anew.
pub(super) fn read_or_draw(dir: &Path) -> Result<Secret, StoreError> {
    let secret = match read(dir) {
        Err(StoreError::Nothing(_)) => {
            // With another secret nobody who enrolled would be recognised, and
            // no withdrawal would find its shopper.
            if dir.join("ledger").exists() {
                return Err(StoreError::SecretMissing(dir.join(FILES[0])));
            }
            let mut secret = [0; BYTES];
            getrandom::fill(&mut secret).map_err(io::Error::from)?;
            Secret(secret)
        }
        read => read?,
    };
    for path in FILES.map(|name| dir.join(name)) {
        match look(&path)? {
            Found::Whole(there) if there.0 == secret.0 => {}
            _ => write_durably(&path, &secret.written())?,
        }
    }
    Ok(secret)
}

/// What a file holds.
enum Found {
    Whole(Secret),
    /// By its length of the time before there was a checksum.
    Unchecked(Secret),
    Damaged,
    Nothing,
}

fn look(path: &Path) -> io::Result<Found> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        read => read?,
    };
    let Some((secret, sum)) = bytes.split_first_chunk::<BYTES>() else {
        return Ok(Found::Damaged);
    };
    let secret = Secret(*secret);
    Ok(if bytes == secret.written() {
        Found::Whole(secret)
    } else if sum.is_empty() {
        Found::Unchecked(secret)
    } else {
        Found::Damaged
    })
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

    #[test]
    fn one_of_two_files_is_enough_and_mends_the_other() {
        let spoil: [fn(&Path); 4] = [
            |file| fs::write(file, []).unwrap(),
            |file| fs::remove_file(file).unwrap(),
            |file| fs::write(file, [0x55; 20]).unwrap(),
            |file| {
                let mut bytes = fs::read(file).unwrap();
                bytes[3] ^= 1;
                fs::write(file, bytes).unwrap();
            },
        ];
        for name in FILES {
            for spoil in spoil {
                let dir = tempfile::tempdir().unwrap();
                let drawn = read_or_draw(dir.path()).unwrap();
                let whole = fs::read(dir.path().join(name)).unwrap();
                fs::create_dir(dir.path().join("ledger")).unwrap();
                spoil(&dir.path().join(name));
                let again = read_or_draw(dir.path()).unwrap();
                assert_eq!(again.pseudonyms(), drawn.pseudonyms());
                assert_eq!(fs::read(dir.path().join(name)).unwrap(), whole);
            }
        }
    }

    #[test]
    fn a_secret_of_the_time_before_checksums_is_taken_over() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret"), [7; BYTES]).unwrap();
        fs::create_dir(dir.path().join("ledger")).unwrap();
        let secret = read_or_draw(dir.path()).unwrap();
        assert_eq!(secret.pseudonyms(), [7; BYTES]);
        for name in FILES {
            let bytes = fs::read(dir.path().join(name)).unwrap();
            assert_eq!(bytes, secret.written());
        }
    }
}
