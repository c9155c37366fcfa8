//! Starts are counted, also when the power fails within the count.

use node::starts::{BYTES, next};

fn place(start: u32) -> [u8; BYTES] {
    let mut place = [0; BYTES];
    place[..4].copy_from_slice(&start.to_le_bytes());
    place[4..].copy_from_slice(&(!start).to_le_bytes());
    place
}

#[test]
fn every_start_has_the_next_number() {
    let mut places = [[0xFF; BYTES]; 2];
    for expected in 1..=10 {
        let (at, written, start) = next(places);
        assert_eq!(start, expected);
        assert_eq!(written, place(start));
        places[at] = written;
    }
}

#[test]
fn what_both_places_hold_leads_to_one_number() {
    let torn = [7, 0, 0, 0, 0xF8, 0xFF, 0, 0];
    for (places, expected) in [
        ([[0; BYTES], [0xFF; BYTES]], (0, 1)),
        ([place(4), [0; BYTES]], (1, 5)),
        ([[0; BYTES], place(4)], (0, 5)),
        ([place(4), place(5)], (0, 6)),
        ([place(6), place(5)], (1, 7)),
        ([place(6), torn], (1, 7)),
        ([torn, place(6)], (0, 7)),
        ([place(u32::MAX), place(u32::MAX - 1)], (1, 0)),
        ([place(u32::MAX), place(0)], (0, 1)),
    ] {
        let (at, _, start) = next(places);
        assert_eq!((at, start), expected, "{places:?}");
    }
}

#[test]
fn a_write_cut_off_anywhere_never_gives_a_number_twice() {
    for start in [1, 255, 256, 65_535, u32::MAX - 1, u32::MAX] {
        let places = [place(start.wrapping_sub(1)), place(start)];
        let (at, written, number) = next(places);
        for bytes in 0..=BYTES {
            let mut cut = places;
            cut[at][..bytes].copy_from_slice(&written[..bytes]);
            let (_, _, again) = next(cut);
            let expected = if bytes == BYTES {
                number.wrapping_add(1)
            } else {
                number
            };
            // Half a write may look whole when both differ in few bytes.
            assert!(
                again == expected || again == number.wrapping_add(1),
                "start {start}, {bytes} bytes: {again}"
            );
        }
    }
}
