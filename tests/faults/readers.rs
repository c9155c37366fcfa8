//! Somebody opens every stream of events that may be opened, and never reads; or sends a
//! letter at a time.

use crate::soak::held;
use serde_json::json;
use std::{
    fs, thread,
    time::{Duration, Instant},
};
use tests::{
    caller::Caller,
    gateway::{Gateway, aislecast},
    http, screen,
    site::Site,
    wait,
};

/// Screens of the shop, the first with its own name.
const SCREENS: usize = 8;
/// Streams of one screen, and of one who looks (`gateway/src/http/streams.rs`).
const OF_ONE_SCREEN: usize = 24;
const OF_ONE_CONSOLE: usize = 16;
/// What the system keeps for somebody who does not read, bytes.
const ROOM: usize = 4_096;
/// How often each screen is told its picture anew.
const TOLD: usize = 400;
/// Longer than a peer that takes nothing is waited for.
const GIVEN_UP: Duration = Duration::from_mins(2);
/// What the gateway may grow by, KiB: 32 KiB of answers for each of 224 streams, as much
/// for requests, and what an allocator does not give back.
const GROWTH_KIB_MAX: u64 = 24 << 10;

/// The only screen of the test shop, as its `store.toml` ends it.
const FRONT: &str = "at = [18, 5]\nseen_from = [\"dairy\"]\n\n[segments]";

fn name(n: usize) -> String {
    if n == 0 {
        "front".to_owned()
    } else {
        format!("s{n}")
    }
}

fn site() -> Site {
    let site = Site::embedded();
    let screen = |n| {
        format!(
            "[[screens]]\nid = \"{}\"\nlabel = \"S\"\nat = [18, 5]\nseen_from = [\"dairy\"]\n",
            name(n)
        )
    };
    let more: String = (1..SCREENS).map(screen).collect();
    let all = format!("at = [18, 5]\nseen_from = [\"dairy\"]\n\n{more}\n[segments]");
    site.edit(FRONT, &all);
    site
}

/// The path and key of every screen.
fn keys(site: &Site) -> Vec<String> {
    let key = |n| {
        let link = site.screen(&name(n));
        let (_, key) = link.split_once("?key=").expect("it carries the key");
        key.to_owned()
    };
    (0..SCREENS).map(key).collect()
}

fn stream(site: &Site, path: &str, token: &str, room: Option<usize>) -> Caller {
    let mut caller = Caller::with_room(9, site.http_port, room).expect("the gateway listens");
    let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}\r\n");
    assert!(caller.says(&head));
    caller
}

/// Streams open now, screens and consoles, as the gateway counts them.
fn open(gateway: &Gateway) -> [usize; 2] {
    let metrics = gateway.get("/metrics").text();
    ["screen", "console"].map(|kind| {
        let name = format!("aislecast_http_event_streams{{kind=\"{kind}\"}} ");
        let count = metrics.lines().find_map(|line| line.strip_prefix(&name));
        count
            .and_then(|count| count.parse().ok())
            .expect("it is counted")
    })
}

/// Memory that the system holds for connections, KiB.
fn kernel() -> u64 {
    let text = fs::read_to_string("/proc/net/sockstat").expect("Linux says so");
    let line = text.lines().find_map(|line| line.strip_prefix("TCP:"));
    let mut words = line.expect("it counts TCP").split_whitespace();
    words.find(|word| *word == "mem");
    let pages = words.next().and_then(|pages| pages.parse::<u64>().ok());
    4 * pages.expect("a number of pages")
}

/// Opens all streams but those of the two who read.
fn flood(site: &Site, keys: &[String], other: &str) -> Vec<Caller> {
    let mut all = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        let path = format!("/screen/{}/events?key={key}", name(n));
        let own = usize::from(n == 0);
        all.extend((own..OF_ONE_SCREEN).map(|_| stream(site, &path, "", Some(ROOM))));
    }
    for (token, own) in [(http::TOKEN, 1), (other, 0)] {
        let token = http::bearer(token);
        let console = || stream(site, "/api/live/events", &token, Some(ROOM));
        all.extend((own..OF_ONE_CONSOLE).map(|_| console()));
    }
    all
}

