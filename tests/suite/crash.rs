//! `kill -9` at any moment: what was acknowledged is there afterwards, and what
//! is limited stays within its limit.

use std::{collections::BTreeSet, fs, ops::RangeInclusive, sync::mpsc, thread, time::Duration};
use tests::{
    chance::Chance,
    desk::Member,
    gateway::Gateway,
    members::Acknowledged,
    mosquitto::Mosquitto,
    radio::InTheDairy,
    screen::{self, Screen},
    site::Site,
};

/// How often the gateway is killed.
const KILLS: usize = 20;
/// Every so many-th time a file is planted that sled would stumble over.
const PLANT_EVERY: usize = 10;
/// Members; each is enrolled and taken back many times.
const MEMBERS: RangeInclusive<u16> = 1..=40;

/// Enrols and withdraws as fast as it is answered until nobody answers any more.
/// An answer that never came says nothing: then either may hold.
fn keep_busy(port: u16, seed: u64, mut known: Acknowledged) -> (Acknowledged, BTreeSet<u16>) {
    let mut chance = Chance::new(seed);
    loop {
        let request = known.next(&MEMBERS, &mut chance);
        if known.ask(port, &request).is_none() {
            return (known, BTreeSet::from([request.member]));
        }
    }
}

fn plant(site: &Site) {
    let mut folders = vec![site.data()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name() == "db" {
                let sled = entry.path();
                let sled = sled.parent().expect("a file is in a folder");
                fs::write(sled.join("snap.00000000ffffffff.generating"), b"")
                    .expect("the data folder can be written");
            }
        }
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9_at_any_moment() {
    let site = Site::embedded();
    let mut chance = Chance::new(9);
    let mut acknowledged = Acknowledged::default();
    let mut answers = 0;
    for round in 0..KILLS {
        if round % PLANT_EVERY == PLANT_EVERY - 1 {
            plant(&site);
        }
        let mut gateway = Gateway::start(&site);
        let before = acknowledged.versions();
        let port = site.http_port;
        let (done, finished) = mpsc::channel();
        let seed = chance.number();
        let known = std::mem::take(&mut acknowledged);
        let busy = thread::spawn(move || {
            let result = keep_busy(port, seed, known);
            let _ = done.send(());
            result
        });
        // Not a wait for something: the moment of the cut is part of the test.
        let cut = Duration::from_millis(50 + chance.number() % 500);
        assert!(
            finished.recv_timeout(cut).is_err(),
            "the gateway answers until it is killed"
        );
        gateway.process().kill();
        let (now, doubtful) = busy.join().expect("the busy client ends with the gateway");
        answers += now.versions() - before;
        acknowledged = now;

        let mut gateway = Gateway::start(&site);
        acknowledged.check(&site, &gateway, &doubtful);
        // From here on only what is surely known is built upon.
        acknowledged.settle(&gateway, &doubtful);
        gateway.process().kill();
    }
    assert!(
        answers > KILLS as u64,
        "only {answers} acknowledgements in {KILLS} rounds"
    );
}

/// Showings an offer of this test may have at all.
const BUDGET: usize = 6;

#[test]
fn a_budget_is_never_exceeded_however_often_the_gateway_dies() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let offer = site.dir().join("offers/members.toml");
    let text = fs::read_to_string(&offer).unwrap();
    let text = text
        .replace("showings = 1000000", &format!("showings = {BUDGET}"))
        .replace("shown_for = \"30s\"", "shown_for = \"3s\"");
    fs::write(&offer, text).unwrap();
    let members = [1, 2, 3].map(Member::new);
    let _shoppers = InTheDairy::with(broker.port, members.iter().map(|m| m.fob).collect());
    let screen = Screen::on(&broker);
    let mut spent = false;
    for round in 0..BUDGET * 2 {
        let mut gateway = Gateway::start(&site);
        if round == 0 {
            members.iter().for_each(|member| gateway.enrol(member, 1));
        }
        let before = screen.shown();
        let last = before.last().copied().unwrap_or(0);
        gateway.post("/screen/front/report", &screen::report(last, "hello"));
        tests::wait::until("it shows the offer or has no budget left", || {
            spent = gateway.live()["status"]["offers"][0]["left"] == 0;
            (spent || screen.shown().len() > before.len()).then_some(())
        });
        gateway.process().kill();
    }
    let shown = screen.shown();
    assert!(shown.len() <= BUDGET, "{shown:?} for a budget of {BUDGET}");
    assert!(spent, "the budget was used up: {shown:?}");
}
