//! One entry as bytes, and finding entries again in bytes that may be damaged.
//!
//! ```text
//! size u32 | seq u64 | crc32c of these 12 u32 | postcard(LedgerEntry) | crc32c of all before u32
//! ```
//!
//! Little-endian. `size` is the payload's length in its lower 21 bits and, above,
//! how many frames were written together before this one. The header has a
//! checksum of its own so that a flipped bit in it is told from a write that a
//! power cut interrupted: the first is damage, the second is no loss, since
//! nobody was told that it is on the disk.
//!
//! Frames are written over zeros that lie on the disk already, and a disk writes
//! sectors in any order. So a cut may leave a sector of zeros in the midst of the
//! frames written last; that, too, is no loss, and told by those zeros.

use engine::effect::LedgerEntry;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    io::{self, Read},
    marker::PhantomData,
};

/// Bytes before the payload.
const HEAD: usize = 16;
/// Bytes after it.
const TAIL: usize = 4;
/// Longest payload. An exposure names everybody who saw it in about 13 bytes
/// each; 1 MiB is far above any shop and far below a length made of noise.
pub(super) const PAYLOAD_MAX: usize = 1 << 20;
/// Bits of `size` that are the payload's length: [`PAYLOAD_MAX`] and no more.
const LENGTH_BITS: u32 = 21;
/// Highest place that `size` can tell. The store writes 256 frames together at
/// most; a frame that follows more is taken for the first of others.
const PLACE_MAX: u32 = (1 << (32 - LENGTH_BITS)) - 1;
/// What a disk writes wholly or not at all, bytes: the smallest there are.
const SECTOR: u64 = 512;
/// Read at once.
const CHUNK: usize = 64 << 10;

/// Appends one frame that is written by itself, or as a part of a whole file.
pub(super) fn encode<E: Serialize>(seq: u64, entry: &E, out: &mut Vec<u8>) {
    encode_at(0, seq, entry, out);
}

/// Appends one frame that is written together with `place` others before it.
pub(super) fn encode_at<E: Serialize>(place: u64, seq: u64, entry: &E, out: &mut Vec<u8>) {
    let payload = postcard::to_stdvec(entry).expect("every entry can be encoded");
    encode_payload((place, seq), &payload, out);
}

fn encode_payload((place, seq): (u64, u64), payload: &[u8], out: &mut Vec<u8>) {
    assert!(
        payload.len() <= PAYLOAD_MAX,
        "the engine bounds what one entry names"
    );
    let start = out.len();
    let place = if place > u64::from(PLACE_MAX) {
        0
    } else {
        place as u32
    };
    let size = place << LENGTH_BITS | payload.len() as u32;
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&seq.to_le_bytes());
    let head = crc32c::crc32c(&out[start..]);
    out.extend_from_slice(&head.to_le_bytes());
    out.extend_from_slice(payload);
    let all = crc32c::crc32c(&out[start..]);
    out.extend_from_slice(&all.to_le_bytes());
}

/// What stands next in a file.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<E = LedgerEntry> {
    /// An entry, and whether this program knows its kind.
    Frame {
        seq: u64,
        /// Number of the first entry that was written together with it.
        first: u64,
        entry: Option<E>,
    },
    /// Bytes that are no frame, with a frame or the end of the file after them.
    Bad,
    /// Sectors that were never written, with a frame after them: no loss if that
    /// was written together with what is missing, and nothing after it.
    Hole {
        /// Where what is missing begins.
        at: u64,
    },
    /// The file ends within a frame that was never wholly written.
    Torn {
        /// Where that frame begins.
        at: u64,
    },
}

/// Walks over the frames of one file, holding one of them in memory.
pub(super) struct Frames<R, E = LedgerEntry> {
    input: R,
    /// Bytes read and not yet consumed.
    window: Vec<u8>,
    /// How many bytes of the window are consumed.
    used: usize,
    /// Offset of `window[used]` in the file.
    offset: u64,
    ended: bool,
    entry: PhantomData<E>,
}

impl<R: Read, E: DeserializeOwned> Frames<R, E> {
    /// `offset` is where `input` stands in its file.
    pub(super) fn new(input: R, offset: u64) -> Self {
        let window = Vec::with_capacity(2 * CHUNK);
        Self {
            input,
            window,
            used: 0,
            offset,
            ended: false,
            entry: PhantomData,
        }
    }

