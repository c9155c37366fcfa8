//! The secret that pseudonyms are made with: 16 bytes, drawn once per store.

use super::{StoreError, disk::write_durably};
use std::{fs, io, path::Path};

const BYTES: usize = 16;

/// Reads the secret of this store, or draws it at the first start.
pub(super) fn read_or_draw(dir: &Path) -> Result<[u8; BYTES], StoreError> {
    let path = dir.join("secret");
    match fs::read(&path) {
        Ok(bytes) => bytes
            .try_into()
            .map_err(|_| StoreError::SecretDamaged(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // With another secret nobody who enrolled would be recognised, and
            // no withdrawal would find its shopper.
            if dir.join("ledger").exists() {
                return Err(StoreError::SecretMissing(path));
            }
            let mut secret = [0; BYTES];
            getrandom::fill(&mut secret).map_err(io::Error::from)?;
            write_durably(&path, &secret)?;
            Ok(secret)
        }
        Err(error) => Err(error.into()),
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
        assert_eq!(read_or_draw(dir.path()).unwrap(), drawn);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(read_or_draw(other.path()).unwrap(), drawn);
        let mode = fs::metadata(dir.path().join("secret"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
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
