//! Saving a survey: the former one is kept beside it, and at every moment the
//! file is either the old or the new one, wholly.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// What the former survey is called from then on, after its own name.
const FORMER: &str = "before";

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub file: PathBuf,
    /// Where the former survey is kept, if there was one.
    pub former: Option<PathBuf>,
}

/// Why a survey was not saved, in words with a remedy.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The file system refuses.
    #[error("failed to save {file}: {why}; is the folder there, and may this program write there?")]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// What is there cannot be added to.
    #[error("{0} has other columns than this survey; replace it instead of adding to it")]
    OtherColumns(PathBuf),
}

/// Saves the text of a survey; with `add`, behind what the file holds already.
pub fn keep(file: &Path, survey: &str, add: bool) -> Result<Kept, KeepError> {
    let failed = |why| KeepError::File {
        file: file.to_owned(),
        why,
    };
    let before = match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(why) if why.kind() == io::ErrorKind::NotFound => None,
        Err(why) => return Err(failed(why)),
    };
    let text = match &before {
        Some(before) if add => {
            joined(before, survey).ok_or_else(|| KeepError::OtherColumns(file.to_owned()))?
        }
        _ => survey.to_owned(),
    };
    let former = before.map(|text| {
        let former = file.with_extension(format!("csv.{FORMER}"));
        write(&former, &text).map(|()| former)
    });
    let former = former.transpose().map_err(failed)?;
    write(file, &text).map_err(failed)?;
    Ok(Kept {
        file: file.to_owned(),
        former,
    })
}

/// Under another name first: a crash leaves a whole file.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let temporary = file.with_extension("csv.new");
    let mut new = File::create(&temporary)?;
    new.write_all(text.as_bytes())?;
    new.sync_data()?;
    fs::rename(&temporary, file)
}

fn joined(before: &str, survey: &str) -> Option<String> {
    let (head, more) = survey.split_once('\n').unwrap_or((survey, ""));
    if before.lines().next() != Some(head) {
        return None;
    }
    let end = if before.ends_with('\n') { "" } else { "\n" };
    Some(format!("{before}{end}{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "x_m,n\n1,2\n";
    const SECOND: &str = "x_m,n\n3,4\n";

    #[test]
    fn the_former_survey_is_kept_and_a_second_walk_can_be_added() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("survey.csv");
        let read = |file: &Path| fs::read_to_string(file).unwrap();
        let kept = keep(&file, FIRST, true).unwrap();
        assert_eq!((kept.former, read(&file)), (None, FIRST.to_owned()));
        let kept = keep(&file, SECOND, false).unwrap();
        assert_eq!(read(&file), SECOND);
        assert_eq!(read(&kept.former.unwrap()), FIRST);
        keep(&file, FIRST, true).unwrap();
        assert_eq!(read(&file), "x_m,n\n3,4\n1,2\n");
    }

    #[test]
    fn what_cannot_be_saved_is_said_with_its_file_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("survey.csv");
        fs::write(&file, "other\n").unwrap();
        let told = keep(&file, FIRST, true).unwrap_err().to_string();
        assert!(told.contains("other columns"), "{told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "other\n");
        let nowhere = dir.path().join("nowhere/survey.csv");
        let told = keep(&nowhere, FIRST, false).unwrap_err().to_string();
        assert!(told.contains("nowhere/survey.csv"), "{told}");
    }
}
