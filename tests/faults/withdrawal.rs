//! A hundred people before one screen take their consent back, one after the other:
//! how soon each is denied, and how soon the picture that was theirs is gone.
//! A busy machine makes that slower and never faster: the better of a few hundreds is
//! the gateway's own.

use crate::{share, times};
use serde_json::json;
use std::time::{Duration, Instant};
use tests::{
    desk::{self, Member},
    gateway::{Gateway, outcome},
    mosquitto::Mosquitto,
    mqtt::Client,
    radio::InTheDairy,
    screen::{self, Screen},
    site::{Site, topic},
};

/// Withdrawals, unless `AISLECAST_WITHDRAWALS` says otherwise.
const WITHDRAWALS: usize = 100;
/// Hundreds, at most, until one was as quick as is promised.
const ROUNDS: usize = 3;
/// So many stand before the screen at a time.
const TOGETHER: usize = 25;
/// Until every decision denies; the answer comes when that is on the disk, too.
const DENIED: Duration = Duration::from_millis(100);
/// Until the order to clear is at the broker.
const CLEARED: Duration = Duration::from_millis(250);

/// What the gateway says to its screen.
struct Orders(Client);

impl Orders {
    fn at(port: u16) -> Self {
        let mut client = Client::connect(port, "orders").expect("the broker is there");
        let filter = topic("screen/front/command");
        client.subscribe(&filter).expect("everybody may listen");
        Self(client)
    }

    /// Waits for the next order of this kind.
    fn next(&mut self, kind: &str) {
        while !self.order().contains(kind) {}
    }

    fn order(&mut self) -> String {
        let (_, payload) = self.0.message().expect("an order comes");
        String::from_utf8_lossy(&payload).into_owned()
    }
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn who_takes_consent_back_is_denied_and_cleared_at_once() {
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let gateway = Gateway::start(&site);
    let mut orders = Orders::at(broker.port);
    let _screen = Screen::on(&broker);
    gateway.post("/screen/front/report", &screen::report(0, "hello"));
    let each = times("AISLECAST_WITHDRAWALS", WITHDRAWALS);
    let is_quick = (0..ROUNDS).any(|round| {
        let members: Vec<Member> = (round * each + 1..=(round + 1) * each)
            .map(|n| Member::new(u16::try_from(n).expect("some hundred")))
            .collect();
        all_leave(&members, (&gateway, broker.port), &mut orders)
    });
    assert!(is_quick, "never as quick as is promised, see above");
}

/// Enrols them, lets them come in and withdraw; whether that was as quick as is promised.
fn all_leave(members: &[Member], at: (&Gateway, u16), orders: &mut Orders) -> bool {
    members.iter().for_each(|member| at.0.enrol(member, 1));
    let (mut denied, mut cleared) = (Vec::new(), Vec::new());
    let mut here: Option<InTheDairy> = None;
    for (n, member) in members.iter().enumerate() {
        if n % TOGETHER == 0 {
            let group = &members[n..members.len().min(n + TOGETHER)];
            here = Some(InTheDairy::with(
                at.1,
                group.iter().map(|m| m.fob).collect(),
            ));
        }
        orders.next("\"show\"");
        let asked = Instant::now();
        let (answered, gone) = std::thread::scope(|threads| {
            let way = threads.spawn(|| withdraw(at, member, n));
            orders.next("\"clear\"");
            let gone = asked.elapsed();
            (way.join().expect("it is answered"), gone)
        });
        denied.extend(answered);
        cleared.push(gone);
    }
    drop(here);
    denied.sort();
    cleared.sort();
    let (denied_p99, cleared_p99) = (share(&denied, 99), share(&cleared, 99));
    eprintln!(
        "{} withdrawals, half by the API and half over MQTT: denied p99 {} ms (worst {} ms), \
         cleared p99 {} ms (worst {} ms)",
        cleared.len(),
        denied_p99.as_millis(),
        denied[denied.len() - 1].as_millis(),
        cleared_p99.as_millis(),
        cleared[cleared.len() - 1].as_millis(),
    );
    denied_p99 <= DENIED && cleared_p99 < CLEARED
}

/// By the API, whose answer says when it holds, or over MQTT.
fn withdraw((gateway, port): (&Gateway, u16), member: &Member, n: usize) -> Option<Duration> {
    if n % 2 == 1 {
        let said = desk::withdrawal(&member.customer).to_string();
        let mut programme = Client::connect(port, "crm").expect("the broker is there");
        let sent = programme.publish(&topic("in/withdraw"), said.as_bytes());
        sent.expect("the broker takes everything");
        return None;
    }
    let asked = Instant::now();
    let answer = gateway.post("/api/withdraw", &json!({ "customer": member.customer }));
    assert_eq!(outcome(&answer), "done");
    Some(asked.elapsed())
}
