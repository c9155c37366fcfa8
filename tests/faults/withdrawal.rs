//! A hundred people before the screens of a few shops take their consent back, one after
//! the other in each: how soon each is denied, and how soon the picture that was theirs is
//! gone. Until the next picture comes a second passes, in all shops at once.
//! A busy machine makes that slower and never faster: the better of a few hundreds is
//! the gateway's own.

use crate::{share, times};
use serde_json::json;
use std::{
    thread::ScopedJoinHandle,
    time::{Duration, Instant},
};
use tempfile::TempDir;
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
/// So many shops there are, with a gateway and a broker each.
const SHOPS: usize = 4;
/// So many stand before a screen at a time.
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
    let shops: Option<Vec<Shop>> = (0..SHOPS).map(|_| Shop::open()).collect();
    let Some(mut shops) = shops else {
        return;
    };
    let each = times("AISLECAST_WITHDRAWALS", WITHDRAWALS).div_ceil(SHOPS);
    let is_quick = (0..ROUNDS).any(|round| {
        let members: Vec<Member> = (round * each + 1..=(round + 1) * each)
            .map(|n| Member::new(u16::try_from(n).expect("some hundred")))
            .collect();
        for shop in &shops {
            members
                .iter()
                .for_each(|member| shop.gateway.enrol(member, 1));
        }
        let took = std::thread::scope(|threads| {
            let leaving = shops.iter_mut().map(|shop| {
                let members = &members;
                threads.spawn(move || shop.all_leave(members))
            });
            let leaving: Vec<_> = leaving.collect();
            let took = leaving.into_iter().map(ScopedJoinHandle::join);
            took.collect::<Result<Vec<Took>, _>>()
        });
        is_quick(took.expect("all could leave"))
    });
    assert!(is_quick, "never as quick as is promised, see above");
}

/// A shop with its broker, and what listens there.
struct Shop {
    gateway: Gateway,
    orders: Orders,
    _screen: Screen,
    broker: Mosquitto,
    _site: Site,
    _dir: TempDir,
}

/// How long each took to be denied, as far as somebody was told, and each picture to go.
struct Took {
    denied: Vec<Duration>,
    cleared: Vec<Duration>,
}

impl Shop {
    fn open() -> Option<Self> {
        let dir = tempfile::tempdir().expect("the temporary folder can be written");
        let broker = Mosquitto::start(dir.path())?;
        let site = Site::beside(broker.port);
        let gateway = Gateway::start(&site);
        let orders = Orders::at(broker.port);
        let screen = Screen::on(&broker);
        gateway.post("/screen/front/report", &screen::report(0, "hello"));
        Some(Self {
            gateway,
            orders,
            _screen: screen,
            broker,
            _site: site,
            _dir: dir,
        })
    }

    /// Lets them come in and withdraw.
    fn all_leave(&mut self, members: &[Member]) -> Took {
        let at = (&self.gateway, self.broker.port);
        let orders = &mut self.orders;
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
        Took { denied, cleared }
    }
}

/// Whether all that was as quick as is promised.
fn is_quick(took: Vec<Took>) -> bool {
    let (mut denied, mut cleared) = (Vec::new(), Vec::new());
    for shop in took {
        denied.extend(shop.denied);
        cleared.extend(shop.cleared);
    }
    denied.sort();
    cleared.sort();
    let (denied_p99, cleared_p99) = (share(&denied, 99), share(&cleared, 99));
    eprintln!(
        "{} withdrawals in {SHOPS} shops, half by the API and half over MQTT: denied p99 {} ms \
         (worst {} ms), cleared p99 {} ms (worst {} ms)",
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
