//! MQTT messages of other makers' scanners and sensors. The first line is the
//! topic, what follows is the payload.

use crate::{adverts::key, facts::promised};
use dialect::detect::{self, Dialect};

/// Topic and payload.
pub(crate) fn parts(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    let topic = std::str::from_utf8(&data[..end]).ok()?;
    Some((topic, &data[end + 1..]))
}

/// In this dialect, whatever it looks like.
pub(crate) fn in_dialect(dialect: Dialect, data: &[u8]) {
    if let Some((topic, payload)) = parts(data) {
        promised(|sink| {
            // Whether it is refused is the dialect's affair.
            let _ = dialect.read(topic, payload, &key, sink);
        });
    }
}

/// In whatever dialect it looks like.
pub(crate) fn detected(data: &[u8]) {
    if let Some((topic, payload)) = parts(data) {
        promised(|sink| {
            let _ = detect::read(topic, payload, &key, sink);
        });
    }
}
