//! Sealed days: what is in them, what is not, what damage does, what bounds them.

use super::{
    FOLDER, Pieces, Recorder, parts_of,
    seal::{HEADER, Opener, SealError, Sealer, Truth},
};
use crate::store::{self, Check, Secret};
use config::Recording;
use engine::{
    Effects, Engine, Event, Now, Seed, Snapshot,
    effect::{CommitId, Effect},
    event::{Heard, RequestId, Sighting},
    plan::ScannerIx,
    recording::{Moment, Reader},
    replay::Replay,
    shopper::{Consent, Enrolment, IdentityKey, Purposes, ShopperId},
    strength::Strength,
    time::{Mono, UnixMs, Wall},
};
use protocol::beacon::Beacon;
use std::{fs, path::Path};

/// 2026-11-21T03:00:00Z, ten in the morning where the demo's shop is.
const OPENS: i64 = 1_795_230_000_000;
const DAY_MS: u64 = 86_400_000;
const MAI: ShopperId = ShopperId(0x1122_3344_5566_7788);
const LAN: ShopperId = ShopperId(0x99aa_bbcc_ddee_ff01);
const BOUNDS: Recording = Recording {
    keep_days: 3,
    bytes_max: 64 << 20,
};

struct Shop {
    dir: tempfile::TempDir,
    secret: Secret,
    recorder: Option<Recorder>,
    engine: Engine,
    effects: Effects,
    ms: u64,
}

fn fob(of: u8) -> Beacon {
    Beacon::IBeacon {
        uuid: [of; 16],
        major: 1,
        minor: 2,
    }
}

fn secret_of(dir: &Path) -> Secret {
    let shell = config::demo().shell;
    let storage = config::Storage {
        dir: dir.to_owned(),
        ballast_bytes: 0,
        ..shell.storage
    };
    let opened = store::open(&storage, shell.retention, &Check::Here).unwrap();
    opened.store.secret()
}

impl Shop {
    fn open(bounds: Recording) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let secret = secret_of(dir.path());
        let snapshot = Snapshot {
            boot: 1,
            ..Snapshot::default()
        };
        let start = Recorder::start(dir.path(), Some(bounds), &secret, &snapshot);
        let mut shop = Self {
            engine: Engine::new(config::demo().plan, snapshot, Seed(5), now(0)),
            recorder: start.unwrap(),
            dir,
            secret,
            effects: Effects::new(),
            ms: 0,
        };
        shop.enrol(MAI, 0xa1);
        shop.enrol(LAN, 0xb2);
        shop.tick();
        shop
    }

    fn tell(&mut self, event: Event) {
        let now = now(self.ms);
        let recorder = self.recorder.as_mut().unwrap();
        recorder.note(now, &self.engine, &event);
        self.engine.handle(now, event, &mut self.effects);
        let commits = self.effects.drain(..).filter_map(|effect| match effect {
            Effect::Commit { id, .. } => Some(id),
            _ => None,
        });
        if let Some(id) = commits.max() {
            self.durable(id);
        }
    }

    fn durable(&mut self, id: CommitId) {
        self.engine
            .handle(now(self.ms), Event::Durable(id), &mut self.effects);
        self.effects.clear();
    }

    fn enrol(&mut self, shopper: ShopperId, key: u8) {
        let enrolment = Box::new(Enrolment {
            keys: vec![IdentityKey::Fixed(fob(key))],
            ..Enrolment::consenting(shopper, 1, Purposes::ALL)
        });
        self.tell(Event::Upsert {
            request: RequestId(1),
            enrolment,
            profile: Box::default(),
        });
    }

    fn tick(&mut self) {
        let recorder = self.recorder.as_mut().unwrap();
        recorder.tick(now(self.ms), &mut self.engine);
    }

    /// So many seconds in which all three are heard.
    fn live(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.ms += 1_000;
            for of in [0xa1, 0xb2, 0xcc] {
                self.tell(Event::Sighting(Sighting {
                    scanner: ScannerIx(0),
                    beacon: fob(of),
                    strength: Strength::of_one(-60.0 - (self.ms % 7) as f32),
                    reference_dbm: None,
                    heard: Heard::OnReceipt,
                }));
            }
            self.tick();
        }
    }

    fn close(&mut self) {
        let recorder = self.recorder.take().unwrap();
        recorder.stop(now(self.ms), &mut self.engine);
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join(FOLDER)
    }

    /// Everything that can be decrypted, a run each.
    fn runs(&self) -> Vec<Vec<u8>> {
        let parts = parts_of(&self.folder()).unwrap();
        let read = |part| {
            let mut pieces = Pieces::open(part, &self.secret).unwrap();
            let mut run = Vec::new();
            while let Some(piece) = pieces.piece().unwrap() {
                run.extend(piece);
            }
            run
        };
        parts.iter().map(read).collect()
    }

    fn days(&self) -> usize {
        let parts = parts_of(&self.folder()).unwrap();
        let mut days: Vec<i32> = parts.iter().map(|part| part.day).collect();
        days.dedup();
        days.len()
    }
}

