//! Files that hold a secret: a token, a password.

use std::{env, fs, io, os::unix::fs::PermissionsExt as _, path::Path};

/// Where systemd puts what a unit names by `LoadCredential=`.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Whether others than the gateway's user may read it.
pub fn is_open(path: &Path) -> bool {
    let credentials = env::var_os(CREDENTIALS);
    is_open_beside(path, credentials.as_deref().map(Path::new))
}

/// What systemd hands to this unit is nobody else's, whatever its mode says: where the
/// unit's user is granted it by an access list, that shows as rights of a group.
fn is_open_beside(path: &Path, credentials: Option<&Path>) -> bool {
    let is_handed = credentials.is_some_and(|folder| path.starts_with(folder));
    let mode = fs::metadata(path).map_or(0, |found| found.permissions().mode());
    !is_handed && mode & 0o077 != 0
}

/// Says so if it is; `key` is what names the file in store.toml.
pub fn warn_if_open(path: &Path, key: &str) {
    if is_open(path) {
        let path = path.display();
        tracing::warn!("others may read {path} ({key}): chmod 600, or LoadCredential= of systemd");
    }
}

/// The password in a file; says so if others may read it. Editors end a file with a line
/// feed that is no part of the password.
pub fn read_password(path: &Path, key: &str) -> io::Result<String> {
    warn_if_open(path, key);
    let mut text = fs::read_to_string(path)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_its_owners_alone_or_was_handed_over_by_systemd() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, "secret").unwrap();
        for (mode, is_open) in [
            (0o600, false),
            (0o400, false),
            (0o440, true),
            (0o604, true),
            (0o644, true),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_open_beside(&path, None), is_open, "{mode:o}");
            let elsewhere = Some(Path::new("/run/credentials/other.service"));
            assert_eq!(is_open_beside(&path, elsewhere), is_open, "{mode:o}");
            assert!(!is_open_beside(&path, Some(dir.path())), "{mode:o}");
        }
        assert!(!is_open_beside(&dir.path().join("none"), None));
    }
}
