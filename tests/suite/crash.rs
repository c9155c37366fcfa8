//! `kill -9` at any moment: what is limited stays within its limit. That nothing
//! acknowledged is lost is tried by `cargo suite faults`.

use std::fs;
use tests::{
    desk::Member,
    gateway::{Gateway, aislecast},
    mosquitto::Mosquitto,
    radio::InTheDairy,
    screen::{self, Screen},
    site::Site,
};

#[test]
fn a_check_that_nobody_waits_for_any_more_lets_the_cache_be() {
    let site = Site::embedded();
    let mut gateway = Gateway::start(&site);
    gateway.process().interrupt();
    gateway.process().finish();
    let cache = site.data().join("cache/1");
    let cache = cache.to_str().expect("a path of letters");
    let check = |by: u32| {
        let by = by.to_string();
        let words = ["store", "check-cache", cache, "--starting", &by];
        aislecast(&words).status.success()
    };
    assert!(check(std::process::id()));
    // Whoever sent it ahead has died meanwhile, and somebody else is its parent.
    assert!(!check(1));
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
