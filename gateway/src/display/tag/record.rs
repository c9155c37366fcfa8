//! What an access point says about a tag: `GET /get_db?mac=..`, as its
//! firmware writes it (`ESP32_AP-Flasher/src/tag_db.cpp`, `fillNode`).

use serde::Deserialize;

/// Set once the access point has made its own file from what was uploaded; far
/// in the future. Until then it is about to (`contentmanager.cpp`).
const DRAWN: u64 = 3_216_153_600;

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    mac: String,
    /// Of what the tag fetched last, by the access point's own file of it: it
    /// cannot be told from ours, only whether it changed. Zeros after the tag
    /// has restarted.
    pub(super) hash: String,
    /// Seconds since 1970 on the access point's clock.
    pub(super) lastseen: u64,
    nextupdate: u64,
    /// Pictures and commands the tag has yet to fetch.
    pub(super) pending: u64,
    /// Pictures and commands it has fetched so far.
    pub(super) updatecount: u64,
    modecfgjson: String,
}

#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    tags: Vec<Record>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    filename: String,
}

impl Record {
    /// The record of this tag; `None` when the access point does not know it.
    pub(super) fn find(answer: &[u8], mac: &str) -> Result<Option<Self>, serde_json::Error> {
        let tags: Tags = serde_json::from_slice(answer)?;
        let mut tags = tags.tags.into_iter();
        Ok(tags.find(|tag| tag.mac.eq_ignore_ascii_case(mac)))
    }

    /// Whether the newest upload has been made into a file for the tag.
    pub(super) const fn is_drawn(&self) -> bool {
        self.nextupdate >= DRAWN
    }

    /// The upload the tag is to show, by its name on the access point.
    pub(super) fn file(&self) -> String {
        let content = serde_json::from_str::<Content>(&self.modecfgjson);
        content.map(|c| c.filename).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_by_its_tag_and_nothing_else_is_one() {
        let answer = br#"{"tags":[{"mac":"0000021F12345678","hash":"ab","lastseen":5,
            "nextupdate":3216153600,"nextcheckin":9,"pending":1,"updatecount":7,"alias":"x",
            "modecfgjson":"{\"filename\":\"/temp/a.jpg\",\"delete\":\"1\"}","LQI":200}]}"#;
        let found = Record::find(answer, "0000021f12345678").unwrap().unwrap();
        assert_eq!((found.pending, found.updatecount), (1, 7));
        assert!(found.is_drawn());
        assert_eq!(found.file(), "/temp/a.jpg");
        assert_eq!(Record::find(answer, "0000021F00000000").unwrap(), None);
        assert_eq!(Record::find(br#"{"tags":[]}"#, "x").unwrap(), None);
        assert!(Record::find(b"<html>", "x").is_err());
    }
}
