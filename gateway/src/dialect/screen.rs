//! What screens say: JSON of `protocol`.

use ::dialect::{Unreadable, scalar::object};
use engine::{event::ScreenSaid, plan::ScreenIx};
use protocol::{id::ScreenId, screen::ScreenReport};

/// Reads a report that came on the topic of this screen.
pub fn read(screen: ScreenIx, id: &ScreenId, payload: &[u8]) -> Result<ScreenSaid, Unreadable> {
    let report: ScreenReport = object(payload)?;
    if report.screen != *id {
        return Err(Unreadable("a report of another screen"));
    }
    Ok(ScreenSaid {
        screen,
        revision: report.revision,
        status: report.status,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::screen::ScreenStatus;

    #[test]
    fn a_screen_speaks_only_for_itself() {
        let payload = br#"{"screen":"dairy","player":"p1","revision":7,"status":"painted"}"#;
        let on_topic_of = |id: &str| read(ScreenIx(0), &id.parse().unwrap(), payload);
        let said = ScreenSaid {
            screen: ScreenIx(0),
            revision: 7,
            status: ScreenStatus::Painted,
        };
        assert_eq!(on_topic_of("dairy"), Ok(said));
        assert!(on_topic_of("bakery").is_err());
        assert!(read(ScreenIx(0), &"dairy".parse().unwrap(), b"{}").is_err());
    }
}