    /// Where the next piece begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Piece<E>>> {
        if self.ahead(1)?.is_empty() {
            return Ok(None);
        }
        if let Some(whole) = self.whole_frame()? {
            return Ok(Some(self.take(whole)));
        }
        self.pass_damage()
    }

    /// Length of the frame that begins here, if one does and is intact.
    fn whole_frame(&mut self) -> io::Result<Option<usize>> {
        let Some(length) = self.claimed()? else {
            return Ok(None);
        };
        let frame = self.ahead(length)?;
        if frame.len() < length {
            return Ok(None);
        }
        let (body, sum) = frame[..length].split_at(length - TAIL);
        Ok((sum == crc32c::crc32c(body).to_le_bytes()).then_some(length))
    }

    /// Length of the frame that begins here by its header, if that is intact.
    fn claimed(&mut self) -> io::Result<Option<usize>> {
        let head = self.ahead(HEAD)?;
        if head.len() < HEAD || head[12..HEAD] != crc32c::crc32c(&head[..12]).to_le_bytes() {
            return Ok(None);
        }
        let size = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let payload = (size & ((1 << LENGTH_BITS) - 1)) as usize;
        Ok((payload <= PAYLOAD_MAX).then_some(HEAD + payload + TAIL))
    }

    fn take(&mut self, length: usize) -> Piece<E> {
        let frame = &self.window[self.used..self.used + length];
        let size = u32::from_le_bytes([frame[0], frame[1], frame[2], frame[3]]);
        let mut seq = [0; 8];
        seq.copy_from_slice(&frame[4..12]);
        let seq = u64::from_le_bytes(seq);
        let entry = postcard::from_bytes(&frame[HEAD..length - TAIL]).ok();
        self.consume(length);
        Piece::Frame {
            seq,
            first: seq.saturating_sub(u64::from(size >> LENGTH_BITS)),
            entry,
        }
    }

    /// Passes over bytes that are no frame, up to the next frame or the end.
    /// Nothing when they are room for frames to come, and no more.
    fn pass_damage(&mut self) -> io::Result<Option<Piece<E>>> {
        let at = self.offset;
        // Where the frame ends if its header is intact; a header's end if not.
        let (head_intact, end) = match self.claimed()? {
            Some(length) => (true, at + length as u64),
            None => (false, at + HEAD as u64),
        };
        let mut passed = Passed::from(at);
        loop {
            self.pass_some(&mut passed);
            if self.ahead(1)?.is_empty() {
                break;
            }
            if self.whole_frame()?.is_some() {
                passed.written(self.offset);
                let piece = if passed.has_hole {
                    Piece::Hole { at }
                } else {
                    Piece::Bad
                };
                return Ok(Some(piece));
            }
        }
        if passed.written_to == at {
            self.offset = at;
            return Ok(None);
        }
        // Beyond the frame, or in place of its checksum, lie zeros.
        let written_to = passed.written_to;
        let never_finished = if head_intact {
            let is_filled_up = self.offset > end && written_to <= end;
            self.offset < end || is_filled_up || written_to + TAIL as u64 <= end
        } else {
            written_to < end
        };
        Ok(Some(if never_finished || passed.has_hole {
            Piece::Torn { at }
        } else {
            Piece::Bad
        }))
    }

    /// Passes over one byte, or over many zeros at once: no header has more than
    /// three before its first other byte.
    fn pass_some(&mut self, passed: &mut Passed) {
        let ahead = &self.window[self.used..];
        let zeros = ahead.iter().position(|byte| *byte != 0);
        let zeros = zeros.unwrap_or(ahead.len());
        if zeros == 0 {
            passed.written(self.offset);
        }
        self.consume(if zeros > HEAD { zeros - 3 } else { 1 });
    }

    fn consume(&mut self, bytes: usize) {
        self.used += bytes;
        self.offset += bytes as u64;
    }

    /// At least `wanted` bytes from here on, or all there are.
    fn ahead(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while !self.ended && self.window.len() - self.used < wanted {
            self.window.drain(..self.used);
            self.used = 0;
            let held = self.window.len();
            self.window.resize(held + CHUNK.max(wanted), 0);
            let read = self.input.read(&mut self.window[held..])?;
            self.window.truncate(held + read);
            self.ended = read == 0;
        }
        Ok(&self.window[self.used..])
    }
}

/// What is known of bytes that are no frame.
struct Passed {
    at: u64,
    /// Where the last byte that is not zero ends.
    written_to: u64,
    /// Whether zeros before that fill a sector, or what of the first one is theirs.
    has_hole: bool,
}

impl Passed {
    fn from(at: u64) -> Self {
        Self {
            at,
            written_to: at,
            has_hole: false,
        }
    }

