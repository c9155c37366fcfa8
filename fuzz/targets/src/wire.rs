//! Bytes on the wire between a node and its bridge, at either end.

use protocol::line::{Downward, MAX_BYTES, Reader, Upward, write};

/// What one end does with any bytes: what it reads is written as it was read, and
/// whatever came before, the next whole packet is heard.
macro_rules! hear {
    ($said:ident, $data:expr, $next:expr) => {
        let mut reader = Reader::new();
        for byte in $data {
            if let Some(Ok(said)) = reader.take::<$said<'_>>(*byte) {
                let mut room = [0; MAX_BYTES];
                let packet = write(&said, &mut room).expect("what was a packet fits one");
                let mut again = Reader::new();
                let heard = packet.iter().filter(|byte| {
                    let heard = again.take::<$said<'_>>(**byte);
                    heard.is_some_and(|heard| heard == Ok(said.clone()))
                });
                assert_eq!(heard.count(), 1, "a message reads back as it was written");
            }
        }
        let mut room = [0; MAX_BYTES];
        let packet = write(&$next, &mut room).expect("it is short");
        let (last, before) = packet.split_last().expect("a packet is not empty");
        for byte in before {
            let _ = reader.take::<$said<'_>>(*byte);
        }
        let heard = reader.take::<$said<'_>>(*last);
        assert_eq!(heard, Some(Ok($next)), "a packet after it is heard");
    };
}

pub(crate) fn line(data: &[u8]) {
    hear!(Upward, data, Upward::Ask { payload: &[7] });
    hear!(Downward, data, Downward::Taken { number: 7 });
}
