//! Vouchers and tills that race, with `kill -9` in between: nothing over what
//! was given, no use that was answered lost, none counted twice.

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    process::Command,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use tests::{
    chance::Chance,
    desk::Member,
    gateway::Gateway,
    house, http,
    mosquitto::Mosquitto,
    radio::InTheDairy,
    screen::{self, Screen},
    site::Site,
    wait,
};

/// Tills that are open.
const TILLS: usize = 5;
/// How often the gateway is killed, unless `AISLECAST_KILLS` says otherwise.
const KILLS: usize = 4;
/// The last attempt that a receipt may make.
const ATTEMPTS_MAX: u8 = 254;
pub(super) const TILL: &str = "
[[tills]]
id = \"pos\"
receipt = \"/number\"
";

/// A shop whose offer carries so many vouchers, a new one every three seconds.
pub(super) fn shop(broker: &Mosquitto, redemptions: usize) -> Site {
    let site = Site::beside(broker.port);
    let text = fs::read_to_string(site.config()).expect("it was written at the start");
    fs::write(site.config(), text + TILL).expect("the folder can be written");
    let offer = site.dir().join("offers/members.toml");
    let text = fs::read_to_string(&offer).expect("the test shop has it");
    let voucher = format!(
        "[voucher]\nnumber = 7\nworth = \"5.000 ₫\"\nredemptions = {redemptions}\n\n[creative]"
    );
    let text = text
        .replace("shown_for = \"30s\"", "shown_for = \"3s\"")
        .replace("[creative]", &voucher);
    fs::write(&offer, text).expect("the folder can be written");
    site
}

/// Asks as a till does; `None` when nobody answers.
pub(super) fn ask(port: u16, code: &str, question: &Question) -> Option<(u16, String)> {
    let path = format!("/api/v1/till/pos/codes/{code}/{}", question.action);
    let body = json!({"receipt": question.receipt, "attempt": question.attempt}).to_string();
    let answer = http::ask(port, "POST", &path, body.as_bytes())?;
    let outcome = answer.json()["outcome"].as_str().unwrap_or("").to_owned();
    Some((answer.status, outcome))
}

/// What a till wants of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) action: &'static str,
    pub(super) receipt: String,
    pub(super) attempt: u8,
}

/// Vouchers of the one offer, as the console counts them.
fn sums(live: &Value, what: &str) -> u64 {
    let sums = &live["status"]["offers"][0]["vouchers"];
    sums[what].as_u64().unwrap_or(u64::MAX)
}

pub(super) fn greet(gateway: &Gateway, screen: &Screen) {
    let last = screen.shown().last().copied().unwrap_or(0);
    gateway.post("/screen/front/report", &screen::report(last, "hello"));
}

/// Every code of the budget, once the screen has shown them all.
pub(super) fn all_codes(gateway: &Gateway, screen: &Screen, budget: usize) -> Vec<String> {
    gateway.until("every voucher is out", |live| {
        sums(live, "left") == 0 && screen.codes().len() == budget
    });
    screen.codes()
}

#[test]
fn five_tills_redeem_three_vouchers_where_three_are_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = shop(&broker, 3);
    let member = Member::new(1);
    let _shopper = InTheDairy::with(broker.port, vec![member.fob]);
    let screen = Screen::on(&broker);
    let gateway = Gateway::start(&site);
    gateway.enrol(&member, 1);
    greet(&gateway, &screen);
    let codes = all_codes(&gateway, &screen, 3);
    let start = Barrier::new(TILLS);
    let told: Vec<Vec<(u16, String)>> = thread::scope(|scope| {
        let till = |till| {
            let (codes, start, port) = (&codes, &start, site.http_port);
            scope.spawn(move || race(port, codes, till, start))
        };
        let tills: Vec<_> = (0..TILLS).map(till).collect();
        let ended = tills.into_iter().map(thread::ScopedJoinHandle::join);
        ended.map(|told| told.expect("a till ends")).collect()
    });
    for (at, code) in codes.iter().enumerate() {
        let mut answers: Vec<_> = told.iter().map(|till| &till[at]).collect();
        answers.sort();
        assert_eq!(answers[0], &(200, "committed".to_owned()), "{code}");
        let refused = (409, "used".to_owned());
        assert!(
            answers[1..].iter().all(|answer| **answer == refused),
            "{answers:?}"
        );
    }
    gateway.until("three are redeemed, and none is left", |live| {
        (sums(live, "committed"), sums(live, "left")) == (3, 0)
    });
    assert_eq!(screen.codes().len(), 3, "no fourth code was shown");
}

