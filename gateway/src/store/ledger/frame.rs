//! One entry as bytes, and finding entries again in bytes that may be damaged.
//!
//! ```text
//! len u32 | seq u64 | crc32c of these 12 u32 | postcard(LedgerEntry) | crc32c of all before u32
//! ```
//!
//! Little-endian. The header has a checksum of its own so that a flipped bit
//! in `len` is told from a write that a power cut interrupted: the first is
//! damage, the second is no loss, since nobody was told that it is on the disk.

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
/// Read at once.
const CHUNK: usize = 64 << 10;

/// Appends one frame.
pub(super) fn encode<E: Serialize>(seq: u64, entry: &E, out: &mut Vec<u8>) {
    let payload = postcard::to_stdvec(entry).expect("every entry can be encoded");
    encode_payload(seq, &payload, out);
}

fn encode_payload(seq: u64, payload: &[u8], out: &mut Vec<u8>) {
    assert!(
        payload.len() <= PAYLOAD_MAX,
        "the engine bounds what one entry names"
    );
    let start = out.len();
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
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
    Frame { seq: u64, entry: Option<E> },
    /// Bytes that are no frame, with a frame or the end of the file after them.
    Bad,
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
        self.pass_damage().map(Some)
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
        let payload = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        Ok((payload <= PAYLOAD_MAX).then_some(HEAD + payload + TAIL))
    }

    fn take(&mut self, length: usize) -> Piece<E> {
        let frame = &self.window[self.used..self.used + length];
        let mut seq = [0; 8];
        seq.copy_from_slice(&frame[4..12]);
        let entry = postcard::from_bytes(&frame[HEAD..length - TAIL]).ok();
        self.consume(length);
        Piece::Frame {
            seq: u64::from_le_bytes(seq),
            entry,
        }
    }

    /// Passes over bytes that are no frame, up to the next frame or the end.
    fn pass_damage(&mut self) -> io::Result<Piece<E>> {
        let at = self.offset;
        // Where the frame ends if its header is intact; a header's end if not.
        let (head_intact, end) = match self.claimed()? {
            Some(length) => (true, at + length as u64),
            None => (false, at + HEAD as u64),
        };
        let mut written_to = at;
        loop {
            if self.window[self.used] != 0 {
                written_to = self.offset + 1;
            }
            self.consume(1);
            if self.ahead(1)?.is_empty() {
                break;
            }
            if self.whole_frame()?.is_some() {
                return Ok(Piece::Bad);
            }
        }
        // Some file systems fill what was not written with zeros: beyond the
        // frame, or in place of its checksum.
        let never_finished = if head_intact {
            let is_filled_up = self.offset > end && written_to <= end;
            self.offset < end || is_filled_up || written_to + TAIL as u64 <= end
        } else {
            written_to < end
        };
        Ok(if never_finished {
            Piece::Torn { at }
        } else {
            Piece::Bad
        })
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
        encode_payload(5, &[0x7f, 1, 2], &mut bytes);
        assert_eq!(
            pieces(&bytes),
            [Piece::Frame {
                seq: 5,
                entry: None
            }]
        );
    }
}
