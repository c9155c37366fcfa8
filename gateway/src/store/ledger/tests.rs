mod redacted;
mod room;

use super::*;
use engine::{
    Snapshot,
    effect::{Reservation, ShowingId},
    money::{
        CampaignSums, Charge, Claim, Code, HourCount, HourKey, Issued, MoneyEntry, State, Sums,
    },
    shopper::{
        ConsentAct, ConsentNote, Enrolment, IdentityKey, Purpose, Purposes, SealedEnrolment,
        ShopperId,
    },
    time::UnixMs,
    trial::{Bought, Cell, Incident, Paired, RampMove, RampState, Reach},
};
use std::collections::BTreeSet;

/// A few shoppers who come, change their mind and go, and a showing.
fn story() -> Vec<LedgerEntry> {
    let enrolled = |shopper, version| {
        let mut enrolment = Enrolment::consenting(ShopperId(shopper), version, Purposes::ALL);
        enrolment
            .keys
            .push(IdentityKey::Irk([shopper as u8 | 0xA0; 16]));
        LedgerEntry::Enrolled(enrolment)
    };
    let withdrawn = |shopper| LedgerEntry::Withdrawn {
        shopper: ShopperId(shopper),
        purposes: Purposes::ALL,
    };
    vec![
        LedgerEntry::Started { boot: 1 },
        enrolled(1, 1),
        enrolled(2, 1),
        LedgerEntry::Reserved(Reservation {
            showing: ShowingId {
                screen: "s-1".parse().unwrap(),
                revision: 9,
            },
            offer: "milk".parse().unwrap(),
            shoppers: vec![ShopperId(1)],
            day: 20_000,
        }),
        withdrawn(1),
        enrolled(3, 1),
        LedgerEntry::Forgotten {
            shopper: ShopperId(2),
            version: 1,
        },
        enrolled(4, 1),
        enrolled(1, 2),
        withdrawn(4),
    ]
}

fn write(dir: &Path, entries: &[LedgerEntry]) {
    let (mut ledger, _) = Ledger::open(dir, 0, |_, _| {}).unwrap();
    for entry in entries {
        ledger.append(entry);
        ledger.sync().unwrap();
    }
}

fn fold(entries: &[LedgerEntry]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    entries.iter().for_each(|e| snapshot.apply(e));
    snapshot
}

fn read(dir: &Path, applied: u64) -> (Snapshot, Findings) {
    let mut snapshot = Snapshot::default();
    let (_, findings) = Ledger::open(dir, applied, |_, e| snapshot.apply(&e)).unwrap();
    (snapshot, findings)
}

fn segment(dir: &Path) -> PathBuf {
    segment::path_of(dir, 1)
}

/// Everybody who has a purpose in `found` has it in `truth`.
fn grants_nothing_beyond(found: &Snapshot, truth: &Snapshot) -> bool {
    found.enrolled.values().all(|e| {
        let agreed = truth.enrolled.get(&e.shopper);
        let agreed = agreed.map_or(Purposes::NONE, |t| t.consent.purposes);
        e.consent.purposes.without(agreed).is_empty()
    })
}

#[test]
fn a_ledger_cut_at_any_byte_holds_exactly_the_entries_before_the_cut() {
    let whole = tempfile::tempdir().unwrap();
    let story = story();
    write(whole.path(), &story);
    let bytes = fs::read(segment(whole.path())).unwrap();
    for cut in 0..=bytes.len() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(segment(dir.path()), &bytes[..cut]).unwrap();
        let mut found = Vec::new();
        let (mut ledger, findings) = Ledger::open(dir.path(), 0, |_, e| found.push(e)).unwrap();
        assert_eq!(found, story[..found.len()], "cut {cut}");
        assert_eq!((findings.damaged, findings.doubted), (0, 0), "cut {cut}");
        // And it goes on from there.
        ledger.append(&LedgerEntry::Started { boot: 77 });
        ledger.sync().unwrap();
        drop(ledger);
        found.push(LedgerEntry::Started { boot: 77 });
        assert_eq!(read(dir.path(), 0).0, fold(&found), "cut {cut}");
    }
}

