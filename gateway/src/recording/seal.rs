//! One sealed file: a header, and chunks that cannot be read, changed, left
//! out or put in another order without the key.
//!
//! ```text
//! header = "AISLREC" 1 | salt, 32 bytes | day i32 | part u16 | taken out u16     48 bytes
//! chunk  = length of what follows u32, bit 31: the last | ciphertext | tag, 16 bytes
//! key    = HKDF-SHA256(ikm: key of recordings, salt: salt, info: "aislecast recording file")
//! nonce  = number of the chunk u64 | 1 for the last, else 0, u32      associated data: the header
//! ```
//!
//! Little-endian. ChaCha20-Poly1305 (RFC 8439): quick without AES instructions,
//! which a Raspberry Pi 4 has not. Every file has a salt of its own, so a nonce
//! is never used twice with a key; the counter makes a chunk that is missing or
//! moved fail, the last chunk's flag tells an end from a cut (the STREAM
//! construction: Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015).

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey},
    hkdf,
};
use std::{
    fmt, fs,
    io::{self, Read, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

const MAGIC: [u8; 8] = *b"AISLREC\x01";
const SALT: usize = 32;
/// Bytes before the first chunk.
pub(super) const HEADER: usize = 48;
const TAG: usize = 16;
const LAST: u32 = 1 << 31;
/// Longest chunk: an image of a full shop and its plan take a tenth of it.
const CHUNK_MAX: u32 = 64 << 20;

/// Which file it is, by its own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// Local day, days since 1970-01-01.
    pub day: i32,
    /// Which run of that day, from 0.
    pub part: u16,
    /// People who were taken out since it was recorded.
    pub taken_out: u16,
}

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Not one of ours.
    #[error("this is no recording of aislecast, or one of another version")]
    Foreign,
    /// It fails its check.
    #[error(
        "the recording is damaged after {good} of its pieces, or was made with the secret of another store: what comes before can be used"
    )]
    Damaged {
        /// Chunks that are sound.
        good: u64,
    },
    /// The file system refuses.
    #[error("failed to read the recording: {0}")]
    Io(#[from] io::Error),
}

struct Key {
    key: LessSafeKey,
    header: [u8; HEADER],
}

impl Key {
    fn new(recordings: &[u8; 32], header: [u8; HEADER]) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, &header[MAGIC.len()..MAGIC.len() + SALT]);
        let mut bytes = [0; 32];
        salt.extract(recordings)
            .expand(&[b"aislecast recording file"], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut bytes))
            .expect("32 bytes are one block of SHA-256");
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).expect("the key has 32 bytes");
        Self {
            key: LessSafeKey::new(key),
            header,
        }
    }

    fn seal(&self, number: u64, is_last: bool, bytes: &mut Vec<u8>) {
        self.key
            .seal_in_place_append_tag(nonce(number, is_last), Aad::from(&self.header), bytes)
            .expect("a chunk is far shorter than 256 GiB");
    }

    fn open(&self, number: u64, is_last: bool, sealed: &mut Vec<u8>) -> Option<()> {
        let opened =
            self.key
                .open_in_place(nonce(number, is_last), Aad::from(&self.header), sealed);
        let length = opened.ok()?.len();
        sealed.truncate(length);
        Some(())
    }
}

fn nonce(number: u64, is_last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    nonce[8] = u8::from(is_last);
    Nonce::assume_unique_for_key(nonce)
}

/// A file being written.
pub struct Sealer {
    file: fs::File,
    key: Key,
    chunks: u64,
    /// How long the file is.
    pub bytes: u64,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sealer(redacted)")
    }
}

impl Sealer {
    /// Begins a file that must not be there yet.
    pub fn create(path: &Path, recordings: &[u8; 32], truth: Truth) -> io::Result<Self> {
        let mut header = [0; HEADER];
        header[..8].copy_from_slice(&MAGIC);
        getrandom::fill(&mut header[8..40]).map_err(io::Error::from)?;
        header[40..44].copy_from_slice(&truth.day.to_le_bytes());
        header[44..46].copy_from_slice(&truth.part.to_le_bytes());
        header[46..48].copy_from_slice(&truth.taken_out.to_le_bytes());
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(&header)?;
        Ok(Self {
            file,
            key: Key::new(recordings, header),
            chunks: 0,
            bytes: HEADER as u64,
        })
    }

    /// Seals whole records into one chunk. After the last there is no other.
    pub fn chunk(&mut self, mut records: Vec<u8>, is_last: bool) -> io::Result<()> {
        self.key.seal(self.chunks, is_last, &mut records);
        let flag = if is_last { LAST } else { 0 };
        let length = u32::try_from(records.len()).ok().filter(|n| *n < CHUNK_MAX);
        let length = length.ok_or_else(|| io::Error::other("a chunk is too long"))?;
        let mut out = Vec::with_capacity(records.len() + 4);
        out.extend_from_slice(&(length | flag).to_le_bytes());
        out.append(&mut records);
        self.file.write_all(&out)?;
        self.chunks += 1;
        self.bytes += out.len() as u64;
        Ok(())
    }

    /// Waits until everything is on the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// A file being read.
pub struct Opener<R> {
    input: R,
    key: Key,
    truth: Truth,
    chunks: u64,
    is_whole: bool,
}

impl<R> fmt::Debug for Opener<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("opener(redacted)")
    }
}

impl<R: Read> Opener<R> {
    /// Reads the header.
    pub fn new(mut input: R, recordings: &[u8; 32]) -> Result<Self, SealError> {
        let mut header = [0; HEADER];
        let read = read_up_to(&mut input, &mut header)?;
        if read < HEADER || header[..8] != MAGIC {
            return Err(SealError::Foreign);
        }
        let two = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let day = [header[40], header[41], header[42], header[43]];
        Ok(Self {
            truth: Truth {
                day: i32::from_le_bytes(day),
                part: two(44),
                taken_out: two(46),
            },
            key: Key::new(recordings, header),
            input,
            chunks: 0,
            is_whole: false,
        })
    }

    /// Which file it is; to be believed once a chunk was opened.
    pub const fn truth(&self) -> Truth {
        self.truth
    }

    /// Whether the last chunk was read: nothing is missing.
    pub const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The next chunk; `None` at the end, or within a chunk that was never
    /// wholly written.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, SealError> {
        let mut length = [0; 4];
        let read = read_up_to(&mut self.input, &mut length)?;
        if self.is_whole {
            // Something after the last chunk was not put there by us.
            return if read == 0 {
                Ok(None)
            } else {
                Err(self.damaged())
            };
        }
        if read < length.len() {
            return Ok(None);
        }
        let word = u32::from_le_bytes(length);
        let (length, is_last) = ((word & !LAST) as usize, word & LAST != 0);
        if length >= CHUNK_MAX as usize || length < TAG {
            return Err(self.damaged());
        }
        let mut sealed = Vec::new();
        let wanted = length as u64;
        if self.input.by_ref().take(wanted).read_to_end(&mut sealed)? < length {
            return Ok(None);
        }
        if self.key.open(self.chunks, is_last, &mut sealed).is_none() {
            return Err(self.damaged());
        }
        self.chunks += 1;
        self.is_whole = is_last;
        Ok(Some(sealed))
    }

    const fn damaged(&self) -> SealError {
        SealError::Damaged { good: self.chunks }
    }
}

fn read_up_to(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < into.len() {
        match input.read(&mut into[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Makes what stands in a file unreadable even to who finds its blocks on the
/// disk and has the key of recordings: without the salt there is no key.
pub(super) fn shred(file: &mut fs::File) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&[0; HEADER])?;
    file.sync_data()
}
