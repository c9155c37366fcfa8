//! The bytes in which nodes ask what time it is and gateways answer. A file in
//! `golden/` is never edited.

mod bytes;

use bytes::{golden, hex};
use proptest::prelude::*;
use protocol::{
    frame::BadFrame,
    time::{MAX_BYTES, SYNCED_WITHIN_MS, TimeAnswer, TimeAsk, Trust, VERSION},
};

const ASK: TimeAsk = TimeAsk {
    boot: 0xDEAD_BEEF,
    uptime_ms: 4_000_000,
};
const ANSWER: TimeAnswer = TimeAnswer {
    ask: ASK,
    epoch: 7,
    steady_ms: 3_600_000,
    date_ms: Some(1_795_226_400_000),
};

#[test]
fn questions_and_answers_keep_their_bytes() {
    let mut buffer = [0; MAX_BYTES];
    let asked = golden(include_str!("../golden/node-ask-v1.hex"));
    assert_eq!(hex(ASK.encode(&mut buffer).unwrap()), hex(&asked));
    assert_eq!(TimeAsk::decode(&asked), Ok(ASK));
    let told = golden(include_str!("../golden/node-time-v1.hex"));
    assert_eq!(hex(ANSWER.encode(&mut buffer).unwrap()), hex(&told));
    assert_eq!(TimeAnswer::decode(&told), Ok(ANSWER));
}

#[test]
fn the_largest_answer_fits_its_buffer() {
    let answer = TimeAnswer {
        ask: TimeAsk {
            boot: u32::MAX,
            uptime_ms: u32::MAX,
        },
        epoch: u32::MAX,
        steady_ms: u64::MAX,
        date_ms: Some(u64::MAX),
    };
    let mut buffer = [0; MAX_BYTES];
    let used = answer.encode(&mut buffer).unwrap().len();
    // 1 + 3 * 5 + 10 + (1 + 10), by postcard's wire format.
    assert_eq!(used, 37);
    assert_eq!(TimeAnswer::decode(&buffer[..used]), Ok(answer));
    assert_eq!(answer.encode(&mut [0; 20]), Err(BadFrame::Buffer));
}

#[test]
fn a_time_is_trusted_as_far_as_it_is_sure() {
    for (within_ms, trust) in [
        (0, Trust::Synced),
        (SYNCED_WITHIN_MS, Trust::Synced),
        (SYNCED_WITHIN_MS + 1, Trust::Coarse),
    ] {
        assert_eq!(Trust::within(within_ms), trust, "{within_ms}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_or_a_reason(
        mut bytes in prop::collection::vec(any::<u8>(), 0..MAX_BYTES),
        ours in any::<bool>(),
    ) {
        if let (true, Some(first)) = (ours, bytes.first_mut()) {
            *first = VERSION;
        }
        if let Ok(answer) = TimeAnswer::decode(&bytes) {
            let mut buffer = [0; MAX_BYTES];
            let again = answer.encode(&mut buffer).unwrap();
            prop_assert_eq!(TimeAnswer::decode(again), Ok(answer));
        }
        if let Ok(ask) = TimeAsk::decode(&bytes) {
            let mut buffer = [0; MAX_BYTES];
            let again = ask.encode(&mut buffer).unwrap();
            prop_assert_eq!(TimeAsk::decode(again), Ok(ask));
        }
    }
}