#[test]
fn a_flipped_bit_loses_nothing_before_it_and_grants_no_consent() {
    let whole = tempfile::tempdir().unwrap();
    let story = story();
    write(whole.path(), &story);
    let bytes = fs::read(segment(whole.path())).unwrap();
    let truth = fold(&story);
    // One bit of every byte; every bit of a frame is tried with the frames.
    for bit in (0..bytes.len()).map(|byte| 8 * byte + byte % 8) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let dir = tempfile::tempdir().unwrap();
        fs::write(segment(dir.path()), &damaged).unwrap();
        let (found, findings) = read(dir.path(), 0);
        assert!(grants_nothing_beyond(&found, &truth), "bit {bit}");
        assert_eq!(findings.damaged, 1, "bit {bit}");
        let lost = story.len() as u64 - 1;
        assert!(findings.entries >= lost, "bit {bit}: {findings:?}");
        // The next start sees the same loss: nothing was papered over.
        assert_eq!(read(dir.path(), 0).0, found, "bit {bit}");
    }
}

#[test]
fn many_flips_in_any_seed_never_grant_a_consent() {
    let whole = tempfile::tempdir().unwrap();
    let story = story();
    write(whole.path(), &story);
    let bytes = fs::read(segment(whole.path())).unwrap();
    let truth = fold(&story);
    for seed in 0_u64..60 {
        let mut damaged = bytes.clone();
        let mut state = seed;
        for _ in 0..=seed % 7 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let bit = (state >> 33) as usize % (damaged.len() * 8);
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(segment(dir.path()), &damaged).unwrap();
        let (found, _) = read(dir.path(), 0);
        assert!(grants_nothing_beyond(&found, &truth), "seed {seed}");
    }
}

#[test]
fn entries_that_the_cache_has_applied_are_not_doubted_when_the_ledger_loses_them() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &story());
    let mut bytes = fs::read(segment(dir.path())).unwrap();
    bytes[segment::HEAD + 30] ^= 1;
    fs::write(segment(dir.path()), &bytes).unwrap();
    assert_eq!(read(dir.path(), 0).1.doubted, 1);
    let (_, findings) = read(dir.path(), 8);
    assert_eq!(
        (findings.damaged, findings.doubted, findings.covered),
        (1, 0, 1)
    );
}

#[test]
fn a_checkpoint_adds_up_to_what_it_replaces_and_the_ledger_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = story();
    write(dir.path(), &story);
    let before = fold(&story);
    let (mut ledger, _) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
    let entries = crate::store::state::entries_of(&before);
    ledger
        .checkpoint(entries.into_iter().map(Ok::<_, LedgerError>))
        .unwrap();
    assert!(!segment(dir.path()).exists());
    let more = LedgerEntry::Started { boot: 2 };
    ledger.append(&more);
    ledger.sync().unwrap();
    drop(ledger);
    story.push(more);
    let (found, findings) = read(dir.path(), 0);
    assert_eq!(found, fold(&story));
    assert_eq!((findings.damaged, findings.doubted), (0, 0));
}

#[test]
fn a_checkpoint_that_fails_at_any_step_loses_nothing_of_what_comes_after_it() {
    let after = story().pop().unwrap();
    // What lies in the way of the next log, of the checkpoint's own name, and of
    // the list of old files, in this order.
    for (number, step) in [(3, "log"), (2, "name"), (0, "old files")] {
        let dir = tempfile::tempdir().unwrap();
        let mut story = story();
        story.pop();
        write(dir.path(), &story);
        let (mut ledger, _) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
        let sum_up = |ledger: &mut Ledger, snapshot: &Snapshot| {
            let entries = crate::store::state::entries_of(snapshot).into_iter();
            ledger.checkpoint(entries.map(Ok::<_, LedgerError>))
        };
        let in_the_way = segment::path_of(dir.path(), number);
        fs::create_dir(&in_the_way).unwrap();
        assert!(sum_up(&mut ledger, &fold(&story)).is_err(), "{step}");
        fs::remove_dir(&in_the_way).unwrap();
        ledger.append(&after);
        ledger.sync().unwrap();
        assert_eq!(ledger.tail().last(), ledger.last_seq(), "{step}");
        drop(ledger);
        story.push(after.clone());
        let (found, findings) = read(dir.path(), 0);
        assert_eq!(found, fold(&story), "{step}");
        assert_eq!((findings.damaged, findings.doubted), (0, 0), "{step}");
        // The next one replaces all that is left of it.
        let (mut ledger, _) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
        sum_up(&mut ledger, &found).unwrap();
        drop(ledger);
        assert_eq!(segment::list(dir.path()).unwrap().len(), 2, "{step}");
        assert_eq!(read(dir.path(), 0).0, found, "{step}");
    }
}

