//! Tokens that stand in files which store.toml names: for whoever can read the
//! file. Kept for shops that have them, and for tills.

use super::Role;
use crate::secret_file;
use ring::hmac;
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// Shortest token: 16 characters of base64 are 96 bits.
const LEN_MIN: usize = 16;
/// Longest token file that is read, bytes.
const LEN_MAX: usize = 4096;
/// What tokens are compared by.
const CONTEXT: &[u8] = b"aislecast";

/// Why the token of a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    /// It cannot be read.
    #[error("failed to read the access token {path} ({key}): {source}")]
    Missing {
        /// Which key names it.
        key: String,
        /// Where it should be.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It can be guessed.
    #[error(
        "failed to accept the access token in {path} ({key}): it needs at least {LEN_MIN} \
         characters and no blanks; make one with: head -c 24 /dev/urandom | base64 > {path}"
    )]
    Weak {
        /// Which key names it.
        key: String,
        /// Where it is.
        path: PathBuf,
    },
    /// Others may read it.
    #[error(
        "failed to accept the access token in {path} ({key}): others may read it; \
         chmod 600 {path}"
    )]
    Open {
        /// Which key names it.
        key: String,
        /// Where it is.
        path: PathBuf,
    },
}

/// One such token.
pub struct TokenFile(hmac::Key);

impl fmt::Debug for TokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("token(redacted)")
    }
}

impl TokenFile {
    /// Reads it; `key` is what names the file in store.toml.
    pub fn read(path: &Path, key: &str) -> Result<Self, TokenFileError> {
        let token = Self::read_text(path, key)?;
        secret_file::warn_if_open(path, key);
        Ok(token)
    }

    fn read_text(path: &Path, key: &str) -> Result<Self, TokenFileError> {
        let text = read_bounded(path).map_err(|source| TokenFileError::Missing {
            key: key.to_owned(),
            path: path.to_owned(),
            source,
        })?;
        let text = text.trim();
        if text.len() < LEN_MIN || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(TokenFileError::Weak {
                key: key.to_owned(),
                path: path.to_owned(),
            });
        }
        Ok(Self::new(text))
    }

    /// The same of a file that only its owner may read.
    fn read_private(path: &Path, key: &str) -> Result<Self, TokenFileError> {
        let token = Self::read_text(path, key)?;
        if secret_file::is_open(path) {
            return Err(TokenFileError::Open {
                key: key.to_owned(),
                path: path.to_owned(),
            });
        }
        Ok(token)
    }

    /// With this text.
    pub fn new(text: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes()))
    }

    /// Whether this is it. Codes are compared, in constant time, instead of texts.
    pub fn is(&self, given: &str) -> bool {
        let given = hmac::Key::new(hmac::HMAC_SHA256, given.as_bytes());
        let code = hmac::sign(&given, CONTEXT);
        hmac::verify(&self.0, CONTEXT, code.as_ref()).is_ok()
    }
}

/// The tokens that `[http]` names, and what each lets somebody be.
#[derive(Debug, Default)]
pub struct TokenFiles(Vec<(Role, TokenFile)>);

impl TokenFiles {
    /// Reads those there are.
    pub fn read(http: &config::Http) -> Result<Self, TokenFileError> {
        let mut all = Vec::new();
        if let Some(path) = &http.token_file {
            all.push((Role::Operator, TokenFile::read(path, "http.token_file")?));
        }
        for (role, key, path) in [
            (
                Role::Marketer,
                "http.marketer_token_file",
                &http.marketer_token_file,
            ),
            (
                Role::Viewer,
                "http.viewer_token_file",
                &http.viewer_token_file,
            ),
        ] {
            if let Some(path) = path {
                all.push((role, TokenFile::read_private(path, key)?));
            }
        }
        Ok(Self(all))
    }

    /// One more.
    pub fn add(&mut self, role: Role, text: &str) {
        self.0.push((role, TokenFile::new(text)));
    }

    /// Whether somebody can be the operator by one of them.
    pub fn has_operator(&self) -> bool {
        self.0.iter().any(|(role, _)| *role == Role::Operator)
    }

    /// Whose token this is.
    pub fn role(&self, given: &str) -> Option<Role> {
        let found = self.0.iter().find(|(_, token)| token.is(given));
        found.map(|(role, _)| *role)
    }
}

fn read_bounded(path: &Path) -> io::Result<String> {
    use io::Read as _;
    let mut text = String::new();
    fs::File::open(path)?
        .take(LEN_MAX as u64)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_token_knows_itself_and_nothing_else() {
        let token = TokenFile::new("correct-horse-battery");
        assert!(token.is("correct-horse-battery"));
        for wrong in ["", "correct-horse-batter", "correct-horse-battery2"] {
            assert!(!token.is(wrong), "{wrong:?}");
        }
        assert_eq!(format!("{token:?}"), "token(redacted)");
    }

    fn http(dir: &Path, files: [Option<(&str, &str, u32)>; 3]) -> config::Http {
        let paths = files.map(|file| {
            let (name, text, mode) = file?;
            let path = dir.join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Some(path)
        });
        let [token_file, marketer_token_file, viewer_token_file] = paths;
        config::Http {
            listen: "127.0.0.1:8080".parse().unwrap(),
            token_file,
            marketer_token_file,
            viewer_token_file,
        }
    }

    #[test]
    fn each_token_has_its_role() {
        let dir = tempfile::tempdir().unwrap();
        let http = http(
            dir.path(),
            [
                Some(("operator", "the-token-of-an-operator", 0o644)),
                Some(("marketer", "the-token-of-a-marketer\n", 0o600)),
                Some(("viewer", "the-token-of-a-viewer", 0o600)),
            ],
        );
        let files = TokenFiles::read(&http).unwrap();
        assert!(files.has_operator());
        for (token, role) in [
            ("the-token-of-an-operator", Some(Role::Operator)),
            ("the-token-of-a-marketer", Some(Role::Marketer)),
            ("the-token-of-a-viewer", Some(Role::Viewer)),
            ("the-token-of-a-nobody", None),
            ("", None),
        ] {
            assert_eq!(files.role(token), role, "{token}");
        }
        assert!(!TokenFiles::default().has_operator());
    }

    #[test]
    fn what_can_be_guessed_or_read_by_others_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let good = "0123456789abcdef";
        for (files, expected) in [
            (
                [Some(("short", "0123456789abcde\n", 0o600)), None, None],
                "at least 16",
            ),
            (
                [Some(("blank", "01234567 9abcdef012", 0o600)), None, None],
                "no blanks",
            ),
            (
                [None, Some(("open", good, 0o640)), None],
                "others may read it",
            ),
            (
                [None, None, Some(("open", good, 0o604))],
                "others may read it",
            ),
        ] {
            let refused = TokenFiles::read(&http(dir.path(), files)).unwrap_err();
            assert!(refused.to_string().contains(expected), "{refused}");
        }
        let missing = config::Http {
            token_file: Some(dir.path().join("none")),
            ..http(dir.path(), [None, None, None])
        };
        let refused = TokenFiles::read(&missing).unwrap_err().to_string();
        assert!(
            refused.contains("failed to read the access token"),
            "{refused}"
        );
    }
}