    /// The byte at `offset` is not zero.
    fn written(&mut self, offset: u64) {
        let whole = if self.written_to == self.at {
            (self.at / SECTOR + 1) * SECTOR
        } else {
            self.written_to.next_multiple_of(SECTOR) + SECTOR
        };
        self.has_hole |= whole <= offset;
        self.written_to = offset + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(bytes: &[u8]) -> Vec<Piece> {
        let mut frames = Frames::new(bytes, 0);
        let mut found = Vec::new();
        while let Some(piece) = frames.next().unwrap() {
            found.push(piece);
        }
        found
    }

    fn started(seq: u64) -> Vec<u8> {
        let entry = LedgerEntry::Started { boot: seq as u32 };
        let mut bytes = Vec::new();
        encode(seq, &entry, &mut bytes);
        bytes
    }

    fn frame(seq: u64) -> Piece {
        Piece::Frame {
            seq,
            first: seq,
            entry: Some(LedgerEntry::Started { boot: seq as u32 }),
        }
    }

    #[test]
    fn a_frame_cut_anywhere_is_torn_and_what_stands_before_it_is_read() {
        let (first, second) = (started(1), started(2));
        for cut in 1..second.len() {
            let at = first.len() as u64;
            let mut bytes = [&first[..], &second[..cut]].concat();
            assert_eq!(pieces(&bytes), [frame(1), Piece::Torn { at }], "cut {cut}");
            // The same write on a file system that fills up with zeros.
            bytes.resize(first.len() + 4096, 0);
            if second[cut..].iter().any(|b| *b != 0) {
                assert_eq!(
                    pieces(&bytes),
                    [frame(1), Piece::Torn { at }],
                    "zeros {cut}"
                );
            }
        }
    }

    #[test]
    fn a_flipped_bit_is_damage_wherever_it_is_and_what_follows_is_read() {
        let second = started(2);
        for bit in 0..second.len() * 8 {
            let mut damaged = second.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let last = [&started(1)[..], &damaged].concat();
            assert_eq!(pieces(&last), [frame(1), Piece::Bad], "bit {bit}");
            let middle = [&started(1)[..], &damaged, &started(3)].concat();
            assert_eq!(
                pieces(&middle),
                [frame(1), Piece::Bad, frame(3)],
                "bit {bit}"
            );
        }
    }

    #[test]
    fn a_kind_of_entry_from_the_future_is_a_frame_without_an_entry() {
        let mut bytes = Vec::new();
        encode_payload((2, 5), &[0x7f, 1, 2], &mut bytes);
        assert_eq!(
            pieces(&bytes),
            [Piece::Frame {
                seq: 5,
                first: 3,
                entry: None
            }]
        );
    }

    #[test]
    fn room_for_frames_to_come_is_nothing_at_all() {
        let first = started(1);
        for room in [1, 15, 16, 511, 512, 3 * CHUNK] {
            let bytes = [&first[..], &vec![0; room]].concat();
            let mut frames = Frames::<_, LedgerEntry>::new(&bytes[..], 0);
            assert_eq!(frames.next().unwrap(), Some(frame(1)), "room {room}");
            assert_eq!(frames.next().unwrap(), None, "room {room}");
            assert_eq!(frames.offset(), first.len() as u64, "room {room}");
        }
    }

    /// Sixty frames written together after one, over zeros, but for one sector.
    fn with_a_sector_missing(sector: usize) -> Vec<u8> {
        let mut bytes = started(1);
        let before = bytes.len();
        for place in 0..60 {
            let entry = LedgerEntry::Started { boot: place as u32 };
            encode_at(place, 2 + place, &entry, &mut bytes);
        }
        bytes.resize(4096, 0);
        let (from, to) = (sector * SECTOR as usize, (sector + 1) * SECTOR as usize);
        bytes[from.max(before)..to].fill(0);
        bytes
    }

    #[test]
    fn a_sector_that_was_not_written_is_a_hole_if_frames_follow_and_torn_if_none() {
        // They end in the third sector.
        for (sector, holes, torn) in [(0, 1, 0), (1, 1, 0), (2, 0, 1), (3, 0, 0)] {
            let found = pieces(&with_a_sector_missing(sector));
            let hole = found.iter().filter(|p| matches!(p, Piece::Hole { .. }));
            let ends = found.iter().filter(|p| matches!(p, Piece::Torn { .. }));
            assert_eq!((hole.count(), ends.count()), (holes, torn), "{sector}");
            assert!(!found.contains(&Piece::Bad), "sector {sector}");
        }
    }
}