/// One till after all codes at once with the others, twice, as a till does that
/// did not hear the answer. What it was told of each.
fn race(port: u16, codes: &[String], till: usize, start: &Barrier) -> Vec<(u16, String)> {
    start.wait();
    let question = Question {
        action: "commit",
        receipt: format!("R-{till}"),
        attempt: 1,
    };
    let each = codes.iter().enumerate().map(|(at, code)| {
        // A receipt for each: two vouchers of one offer are not taken together.
        let receipt = format!("{}-{at}", question.receipt);
        let question = Question {
            receipt,
            ..question.clone()
        };
        let first = ask(port, code, &question).expect("the gateway answers");
        let again = ask(port, code, &question).expect("the gateway answers");
        assert_eq!(first, again, "the same question is answered the same");
        first
    });
    each.collect()
}

/// Commands of docs/vouchers.md, and what their answer must hold.
fn commands() -> Vec<(String, Option<String>)> {
    let page = house::root().join("docs/vouchers.md");
    let page = fs::read_to_string(page).expect("the page is shipped");
    let blocks = page.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|rest| Some(rest.split_once("\n```")?.0));
    let lines = blocks.flat_map(str::lines);
    lines
        .map(|line| match line.split_once(" # => ") {
            Some((command, says)) => (command.to_owned(), Some(says.to_owned())),
            None => (line.to_owned(), None),
        })
        .collect()
}

/// Runs one as somebody would who reads the page.
fn run(command: &str, dir: &Path, site: &Site, code: &str) -> String {
    let program = house::program("aislecast");
    let programs = program.parent().expect("a program is in a folder");
    let path = env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-eu", "-c", command])
        .current_dir(dir)
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("GATEWAY", format!("http://127.0.0.1:{}", site.http_port))
        .env("CODE", code)
        .env("TOKEN", http::TOKEN.trim())
        .env("DATA", site.data())
        .output()
        .expect("sh starts");
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_till_does_what_the_page_says_and_checks_codes_when_the_gateway_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let tools = ["curl", "openssl"].map(house::tool);
    let broker = Mosquitto::start(dir.path());
    let (Some(broker), [Some(_), Some(_)]) = (broker, tools) else {
        return;
    };
    let site = shop(&broker, 1);
    let member = Member::new(1);
    let _shopper = InTheDairy::with(broker.port, vec![member.fob]);
    let screen = Screen::on(&broker);
    let mut gateway = Gateway::start(&site);
    gateway.enrol(&member, 1);
    greet(&gateway, &screen);
    let code = all_codes(&gateway, &screen, 1).remove(0);
    let (online, offline): (Vec<_>, Vec<_>) = commands()
        .into_iter()
        .partition(|(command, _)| command.starts_with("curl"));
    assert!(online.len() >= 7 && offline.len() >= 6, "{offline:?}");
    let told = |(command, says): &(String, Option<String>)| {
        let answer = run(command, dir.path(), &site, &code);
        let says = says.as_deref().unwrap_or_default();
        assert!(answer.contains(says), "{command}: {answer}");
    };
    online.iter().for_each(told);
    gateway.process().kill();
    offline.iter().for_each(told);
}

/// What a till knows of its receipt for one code.
#[derive(Debug, Clone)]
struct Mine {
    attempt: u8,
    committed: bool,
}

/// A till, over the lives of the gateway: what it was told, and the question that
/// was cut off.
#[derive(Debug)]
struct Till {
    number: usize,
    chance: Chance,
    by_code: BTreeMap<String, Mine>,
    unsure: Option<(String, Question)>,
}

impl Till {
    fn new(number: usize) -> Self {
        Self {
            number,
            chance: Chance::new(number as u64),
            by_code: BTreeMap::new(),
            unsure: None,
        }
    }

    /// Asks; a question that nobody answers is the one it begins with next time.
    fn ask(&mut self, port: u16, code: &str, action: &'static str) -> Option<String> {
        let mine = Mine {
            attempt: 1,
            committed: false,
        };
        let attempt = self.by_code.entry(code.to_owned()).or_insert(mine).attempt;
        let question = Question {
            action,
            receipt: format!("T{}-{}", self.number, &code[code.len() - 12..]),
            attempt,
        };
        self.unsure = Some((code.to_owned(), question.clone()));
        let (_, outcome) = ask(port, code, &question)?;
        self.unsure = None;
        self.hear(code, &outcome);
        Some(outcome)
    }

    fn hear(&mut self, code: &str, outcome: &str) {
        let mine = self.by_code.get_mut(code).expect("it was asked about");
        match outcome {
            "committed" => mine.committed = true,
            "released" => {
                mine.committed = false;
                mine.attempt += 1;
            }
            "reserved" | "used" | "held" => {}
            other => panic!("{code} was answered {other:?}"),
        }
    }

