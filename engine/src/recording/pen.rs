//! Writes moments down.

use super::{
    Begin, Body, Moment, Signal, Slot, Taken,
    bytes::{put_varint, zigzag},
};
use crate::{
    plan::ScannerIx,
    presence::Tag,
    strength::Strength,
    time::{Mono, Now, Wall},
};

/// Head of a record: time follows.
pub const TIMED: u8 = 0x80;
/// Head of a record: a signal.
pub const SIGNAL: u8 = 0x40;
/// Head of a signal: its age follows, ms.
pub const AGED: u8 = 0x01;
/// Head of a signal: strengths have fractions and take four bytes.
pub const FRACTION: u8 = 0x02;
/// Head of a signal: of another beacon than the shopper's last.
pub const OTHER_TAG: u8 = 0x04;
/// Head of a signal: of another scanner than the last.
pub const OTHER_SCANNER: u8 = 0x08;
/// Head of a signal: of several packets, whose mean and number follow the strongest.
pub const SEVERAL: u8 = 0x10;
/// Head of a step.
pub const STEP: u8 = 0;
/// Head of anything else.
pub const BODY: u8 = 1;

/// What both ends remember from one record to the next.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    pub mono: Mono,
    /// The date less the timer, ms; nothing while the date is not known.
    pub ahead_ms: Option<i64>,
    pub scanner: Option<ScannerIx>,
    pub tags: Vec<Option<Tag>>,
}

impl Thread {
    /// From here on as at the beginning of a run.
    pub fn begin(&mut self, now: Now) {
        *self = Self {
            mono: now.mono,
            ahead_ms: ahead_ms(now),
            ..Self::default()
        };
    }

    /// The last tag of a slot.
    pub fn tag(&mut self, slot: Slot) -> &mut Option<Tag> {
        let at = slot.0 as usize;
        if self.tags.len() <= at {
            self.tags.resize(at + 1, None);
        }
        &mut self.tags[at]
    }
}

/// The date less the timer.
pub fn ahead_ms(now: Now) -> Option<i64> {
    let date = now.wall.known()?;
    Some(date.0.saturating_sub(now.mono.0 as i64))
}

/// Writes moments down, each as the difference from the one before.
#[derive(Debug, Default)]
pub struct Pen {
    thread: Thread,
    out: Vec<u8>,
    written: u64,
}

impl Pen {
    /// What was written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.out)
    }

    /// How much there is to take, bytes.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Moments written so far.
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// Any moment.
    pub fn put(&mut self, moment: &Moment) {
        match &moment.taken {
            Taken::Signal(slot, signal) => self.signal(moment.now, *slot, signal),
            Taken::Step(marks) => self.step(moment.now, marks),
            Taken::Body(body) => self.body(moment.now, body),
        }
    }

    /// A signal.
    pub fn signal(&mut self, now: Now, slot: Slot, signal: &Signal) {
        let Strength {
            mean_dbm,
            strongest_dbm,
            packets,
        } = signal.strength;
        let is_whole = |dbm: f32| f32::from(dbm as i8).to_bits() == dbm.to_bits();
        let is_whole = is_whole(mean_dbm) && is_whole(strongest_dbm);
        let several = packets > 1;
        let age_ms = now.mono.since_ms(signal.at);
        let other_tag = *self.thread.tag(slot) != Some(signal.tag);
        let other_scanner = self.thread.scanner != Some(signal.scanner);
        let flag = |bit: u8, is_set: bool| if is_set { bit } else { 0 };
        self.head(
            now,
            SIGNAL
                | flag(AGED, age_ms != 0)
                | flag(FRACTION, !is_whole)
                | flag(OTHER_TAG, other_tag)
                | flag(OTHER_SCANNER, other_scanner)
                | flag(SEVERAL, several),
        );
        put_varint(&mut self.out, slot.0.into());
        let mut put = |dbm: f32| {
            if is_whole {
                self.out.push(dbm as i8 as u8);
            } else {
                self.out.extend_from_slice(&dbm.to_le_bytes());
            }
        };
        put(strongest_dbm);
        if several {
            put(mean_dbm);
            self.out.push(packets);
        }
        if age_ms != 0 {
            put_varint(&mut self.out, age_ms);
        }
        if other_tag {
            self.out.push(signal.tag.0);
            *self.thread.tag(slot) = Some(signal.tag);
        }
        if other_scanner {
            self.out.push(signal.scanner.0);
            self.thread.scanner = Some(signal.scanner);
        }
    }

    /// A step.
    pub fn step(&mut self, now: Now, marks: &[u16]) {
        self.head(now, STEP);
        put_varint(&mut self.out, marks.len() as u64);
        for mark in marks {
            self.out.extend_from_slice(&mark.to_le_bytes());
        }
    }

    /// Anything else.
    pub fn body(&mut self, now: Now, body: &Body) {
        if let Body::Begin(Begin { now, .. }) = body {
            self.thread.begin(*now);
            self.out.push(BODY);
        } else {
            self.head(now, BODY);
        }
        let bytes = postcard::to_stdvec(body).expect("every body can be encoded");
        put_varint(&mut self.out, bytes.len() as u64);
        self.out.extend_from_slice(&bytes);
    }

    fn head(&mut self, now: Now, head: u8) {
        self.written += 1;
        let thread = &mut self.thread;
        let (waited_ms, ahead) = (now.mono.since_ms(thread.mono), ahead_ms(now));
        let clock = match (thread.ahead_ms, ahead) {
            (before, after) if before == after => 0,
            (Some(before), Some(after)) if after == before + 1 => 1,
            (Some(before), Some(after)) if after == before - 1 => 2,
            _ => 3,
        };
        let is_timed = waited_ms != 0 || clock != 0;
        self.out.push(if is_timed { head | TIMED } else { head });
        if is_timed {
            put_varint(&mut self.out, waited_ms << 2 | clock);
        }
        if clock == 3 {
            // 0 is no date; what a date is ahead by comes one higher.
            let word = ahead.map_or(0, |ms| zigzag(ms).saturating_add(1));
            put_varint(&mut self.out, word);
        }
        thread.mono = now.mono;
        thread.ahead_ms = ahead;
    }
}

/// Both clocks again.
pub fn now_of(thread: &Thread) -> Now {
    let date = thread.ahead_ms.map(|ahead| ahead + thread.mono.0 as i64);
    Now {
        mono: thread.mono,
        wall: date.map_or(Wall::Unsynced, |ms| Wall::Synced(crate::time::UnixMs(ms))),
    }
}
