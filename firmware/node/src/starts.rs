//! Counting a node's starts, in memory that may lose power within a write.
//!
//! Two places are written in turn. Each holds the count and its complement, so
//! that half a write is seen; then the other place still holds the count before.

/// Bytes of one place.
pub const BYTES: usize = 8;

/// What to write where, and the number of this start, by what both places hold.
/// Numbers rise by one from 1, and wrap.
pub fn next(places: [[u8; BYTES]; 2]) -> (usize, [u8; BYTES], u32) {
    let [first, second] = places.map(count);
    let (at, start) = match (first, second) {
        (None, None) => (0, 1),
        (Some(count), None) => (1, count.wrapping_add(1)),
        (None, Some(count)) => (0, count.wrapping_add(1)),
        // The newer is the one that the older leads to, also across a wrap.
        (Some(a), Some(b)) if a.wrapping_sub(b) < u32::MAX / 2 => (1, a.wrapping_add(1)),
        (Some(_), Some(b)) => (0, b.wrapping_add(1)),
    };
    let mut place = [0; BYTES];
    place[..4].copy_from_slice(&start.to_le_bytes());
    place[4..].copy_from_slice(&(!start).to_le_bytes());
    (at, place, start)
}

fn count(place: [u8; BYTES]) -> Option<u32> {
    let (count, complement) = place.split_first_chunk::<4>()?;
    let count = u32::from_le_bytes(*count);
    (complement == (!count).to_le_bytes()).then_some(count)
}