#[test]
fn a_redacted_ledger_holds_no_key_of_the_forgotten_and_adds_up_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let story = story();
    write(dir.path(), &story);
    let keys_of_2 = || {
        let files = fs::read_dir(dir.path()).unwrap();
        let bytes = files.flat_map(|f| fs::read(f.unwrap().path()).unwrap());
        let bytes: Vec<u8> = bytes.collect();
        bytes.windows(16).filter(|w| *w == [0xA2; 16]).count()
    };
    assert_eq!(keys_of_2(), 1);
    let (mut ledger, _) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
    let rewritten = ledger.redact(&BTreeSet::from([ShopperId(2)])).unwrap();
    assert_eq!((rewritten, keys_of_2()), (1, 0));
    drop(ledger);
    let (found, findings) = read(dir.path(), 0);
    assert_eq!(found, fold(&story));
    assert_eq!((findings.damaged, findings.doubted), (0, 0));
}

#[test]
fn a_ledger_of_a_newer_program_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &story());
    let mut bytes = fs::read(segment(dir.path())).unwrap();
    bytes[8] = 3;
    let sum = crc32c::crc32c(&bytes[..24]);
    bytes[24..28].copy_from_slice(&sum.to_le_bytes());
    fs::write(segment(dir.path()), &bytes).unwrap();
    let refused = Ledger::open(dir.path(), 0, |_, _| {}).unwrap_err();
    assert!(refused.to_string().contains("newer than this program"));
    assert_eq!(fs::read(segment(dir.path())).unwrap(), bytes);
}

#[test]
fn a_disk_that_is_full_for_a_while_costs_no_entry_and_doubles_none() {
    let dir = tempfile::tempdir().unwrap();
    let (mut ledger, _) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let good = std::mem::replace(&mut ledger.file, full);
    let story = story();
    for entry in &story {
        ledger.append(entry);
        assert!(ledger.sync().is_err());
        assert!(!ledger.is_synced());
    }
    assert_eq!(read(dir.path(), 0).1.entries, 0);
    ledger.file = good;
    ledger.sync().unwrap();
    drop(ledger);
    let (found, findings) = read(dir.path(), 0);
    assert_eq!(
        (found, findings.entries),
        (fold(&story), story.len() as u64)
    );
}

/// What earlier gateways wrote must stay readable: never edit these.
#[test]
fn entries_about_trials_and_hubs_are_the_bytes_that_they_first_were() {
    let offer = || "tea".parse().unwrap();
    let screen = || "s-1".parse().unwrap();
    let reached = LedgerEntry::Reached(Reach {
        offer: offer(),
        shopper: ShopperId(7),
        cell: Cell::Holdout,
        bucket: 3,
        day: 20_000,
        counts: true,
    });
    let bought = LedgerEntry::Bought(Bought {
        receipt: "r-1".to_owned(),
        offer: offer(),
        cell: Cell::Arm("b".to_owned()),
        bucket: 15,
        is_first: true,
        pieces: 2,
        amount_minor: 58_000,
    });
    let paired = LedgerEntry::Paired(Paired {
        offer: offer(),
        screen: screen(),
        on: (40, 3),
        off: (50, 2),
    });
    let ramped = LedgerEntry::Ramped {
        offer: offer(),
        moved: Some(RampMove::Advanced(50)),
        state: RampState::at(50),
    };
    let incident = LedgerEntry::Incident {
        what: Incident::Complaint,
        screen: screen(),
        offers: vec![offer()],
    };
    let one = "000000000000f03f".repeat(4);
    for (entry, bytes) in [
        (reached, "1403746561070003c0b80201".to_owned()),
        (bought, "1503722d31037465610301620f0104a08a07".to_owned()),
        (paired, "160374656103732d3128033202".to_owned()),
        (
            ramped,
            format!("1703746561010032320000000000000000000000{one}"),
        ),
        (incident, "180103732d310103746561".to_owned()),
        (
            LedgerEntry::Epoch { id: 300, since: 9 },
            "1bac0209".to_owned(),
        ),
    ] {
        are_bytes(&entry, &bytes);
    }
}

fn are_bytes(entry: &LedgerEntry, hex: &str) {
    let written = postcard::to_stdvec(entry).unwrap();
    let digits = written.iter().map(|byte| format!("{byte:02x}"));
    assert_eq!(digits.collect::<String>(), hex, "{entry:?}");
    let read: LedgerEntry = postcard::from_bytes(&written).unwrap();
    assert_eq!(read, *entry);
}

fn issued() -> Issued {
    Issued {
        showing: first_showing(),
        offer: "tea".parse().unwrap(),
        campaign: Some("summer".parse().unwrap()),
        group: Some("noon".parse().unwrap()),
        stacks: true,
        worth_minor: 5_000,
        day: 20_000,
        until: UnixMs(1_795_226_400_000),
    }
}