    /// Asks again what was cut off: the answer says what it came to.
    fn make_sure(&mut self, port: u16) {
        if let Some((code, question)) = self.unsure.clone() {
            let answer = self.ask(port, &code, question.action);
            answer.expect("the gateway answers");
        }
    }

    /// Redeems, gives up and takes back until nobody answers.
    fn sell(&mut self, port: u16, screen: &Screen, answers: &AtomicUsize) -> Option<()> {
        loop {
            let codes = screen.codes();
            let code = &codes[self.chance.below(codes.len())];
            let mine = self.by_code.get(code);
            if mine.is_some_and(|mine| mine.attempt >= ATTEMPTS_MAX) {
                // Kept from now on.
                self.ask(port, code, "commit")?;
            } else if mine.is_some_and(|mine| mine.committed) {
                self.ask(port, code, "release")?;
            } else if self.ask(port, code, "reserve")? == "reserved" {
                let gives_up = self.chance.below(4) == 0;
                let action = if gives_up { "release" } else { "commit" };
                self.ask(port, code, action)?;
            }
            answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn committed(&self) -> impl Iterator<Item = &String> {
        let mine = self.by_code.iter().filter(|(_, mine)| mine.committed);
        mine.map(|(code, _)| code)
    }
}

/// What was answered holds: each use is still its receipt's, and no code has two.
fn check(gateway: &Gateway, port: u16, tills: &mut [Till], budget: usize) {
    tills.iter_mut().for_each(|till| till.make_sure(port));
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for till in tills.iter_mut() {
        let committed: Vec<String> = till.committed().cloned().collect();
        for code in committed {
            let again = till.ask(port, &code, "commit").expect("it answers");
            assert_eq!(again, "committed", "lost: {code}");
            *uses.entry(code).or_default() += 1;
        }
    }
    let double = uses.iter().find(|(_, uses)| **uses > 1);
    assert_eq!(double, None, "double");
    let told = uses.len() as u64;
    let live = gateway.until("it counts what the tills were told", |live| {
        sums(live, "committed") == told
    });
    let taken = sums(&live, "committed") + sums(&live, "reserved");
    assert!(taken <= budget as u64, "over: {taken} of {budget}");
}

/// How often, by the environment if it says so.
fn kills() -> usize {
    let wanted = env::var("AISLECAST_KILLS").ok();
    let wanted = wanted.map(|text| text.parse().expect("AISLECAST_KILLS is a number"));
    wanted.unwrap_or(KILLS)
}

#[test]
fn no_voucher_is_over_lost_or_double_however_often_the_gateway_dies() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let budget = kills() + 2;
    let site = shop(&broker, budget);
    let member = Member::new(1);
    let _shopper = InTheDairy::with(broker.port, vec![member.fob]);
    let screen = Screen::on(&broker);
    let mut chance = Chance::new(23);
    let mut tills: Vec<Till> = (0..TILLS).map(Till::new).collect();
    let mut answered = 0;
    for round in 0..=kills() {
        let mut gateway = Gateway::start(&site);
        if round == 0 {
            gateway.enrol(&member, 1);
        }
        greet(&gateway, &screen);
        let before = screen.codes().len();
        check(&gateway, site.http_port, &mut tills, budget);
        wait::until("a code is shown, or none is left", || {
            let none = sums(&gateway.live(), "left") == 0;
            (none || screen.codes().len() > before).then_some(())
        });
        if round == kills() {
            break;
        }
        // The moment of the cut is part of the test: after so many answers.
        let enough = 5 + chance.below(60);
        answered += sell(&mut tills, &mut gateway, site.http_port, &screen, enough);
    }
    assert!(screen.codes().len() <= budget, "{:?}", screen.codes());
    assert!(answered > 5 * kills(), "only {answered} answers");
    eprintln!(
        "{} kills, {answered} answers, {} codes",
        kills(),
        screen.codes().len()
    );
}

/// All tills at once, until the gateway is killed. How much they were answered.
fn sell(
    tills: &mut [Till],
    gateway: &mut Gateway,
    port: u16,
    screen: &Screen,
    enough: usize,
) -> usize {
    let answers = Arc::new(AtomicUsize::new(0));
    thread::scope(|scope| {
        for till in tills {
            let answers = Arc::clone(&answers);
            scope.spawn(move || till.sell(port, screen, &answers));
        }
        wait::until("the tills are busy", || {
            (answers.load(Ordering::Relaxed) >= enough).then_some(())
        });
        gateway.process().kill();
    });
    answers.load(Ordering::Relaxed)
}
