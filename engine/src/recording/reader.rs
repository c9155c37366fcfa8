//! Reads moments back. Total: whatever the bytes are, it ends with an error or
//! with their end, and everything before the damage has been read.

use super::{
    Begin, Body, Damaged, Moment, Signal, Slot, Taken,
    bytes::{Cursor, unzigzag},
    pen::{AGED, BODY, FRACTION, OTHER_SCANNER, OTHER_TAG, SIGNAL, STEP, TIMED, Thread, now_of},
};
use crate::{plan::ScannerIx, presence::Tag};

/// Decisions in one step: one for each screen at most.
const DECISIONS_MAX: u64 = crate::plan::MAX_BITS as u64;
/// Slots in one run, so that damaged bytes cannot ask for memory.
const SLOTS_MAX: u32 = crate::shopper::MAX_ENROLLED as u32;

/// Reads one run, piece by piece: a record never spans two pieces.
#[derive(Debug, Default)]
pub struct Reader {
    thread: Thread,
}

impl Reader {
    /// Reads the next record of a piece, if there is one.
    pub fn next(&mut self, piece: &mut &[u8]) -> Result<Option<Moment>, Damaged> {
        if piece.is_empty() {
            return Ok(None);
        }
        let mut cursor = Cursor(piece);
        let moment = self.record(&mut cursor)?;
        *piece = cursor.0;
        Ok(Some(moment))
    }

    fn record(&mut self, cursor: &mut Cursor<'_>) -> Result<Moment, Damaged> {
        let head = cursor.byte()?;
        if head & TIMED != 0 {
            self.time(cursor)?;
        }
        let taken = match head & !TIMED {
            head if head & SIGNAL != 0 => self.signal(cursor, head)?,
            STEP => step(cursor)?,
            BODY => self.body(cursor)?,
            _ => return Err(Damaged),
        };
        let now = now_of(&self.thread);
        Ok(Moment { now, taken })
    }

    fn time(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Damaged> {
        let word = cursor.varint()?;
        let (waited_ms, clock) = (word >> 2, word & 3);
        let thread = &mut self.thread;
        thread.mono.0 = thread.mono.0.checked_add(waited_ms).ok_or(Damaged)?;
        let shifted = |by: i64| thread.ahead_ms.and_then(|ms| ms.checked_add(by));
        thread.ahead_ms = match clock {
            0 => thread.ahead_ms,
            1 => Some(shifted(1).ok_or(Damaged)?),
            2 => Some(shifted(-1).ok_or(Damaged)?),
            _ => cursor.varint()?.checked_sub(1).map(unzigzag),
        };
        self.check_clock()
    }

    /// Damaged bytes must not make a date that cannot be reckoned with.
    fn check_clock(&self) -> Result<(), Damaged> {
        let mono = i64::try_from(self.thread.mono.0).map_err(|_| Damaged)?;
        let ahead = self.thread.ahead_ms.unwrap_or(0);
        ahead.checked_add(mono).map(drop).ok_or(Damaged)
    }

    fn signal(&mut self, cursor: &mut Cursor<'_>, head: u8) -> Result<Taken, Damaged> {
        let slot = Slot(cursor.varint_u32()?);
        if slot.0 > SLOTS_MAX {
            return Err(Damaged);
        }
        let rssi_dbm = if head & FRACTION != 0 {
            cursor.f32()?
        } else {
            f32::from(cursor.byte()? as i8)
        };
        let age_ms = if head & AGED != 0 {
            cursor.varint()?
        } else {
            0
        };
        if head & OTHER_TAG != 0 {
            *self.thread.tag(slot) = Some(Tag(cursor.byte()?));
        }
        if head & OTHER_SCANNER != 0 {
            self.thread.scanner = Some(ScannerIx(cursor.byte()?));
        }
        let signal = Signal {
            scanner: self.thread.scanner.ok_or(Damaged)?,
            tag: self.thread.tag(slot).ok_or(Damaged)?,
            rssi_dbm,
            at: self.thread.mono.before_ms(age_ms),
        };
        Ok(Taken::Signal(slot, signal))
    }

    fn body(&mut self, cursor: &mut Cursor<'_>) -> Result<Taken, Damaged> {
        let length = usize::try_from(cursor.varint()?).map_err(|_| Damaged)?;
        let body: Body = postcard::from_bytes(cursor.take(length)?).map_err(|_| Damaged)?;
        if body.slot().is_some_and(|slot| slot.0 > SLOTS_MAX) {
            return Err(Damaged);
        }
        if let Body::Begin(Begin { version, now, .. }) = &body {
            if *version != super::VERSION {
                return Err(Damaged);
            }
            self.thread.begin(*now);
            self.check_clock()?;
        }
        Ok(Taken::Body(Box::new(body)))
    }
}

fn step(cursor: &mut Cursor<'_>) -> Result<Taken, Damaged> {
    let count = cursor.varint()?;
    if count > DECISIONS_MAX {
        return Err(Damaged);
    }
    let marks: Result<Vec<u16>, Damaged> = (0..count).map(|_| cursor.u16()).collect();
    Ok(Taken::Step(marks?))
}