fn first_showing() -> ShowingId {
    ShowingId {
        screen: "s-1".parse().unwrap(),
        revision: 300,
    }
}

fn claim() -> Claim {
    Claim {
        receipt: "pos/r-1".to_owned(),
        attempt: 2,
    }
}

fn charge(campaign: Option<&str>, hour: Option<i64>) -> Charge {
    Charge {
        showing: first_showing(),
        offer: "tea".parse().unwrap(),
        campaign: campaign.map(|name| name.parse().unwrap()),
        hour,
        day: 20_000,
    }
}

/// Entries that only a checkpoint holds.
fn sums_of_money() -> [(MoneyEntry, &'static str); 4] {
    let offer = || "tea".parse().unwrap();
    let tallied = MoneyEntry::Tallied {
        offer: offer(),
        sums: Sums {
            reserved: 1,
            reserved_minor: 5_000,
            committed: 2,
            committed_minor: 10_000,
            released: 3,
            late: 4,
            late_minor: 20_000,
            again: 5,
            again_minor: 25_000,
            day: 20_000,
            issued_today: 6,
        },
    };
    let campaign = MoneyEntry::CampaignTallied {
        campaign: "summer".parse().unwrap(),
        sums: CampaignSums {
            showings: 7,
            day: 20_000,
            showings_today: 8,
            reserved_minor: 5_000,
            committed_minor: 10_000,
            late_minor: 0,
        },
    };
    let hour = MoneyEntry::HourTallied {
        of: HourKey {
            offer: offer(),
            screen: "s-1".parse().unwrap(),
        },
        count: HourCount {
            hour: 498_674,
            count: 9,
        },
    };
    [
        (
            tallied,
            "1a070374656101882702904e0304a09c0105a8c301c0b80206",
        ),
        (campaign, "1a080673756d6d657207c0b802088827904e00"),
        (hour, "1a090374656103732d31e4ef3c09"),
        (
            MoneyEntry::OpenCharge(charge(None, None)),
            "1a0a03732d31ac02037465610000c0b802",
        ),
    ]
}

/// What earlier gateways wrote must stay readable: never edit these.
#[test]
fn entries_about_money_are_the_bytes_that_they_first_were() {
    let (code, by) = (300, claim());
    let at = Some(UnixMs(1_795_226_400_000));
    let held = MoneyEntry::Held { code, by, at };
    let kept = Code {
        issued: issued(),
        state: State::Spent {
            by: claim(),
            late: true,
        },
        released: vec![claim()],
    };
    let charged = charge(Some("summer"), Some(498_674));
    let happened = [
        (
            MoneyEntry::Charged(charged),
            "1a0003732d31ac0203746561010673756d6d657201e4ef3cc0b802",
        ),
        (
            MoneyEntry::Issued(issued()),
            "1a0103732d31ac0203746561010673756d6d657201046e6f6f6e018827c0b80280d4a7bdbf68",
        ),
        (held, "1a02ac0207706f732f722d31020180d4a7bdbf68"),
        (
            MoneyEntry::Committed { code, by: claim() },
            "1a03ac0207706f732f722d3102",
        ),
        (
            MoneyEntry::Released { code, by: claim() },
            "1a04ac0207706f732f722d3102",
        ),
        (
            MoneyEntry::Lapsed {
                codes: vec![300, 301],
            },
            "1a0502ac02ad02",
        ),
        (
            MoneyEntry::Kept(Box::new(kept)),
            "1a0603732d31ac0203746561010673756d6d657201046e6f6f6e018827c0b80280d4a7bdbf680207706f732f722d3102010107706f732f722d3102",
        ),
    ];
    for (entry, bytes) in happened.into_iter().chain(sums_of_money()) {
        are_bytes(&LedgerEntry::Money(Box::new(entry)), bytes);
    }
}

/// What earlier gateways wrote must stay readable: never edit these.
#[test]
fn entries_about_consents_are_the_bytes_that_they_first_were() {
    let sealed = LedgerEntry::Sealed(Box::new(SealedEnrolment {
        shopper: ShopperId(300),
        version: 3,
        consent: Enrolment::consenting(ShopperId(300), 3, Purposes::ALL).consent,
        keys: vec![1, 2],
    }));
    let noted = LedgerEntry::Noted(Box::new(ConsentNote {
        shopper: ShopperId(300),
        at: Some(UnixMs(5)),
        act: ConsentAct::Withdrawn {
            purposes: Purposes::NONE.with(Purpose::Measurement),
        },
        how: vec![9],
    }));
    are_bytes(&sealed, "1cac02030f010000020102");
    are_bytes(&noted, "1dac02010a01040109");
}