/// Says that each screen's page began anew, with a picture of a gateway before this one:
/// each is told to clear it, as often as it says so.
fn tell(site: &Site, keys: &[String]) {
    for (n, key) in keys.iter().enumerate() {
        let mut report = screen::report(1, "hello");
        report["screen"] = json!(name(n));
        let path = format!("/screen/{}/report?key={key}", name(n));
        let body = report.to_string();
        let told = http::ask_by(site.http_port, ("POST", &path), "", body.as_bytes());
        assert_eq!(told.map(|answer| answer.status), Some(204));
    }
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn who_opens_every_stream_and_never_reads_costs_nobody_anything() {
    let site = site();
    let mut gateway = Gateway::start(&site);
    let process = gateway.process().id();
    let data = site.data().display().to_string();
    let made = aislecast(&["token", "add", "eye", "--scope", "look", "--data", &data]);
    let other = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    let keys = keys(&site);
    let path = format!("/screen/front/events?key={}", keys[0]);
    let mut page = stream(&site, &path, "", None);
    let mut console = stream(&site, "/api/live/events", &http::bearer(http::TOKEN), None);
    assert!(page.hears("event: hello") && console.hears("event: live"));
    tell(&site, &keys);
    let before = (held(process), kernel());
    let mut flooding = flood(&site, &keys, &other);
    wait::until("every stream is open", || {
        (open(&gateway) == [SCREENS * OF_ONE_SCREEN, 2 * OF_ONE_CONSOLE]).then_some(())
    });
    let reading = thread::spawn(move || {
        let told = (0..TOLD)
            .take_while(|_| page.hears("event: command"))
            .count();
        (page, told)
    });
    let begun = Instant::now();
    let mut most = (0, 0);
    for n in 0..TOLD {
        tell(&site, &keys);
        assert!(n % 20 > 0 || console.hears("event: live"));
        most = (most.0.max(held(process).0), most.1.max(kernel()));
    }
    let told = begun.elapsed();
    let (_page, heard) = reading.join().expect("the page reads on");
    assert_eq!(heard, TOLD, "the page that reads is told everything");
    let ended = wait::within(GIVEN_UP, || (open(&gateway) == [1, 1]).then_some(()));
    let after = (held(process).0, kernel());
    let ended_after = begun.elapsed();
    let streams = flooding.len();
    flooding.retain_mut(Caller::is_hung_up_on);
    eprintln!(
        "readers: {} streams that never read, {TOLD} commands to each of {SCREENS} screens in {:.0} s; \
         memory {} KiB before, {} at most, {} after; the system's for connections {} KiB, {}, \
         {}; {} hung up on by {:.0} s ({:?}); the page that read got {heard} of {TOLD} \
         commands",
        streams,
        told.as_secs_f64(),
        before.0.0,
        most.0,
        after.0,
        before.1,
        most.1,
        after.1,
        flooding.len(),
        ended_after.as_secs_f64(),
        ended.map_or_else(|| open(&gateway), |()| [1, 1]),
    );
    let grown = most.0.max(after.0).saturating_sub(before.0.0);
    assert!(grown <= GROWTH_KIB_MAX, "{grown} KiB more");
}

/// How long each of these that sends a letter a second is listened to, seconds.
fn listened_to(site: &Site, begin: &str) -> f64 {
    let mut caller = Caller::from(9, site.http_port).expect("the gateway listens");
    assert!(caller.says(begin));
    let begun = Instant::now();
    while !caller.is_hung_up_on() {
        assert!(begun.elapsed() < GIVEN_UP, "{begin:?} is still listened to");
        caller.says("x");
        // No wait for something: the pace is what is tried.
        thread::sleep(Duration::from_secs(1));
    }
    begun.elapsed().as_secs_f64()
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn who_sends_a_letter_at_a_time_is_hung_up_on() {
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let body = "Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n";
    let begins = [
        (
            "a head",
            "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".to_owned(),
        ),
        (
            "a body of nobody",
            format!("POST /api/v1/pair/ask HTTP/1.1\r\n{body}"),
        ),
        (
            "a body of the operator",
            format!(
                "POST /api/v1/offers/plan HTTP/1.1\r\n{}{body}",
                http::bearer(http::TOKEN)
            ),
        ),
    ];
    thread::scope(|scope| {
        let listening = begins.each_ref().map(|(what, begin)| {
            let site = &site;
            (what, scope.spawn(move || listened_to(site, begin)))
        });
        for (what, listening) in listening {
            let seconds = listening.join().expect("it is hung up on");
            eprintln!("a letter a second: {what} is hung up on after {seconds:.0} s");
        }
    });
}
