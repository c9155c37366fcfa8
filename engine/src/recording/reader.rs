//! Reads moments back. Total: whatever the bytes are, it ends with an error or
//! with their end, and everything before the damage has been read.

use super::{
    Begin, Body, Moment, Signal, Slot, Taken, Unreadable, VERSION,
    bytes::{Cursor, unzigzag},
    pen::{
        AGED, BODY, FRACTION, OTHER_SCANNER, OTHER_TAG, SEVERAL, SIGNAL, STEP, TIMED, Thread,
        now_of,
    },
};
use crate::{plan::ScannerIx, presence::Tag, strength::Strength};

/// What postcard writes for [`Body::Begin`].
const BEGIN: u32 = 0;
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
    pub fn next(&mut self, piece: &mut &[u8]) -> Result<Option<Moment>, Unreadable> {
        if piece.is_empty() {
            return Ok(None);
        }
        let mut cursor = Cursor(piece);
        let moment = self.record(&mut cursor)?;
        *piece = cursor.0;
        Ok(Some(moment))
    }

    fn record(&mut self, cursor: &mut Cursor<'_>) -> Result<Moment, Unreadable> {
        let head = cursor.byte()?;
        if head & TIMED != 0 {
            self.time(cursor)?;
        }
        let taken = match head & !TIMED {
            head if head & SIGNAL != 0 => self.signal(cursor, head)?,
            STEP => step(cursor)?,
            BODY => self.body(cursor)?,
            _ => return Err(Unreadable::Damaged),
        };
        let now = now_of(&self.thread);
        Ok(Moment { now, taken })
    }

    fn time(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Unreadable> {
        let word = cursor.varint()?;
        let (waited_ms, clock) = (word >> 2, word & 3);
        let thread = &mut self.thread;
        thread.mono.0 = thread
            .mono
            .0
            .checked_add(waited_ms)
            .ok_or(Unreadable::Damaged)?;
        let shifted = |by: i64| thread.ahead_ms.and_then(|ms| ms.checked_add(by));
        thread.ahead_ms = match clock {
            0 => thread.ahead_ms,
            1 => Some(shifted(1).ok_or(Unreadable::Damaged)?),
            2 => Some(shifted(-1).ok_or(Unreadable::Damaged)?),
            _ => cursor.varint()?.checked_sub(1).map(unzigzag),
        };
        self.check_clock()
    }

    /// Damaged bytes must not make a date that cannot be reckoned with.
    fn check_clock(&self) -> Result<(), Unreadable> {
        let mono = i64::try_from(self.thread.mono.0).map_err(|_| Unreadable::Damaged)?;
        let ahead = self.thread.ahead_ms.unwrap_or(0);
        ahead.checked_add(mono).map(drop).ok_or(Unreadable::Damaged)
    }

    fn signal(&mut self, cursor: &mut Cursor<'_>, head: u8) -> Result<Taken, Unreadable> {
        let slot = Slot(cursor.varint_u32()?);
        if slot.0 > SLOTS_MAX {
            return Err(Unreadable::Damaged);
        }
        let strength = strength(cursor, head)?;
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
            scanner: self.thread.scanner.ok_or(Unreadable::Damaged)?,
            tag: self.thread.tag(slot).ok_or(Unreadable::Damaged)?,
            strength,
            at: self.thread.mono.before_ms(age_ms),
        };
        Ok(Taken::Signal(slot, signal))
    }

    fn body(&mut self, cursor: &mut Cursor<'_>) -> Result<Taken, Unreadable> {
        let length = usize::try_from(cursor.varint()?).map_err(|_| Unreadable::Damaged)?;
        let bytes = cursor.take(length)?;
        let body: Body = postcard::from_bytes(bytes).map_err(|_| undecodable(bytes))?;
        if body.slot().is_some_and(|slot| slot.0 > SLOTS_MAX) {
            return Err(Unreadable::Damaged);
        }
        if let Body::Begin(Begin { version, now, .. }) = &body {
            if *version != VERSION {
                return Err(Unreadable::OtherVersion(*version));
            }
            self.thread.begin(*now);
            self.check_clock()?;
        }
        Ok(Taken::Body(Box::new(body)))
    }
}

/// What stands behind the version at the beginning of a run may be written
/// otherwise in another one.
fn undecodable(bytes: &[u8]) -> Unreadable {
    let mut cursor = Cursor(bytes);
    let word = |cursor: &mut Cursor<'_>| cursor.varint_u32();
    match (word(&mut cursor), word(&mut cursor)) {
        (Ok(BEGIN), Ok(version)) if version != VERSION => Unreadable::OtherVersion(version),
        _ => Unreadable::Damaged,
    }
}

fn strength(cursor: &mut Cursor<'_>, head: u8) -> Result<Strength, Unreadable> {
    let mut dbm = || {
        Ok(if head & FRACTION != 0 {
            cursor.f32()?
        } else {
            f32::from(cursor.byte()? as i8)
        })
    };
    let strongest_dbm = dbm()?;
    if head & SEVERAL == 0 {
        return Ok(Strength::of_one(strongest_dbm));
    }
    Ok(Strength {
        mean_dbm: dbm()?,
        strongest_dbm,
        packets: cursor.byte()?.max(1),
    })
}

fn step(cursor: &mut Cursor<'_>) -> Result<Taken, Unreadable> {
    let count = cursor.varint()?;
    if count > DECISIONS_MAX {
        return Err(Unreadable::Damaged);
    }
    let marks: Result<Vec<u16>, Unreadable> = (0..count).map(|_| cursor.u16()).collect();
    Ok(Taken::Step(marks?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a run as a build of format 1 wrote it, whatever follows.
    #[test]
    fn a_run_of_another_version_is_said_to_be_one_and_not_to_be_damaged() {
        for (bytes, expected) in [
            (&[BODY, 3, 0, 1, 9][..], Unreadable::OtherVersion(1)),
            (&[BODY, 3, 0, 99, 9], Unreadable::OtherVersion(99)),
            (&[BODY, 3, 0, VERSION as u8, 9], Unreadable::Damaged),
            (&[BODY, 3, 1, 1, 9], Unreadable::Damaged),
            (&[BODY, 0], Unreadable::Damaged),
        ] {
            let read = Reader::default().next(&mut &*bytes);
            assert_eq!(read, Err(expected), "{bytes:?}");
        }
        let words = Unreadable::OtherVersion(1).to_string();
        let expected = format!("format 1; this one reads {VERSION}");
        assert!(words.contains(&expected), "{words}");
    }
}