fn now(ms: u64) -> Now {
    Now {
        mono: Mono(ms),
        wall: Wall::Synced(UnixMs(OPENS + ms as i64)),
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// A shopper in the codings that a recording uses.
fn names(bytes: &[u8], shopper: ShopperId) -> bool {
    let varint = postcard::to_stdvec(&shopper).unwrap();
    holds(bytes, &varint) || holds(bytes, &shopper.0.to_le_bytes())
}

fn signals_of(mut run: &[u8]) -> u64 {
    let (mut reader, mut effects) = (Reader::default(), Effects::new());
    let first: Moment = reader.next(&mut run).unwrap().unwrap();
    let mut replay = Replay::begin(&first).unwrap();
    while let Some(moment) = reader.next(&mut run).unwrap() {
        replay.take(&moment, &mut effects).unwrap();
        effects.clear();
    }
    replay.signals()
}

#[test]
fn a_day_reads_back_and_neither_strangers_nor_keys_are_in_it() {
    let mut shop = Shop::open(BOUNDS);
    shop.live(60);
    shop.close();
    let runs = shop.runs();
    assert_eq!(runs.iter().map(|run| signals_of(run)).sum::<u64>(), 120);
    let all = runs.concat();
    assert!(names(&all, MAI) && names(&all, LAN));
    for of in [0xa1, 0xb2, 0xcc] {
        assert!(!holds(&all, &[of; 4]), "{of:x}");
    }
    let on_disk = parts_of(&shop.folder()).unwrap();
    for part in on_disk {
        let sealed = fs::read(&part.path).unwrap();
        assert!(!names(&sealed, MAI) && !names(&sealed, LAN));
    }
}

#[test]
fn whoever_is_forgotten_is_in_no_recording_any_more() {
    let mut shop = Shop::open(BOUNDS);
    shop.live(30);
    shop.ms += DAY_MS;
    shop.live(30);
    shop.tell(Event::Forget {
        request: RequestId(2),
        shopper: MAI,
    });
    shop.live(10);
    shop.close();
    let runs = shop.runs();
    assert!(runs.len() >= 3, "two days, and a run since");
    let all = runs.concat();
    assert!(!names(&all, MAI), "the forgotten shopper is still there");
    assert!(names(&all, LAN), "the other one is gone too");
    // 30 and 30 and 10 of the one who stays, and all can be decided again.
    assert_eq!(runs.iter().map(|run| signals_of(run)).sum::<u64>(), 70);
    let parts = parts_of(&shop.folder()).unwrap();
    let taken_out = parts.iter().map(|part| {
        let pieces = Pieces::open(part, &shop.secret).unwrap();
        pieces.taken_out()
    });
    assert_eq!(taken_out.sum::<u16>(), 2);
    let left = fs::read_dir(shop.folder()).unwrap();
    assert_eq!(left.count(), parts.len(), "nothing lies beside them");
}

#[test]
fn a_consent_that_shrinks_takes_its_past_along() {
    past_goes_along(true);
}

#[test]
fn a_consent_that_shrinks_on_a_full_disk_takes_its_past_along() {
    past_goes_along(false);
}

fn past_goes_along(has_room: bool) {
    let mut shop = Shop::open(BOUNDS);
    shop.live(20);
    shop.tell(Event::Room(has_room));
    let consent = Consent {
        purposes: Purposes(0b1),
        ..Enrolment::consenting(MAI, 2, Purposes::ALL).consent
    };
    let enrolment = Box::new(Enrolment {
        keys: vec![IdentityKey::Fixed(fob(0xa1))],
        consent,
        ..Enrolment::consenting(MAI, 2, Purposes::ALL)
    });
    shop.tell(Event::Upsert {
        request: RequestId(3),
        enrolment,
        profile: Box::default(),
    });
    shop.live(10);
    shop.tell(Event::Room(true));
    shop.close();
    let runs = shop.runs();
    let left: u64 = runs.iter().map(|run| signals_of(run)).sum();
    assert!(left > 30, "all of it can be decided again: {left}");
    let (last, before) = runs.split_last().unwrap();
    assert!(!names(&before.concat(), MAI));
    assert!(names(last, MAI), "what is agreed to since is recorded");
}

#[test]
fn a_withdrawal_that_a_kill_kept_from_the_recordings_is_made_up_for() {
    let mut shop = Shop::open(BOUNDS);
    shop.live(20);
    shop.close();
    let mut snapshot = Snapshot::default();
    let lan = Enrolment::consenting(LAN, 1, Purposes::ALL);
    snapshot.enrolled.insert(LAN, lan);
    let again = Recorder::start(shop.dir.path(), Some(BOUNDS), &shop.secret, &snapshot);
    again.unwrap().unwrap().stop(now(0), &mut shop.engine);
    let all = shop.runs().concat();
    assert!(!names(&all, MAI) && names(&all, LAN));
}

#[test]
fn old_days_go_first_and_a_day_too_large_is_not_recorded_on() {
    let mut shop = Shop::open(BOUNDS);
    for _ in 0..5 {
        shop.live(3);
        shop.ms += DAY_MS;
    }
    shop.close();
    assert_eq!(shop.days(), 3);

    let one = parts_of(&shop.folder()).unwrap()[0].bytes;
    let mut small = Shop::open(Recording {
        keep_days: 31,
        bytes_max: 2 * one + one / 2,
    });
    for _ in 0..4 {
        small.live(3);
        small.ms += DAY_MS;
    }
    let gauge = small.recorder.as_ref().unwrap().gauge();
    small.close();
    assert_eq!(small.days(), 2);
    let health = gauge.health();
    assert!(health.bytes <= 2 * one + one / 2 && health.days_let_go >= 2);
    assert!(health.moments > 20 && health.days == 2, "{health:?}");
    assert_eq!((health.failures, health.last_error), (0, None));

    let mut tiny = Shop::open(Recording {
        keep_days: 31,
        bytes_max: one / 2,
    });
    let gauge = tiny.recorder.as_ref().unwrap().gauge();
    tiny.live(3);
    tiny.close();
    assert!(gauge.health().bytes_lost > 0);
}

#[test]
fn switched_off_nothing_is_left() {
    let mut shop = Shop::open(BOUNDS);
    shop.live(3);
    shop.close();
    assert!(shop.folder().exists());
    let off = Recorder::start(shop.dir.path(), None, &shop.secret, &Snapshot::default());
    assert!(off.unwrap().is_none());
    assert!(!shop.folder().exists());
}

fn sealed(pieces: &[&[u8]]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.rec");
    let truth = Truth {
        day: 20_000,
        part: 1,
        taken_out: 0,
    };
    let mut sealer = Sealer::create(&path, &[7; 32], truth).unwrap();
    for (at, piece) in pieces.iter().enumerate() {
        let is_last = at + 1 == pieces.len();
        sealer.chunk(piece.to_vec(), is_last).unwrap();
    }
    fs::read(path).unwrap()
}

/// The pieces before any damage, whether the end was there, and the damage.
fn opened(bytes: &[u8], key: &[u8; 32]) -> (Vec<Vec<u8>>, bool, Option<SealError>) {
    let mut opener = match Opener::new(bytes, key) {
        Ok(opener) => opener,
        Err(error) => return (Vec::new(), false, Some(error)),
    };
    let mut pieces = Vec::new();
    loop {
        match opener.next() {
            Ok(Some(piece)) => pieces.push(piece),
            Ok(None) => return (pieces, opener.is_whole(), None),
            Err(error) => return (pieces, false, Some(error)),
        }
    }
}

#[test]
fn a_cut_is_noticed_wherever_it_is_and_what_comes_before_it_is_read() {
    let pieces: [&[u8]; 3] = [b"first piece", b"second", b"the last"];
    let whole = sealed(&pieces);
    let (read, is_whole, damage) = opened(&whole, &[7; 32]);
    assert!(is_whole && damage.is_none() && read == pieces);
    for cut in 0..whole.len() {
        let (read, is_whole, damage) = opened(&whole[..cut], &[7; 32]);
        assert!(!is_whole, "cut {cut}");
        assert_eq!(damage.is_some(), cut < HEADER, "cut {cut}");
        assert!(read.len() < 3 && read == pieces[..read.len()]);
    }
    let (read, _, damage) = opened(&whole, &[8; 32]);
    assert!(read.is_empty() && damage.is_some(), "another store's key");
}

#[test]
fn a_flipped_bit_is_damage_and_what_comes_before_it_is_read() {
    let pieces: [&[u8]; 3] = [b"first piece", b"second", b"the last"];
    let whole = sealed(&pieces);
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let (read, is_whole, _) = opened(&flipped, &[7; 32]);
        assert!(!is_whole, "bit {bit}");
        assert!(read.len() < 3 && read == pieces[..read.len()], "bit {bit}");
    }
    // A piece left out, and two in another order.
    let length = |at: usize| HEADER + pieces[..at].iter().map(|p| p.len() + 20).sum::<usize>();
    let without = [&whole[..length(1)], &whole[length(2)..]].concat();
    assert_eq!(opened(&without, &[7; 32]).0.len(), 1);
    let first_last = [&whole[..HEADER], &whole[length(1)..]].concat();
    assert!(opened(&first_last, &[7; 32]).0.is_empty());
}
