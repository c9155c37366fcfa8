//! A command that runs beside others.

use crate::run::line;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

/// A command under way. It takes the processor only when nobody else wants it, so
/// that tests beside it keep their time; what it says waits until it has ended.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
    said: PathBuf,
}

impl Background {
    /// Starts a command line as [`line`] reads it. What it says goes to a file.
    pub(crate) fn start(text: &str, said: &Path) -> io::Result<Self> {
        let file = File::create(said)?;
        let child = line(&format!("nice -n 19 {text}"))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()?;
        Ok(Self {
            child,
            said: said.to_owned(),
        })
    }

    /// Waits for its end and says what it said. The error says how it failed.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        let ended = self.child.wait();
        print!("{}", fs::read_to_string(&self.said).unwrap_or_default());
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(status.to_string()),
            Err(why) => Err(why.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_end_is_told_and_what_it_said_is_kept() {
        let said = std::env::temp_dir().join(format!("said-{}", std::process::id()));
        for (text, holds) in [("echo beside", true), ("ls /nowhere", false)] {
            let background = Background::start(text, &said).unwrap();
            assert_eq!(background.finish().is_ok(), holds, "{text}");
            assert!(!fs::read_to_string(&said).unwrap().is_empty(), "{text}");
        }
        fs::remove_file(&said).unwrap();
    }
}
