#![cfg(feature = "embedded-broker")]

use super::*;
use crate::{
    broker,
    clock::Clock,
    dialect::test_plan::{self, devices, sources},
    shop,
    shop::Ask,
    stop,
    voucher::Codes,
};
use config::{Broker, ScannerSource};
use engine::{
    Event,
    event::{Malformed, Outcome},
    plan::{ScannerIx, ScreenIx},
    shopper::Purposes,
    strength::Strength,
};
use link::{Filter, Message, Settings};
use proptest::prelude::*;
use protocol::{
    beacon::{Address, Beacon},
    frame::{MAX_BYTES, NodeFrame},
    screen::ScreenStatus,
    time::{self as node_time, TimeAnswer, TimeAsk},
};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tokio::{task::JoinHandle, time::timeout};

/// Number of the gateway's start.
const EPOCH: u32 = 7;
const DEADLINE: Duration = Duration::from_secs(30);

fn shell(listen: SocketAddr, dir: &Path) -> Shell {
    let demo = config::demo().shell;
    Shell {
        storage: config::Storage {
            dir: dir.to_owned(),
            ..demo.storage
        },
        broker: Broker::Embedded {
            listen,
            allow_anonymous: true,
        },
        scanners: sources(),
        sensors: vec![None; test_plan::plan().sensors.len()],
        ..demo
    }
}

fn pseudonym() -> Pseudonymiser {
    Pseudonymiser::new([7; 16])
}

/// A gateway's MQTT side on a broker of its own, and a foreign client.
struct Bench {
    _dir: tempfile::TempDir,
    devices: watch::Sender<Arc<Devices>>,
    broker: broker::Broker,
    counter: shop::Counter,
    stopper: stop::Stopper,
    serving: JoinHandle<()>,
    client: Link,
    heard: Inbox,
}

impl Bench {
    async fn start(demo: bool) -> Self {
        let broker = broker::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let plan = Arc::new(test_plan::plan());
        let (shop, mut counter) = shop::open(plan.clone());
        let (stopper, stop) = stop::channel();
        let dir = tempfile::tempdir().unwrap();
        let shell = shell(broker.address(), dir.path());
        let kiosks = Arc::new(Kiosks::new(&shell, &plan, |page: &str, _: &str| {
            page.to_owned()
        }));
        let steady = Clock::start(dir.path()).steady(EPOCH);
        let mqtt = Mqtt::connect(&shell, &plan, &kiosks, steady, demo).unwrap();
        let devices = mqtt.devices();
        let serving = tokio::spawn(mqtt.serve(
            shop,
            crate::bundle::open().0,
            (pseudonym(), Office::in_tests()),
            stop,
        ));
        while !matches!(input(&mut counter).await, Input::Link(true)) {}
        let address = broker.address();
        let settings = Settings::new("127.0.0.1", address.port(), "foreign".to_owned());
        let filters = [
            "out/answer",
            "screen/+/command",
            "gateway/status",
            "node/+/time",
        ]
        .map(|tail| Filter::reliable(format!("aislecast/v1/quan-1/{tail}")));
        let (client, heard) = Link::start(settings, filters.into()).unwrap();
        let mut status = client.status();
        let up = status.wait_for(|status| *status == Status::Up);
        timeout(DEADLINE, up).await.unwrap().unwrap();
        Self {
            _dir: dir,
            devices,
            broker,
            counter,
            stopper,
            serving,
            client,
            heard,
        }
    }

    fn say(&self, topic: &str, payload: &[u8]) {
        let delivery = Delivery {
            topic: topic.to_owned(),
            payload: payload.to_vec(),
            retain: false,
            expires_after: None,
        };
        self.client.deliver(delivery).unwrap();
    }

    async fn input(&mut self) -> Input {
        input(&mut self.counter).await
    }

    /// The next message on a topic that ends like this, as text.
    async fn hear(&mut self, end: &str) -> String {
        String::from_utf8(self.hear_bytes(end).await).unwrap()
    }

    async fn hear_bytes(&mut self, end: &str) -> Vec<u8> {
        loop {
            let message = timeout(DEADLINE, self.heard.next()).await.unwrap().unwrap();
            if message.topic.ends_with(end) {
                return message.payload.to_vec();
            }
        }
    }

    async fn stop(mut self) {
        self.stopper.request();
        timeout(DEADLINE, self.serving).await.unwrap().unwrap();
        // The broker has it retained, whether or not we heard it live.
        let mut status = String::new();
        while status != "offline" {
            let message = timeout(DEADLINE, self.heard.next()).await.unwrap().unwrap();
            if message.topic.ends_with("gateway/status") {
                status = String::from_utf8(message.payload.to_vec()).unwrap();
            }
        }
        self.broker.stop().await;
    }
}

async fn input(counter: &mut shop::Counter) -> Input {
    timeout(DEADLINE, counter.inputs.recv())
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn scanners_of_every_make_are_heard() {
    let mut bench = Bench::start(false).await;
    let frame = NodeFrame {
        made: None,
        boot: 1,
        sequence: 2,
        uptime_ms: 3,
        dropped: 0,
        sightings: empty(),
        readings: empty(),
    };
    let mut buffer = [0; MAX_BYTES];
    let bytes = frame.encode(&mut buffer).unwrap();
    bench.say("aislecast/v1/quan-1/node/node-1/frame", bytes);
    bench.say(
        "home/OMG/BTtoMQTT/7081940DFBAA",
        br#"{"id":"70:81:94:0D:FB:AA","mac_type":1,"rssi":-60}"#,
    );
    bench.say(
        "espresense/devices/iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949/kitchen",
        br#"{"rssi":-81.1,"rssi@1m":-59}"#,
    );
    let Input::Event(Event::Node {
        scanner,
        frame: heard,
    }) = bench.input().await
    else {
        panic!("no frame");
    };
    assert_eq!((scanner, *heard), (ScannerIx(0), frame));
    let Input::Event(Event::Sighting(sighting)) = bench.input().await else {
        panic!("no sighting");
    };
    let phone = Address::parse("70:81:94:0D:FB:AA").unwrap();
    assert_eq!(sighting.beacon, Beacon::PrivateAddress(phone));
    assert_eq!(
        (sighting.scanner, sighting.strength),
        (ScannerIx(1), Strength::of_one(-60.0))
    );
    let Input::Event(Event::Sighting(sighting)) = bench.input().await else {
        panic!("no sighting");
    };
    assert_eq!(sighting.beacon.kind(), "ibeacon");
    assert_eq!(sighting.scanner, ScannerIx(3));
    bench.stop().await;
}

#[tokio::test]
async fn a_node_of_the_plan_is_told_the_time_and_nobody_else() {
    let mut bench = Bench::start(false).await;
    let ask = |uptime_ms| TimeAsk { boot: 3, uptime_ms };
    let mut buffer = [0; node_time::MAX_BYTES];
    let mut told = Vec::new();
    for (node, uptime_ms) in [("node-9", 1), ("node-1", 2), ("node-1", 3)] {
        let asked = ask(uptime_ms).encode(&mut buffer).unwrap();
        bench.say(&format!("aislecast/v1/quan-1/node/{node}/ask"), asked);
    }
    bench.say("aislecast/v1/quan-1/node/node-1/ask", b"now?");
    for uptime_ms in [2, 3] {
        let bytes = bench.hear_bytes("node-1/time").await;
        let answer = TimeAnswer::decode(&bytes).unwrap();
        assert_eq!((answer.ask, answer.epoch), (ask(uptime_ms), EPOCH));
        // Nobody vouches for the date as long as the loop does not run.
        assert_eq!(answer.date_ms, None);
        told.push(answer.steady_ms);
    }
    assert!(told.is_sorted(), "{told:?}");
    let mut malformed = Vec::new();
    while malformed.len() < 2 {
        if let Input::Event(Event::Malformed(why)) = bench.input().await {
            malformed.push(why);
        }
    }
    assert_eq!(malformed, [Malformed::UnknownDevice, Malformed::NodeFrame]);
    bench.stop().await;
}

/// An empty list of whatever kind the frame holds.
fn empty<T: Default>() -> T {
    T::default()
}

#[tokio::test]
async fn desks_are_answered_in_order_once_it_is_on_the_disk() {
    let mut bench = Bench::start(false).await;
    let desk = "aislecast/v1/quan-1/in";
    bench.say(
        &format!("{desk}/profile"),
        br#"{"id":"1","customer":"anna","version":1,"consent":{"purposes":[],"notice":1}}"#,
    );
    bench.say(
        &format!("{desk}/withdraw"),
        br#"{"id":"2","customer":"anna"}"#,
    );
    bench.say(&format!("{desk}/forget"), br#"{"id":"3"}"#);
    let anna = pseudonym().shopper("anna");
    let Input::Ask(Ask::Upsert(enrolment, ..), upserted) = bench.input().await else {
        panic!("no profile");
    };
    assert_eq!(enrolment.shopper, anna);
    let Input::Ask(Ask::Withdraw(shopper, Purposes::ALL, _), withdrawn) = bench.input().await
    else {
        panic!("no withdrawal");
    };
    assert_eq!(shopper, anna);
    assert!(matches!(
        bench.input().await,
        Input::Event(Event::Malformed(Malformed::Desk))
    ));
    let refused = bench.hear("out/answer").await;
    assert_eq!(refused, r#"{"error":"customer: is missing","id":"3"}"#);
    withdrawn.send(Outcome::Unknown).unwrap();
    let answer = bench.hear("out/answer").await;
    assert_eq!(answer, r#"{"id":"2","outcome":"unknown"}"#);
    upserted.send(Outcome::Done).unwrap();
    let answer = bench.hear("out/answer").await;
    assert_eq!(answer, r#"{"id":"1","outcome":"done"}"#);
    bench.stop().await;
}

#[tokio::test]
async fn a_till_is_answered_by_its_receipt_once_it_is_on_the_disk() {
    let mut bench = Bench::start(false).await;
    let sale = r#"{"number": "R-1", "outlet": "Quận 7", "lines": []}"#;
    bench.say("aislecast/v1/quan-1/in/till/pos", sale.as_bytes());
    let Input::Ask(Ask::Receipt(receipt), reply) = bench.input().await else {
        panic!("a receipt is asked about");
    };
    assert_eq!(receipt.basket.receipt, "pos/R-1");
    reply.send(Outcome::Done).unwrap();
    let answer = bench.hear("out/answer").await;
    assert_eq!(answer, r#"{"id":"pos/R-1","outcome":"done"}"#);
    for (till, payload) in [("nobody", sale), ("pos", "{}")] {
        let topic = format!("aislecast/v1/quan-1/in/till/{till}");
        bench.say(&topic, payload.as_bytes());
        let input = bench.input().await;
        let refused = Event::Malformed(Malformed::Till);
        assert!(
            matches!(input, Input::Event(event) if event == refused),
            "{till}"
        );
    }
    bench.stop().await;
}

#[tokio::test]
async fn a_screen_is_commanded_and_reports() {
    let mut bench = Bench::start(false).await;
    let command = ScreenCommand {
        screen: "dairy".parse().unwrap(),
        revision: 9,
        action: ScreenAction::Clear,
    };
    bench.counter.commands.send(command.clone()).unwrap();
    let told = bench.hear("screen/dairy/command").await;
    assert_eq!(
        serde_json::from_str::<ScreenCommand>(&told).unwrap(),
        command
    );
    bench.say(
        "aislecast/v1/quan-1/screen/dairy/report",
        br#"{"screen":"dairy","player":"p1","revision":9,"status":"painted"}"#,
    );
    let Input::Event(Event::Screen(said)) = bench.input().await else {
        panic!("no report");
    };
    assert_eq!((said.screen, said.revision), (ScreenIx(0), 9));
    assert_eq!(said.status, ScreenStatus::Painted);
    bench.stop().await;
}

#[tokio::test]
async fn the_truth_is_heeded_only_in_the_demo() {
    let payload = br#"{"people":[{"x_m":1.0,"y_m":2.0}]}"#;
    for demo in [true, false] {
        let mut bench = Bench::start(demo).await;
        // Outside the demo it is not even asked for. The mark after it may
        // overtake it: they are of different QoS.
        bench.say("aislecast/v1/quan-1/demo/truth", payload);
        bench.say("aislecast/v1/quan-1/in/forget", b"{}");
        let mut heeded = matches!(bench.input().await, Input::Truth(_));
        if demo {
            heeded |= matches!(bench.input().await, Input::Truth(_));
        }
        assert_eq!(heeded, demo);
        bench.stop().await;
    }
}

#[tokio::test]
async fn a_changed_plan_changes_who_is_meant() {
    let mut bench = Bench::start(false).await;
    let mut plan = test_plan::plan();
    plan.scanners.reverse();
    bench.counter.plan.send(Arc::new(plan)).unwrap();
    loop {
        // The plan and the message come by different ways: until the plan is there.
        bench.say(
            "home/OMG/BTtoMQTT/x",
            br#"{"id":"70:81:94:0D:FB:AA","mac_type":1,"rssi":-60}"#,
        );
        let Input::Event(Event::Sighting(sighting)) = bench.input().await else {
            panic!("no sighting");
        };
        if sighting.scanner == ScannerIx(2) {
            break;
        }
        assert_eq!(sighting.scanner, ScannerIx(1));
    }
    bench.stop().await;
}

#[tokio::test]
async fn a_changed_room_is_listened_to_at_once() {
    let mut bench = Bench::start(false).await;
    let plan = test_plan::plan();
    let moved = [
        ScannerSource::Node,
        ScannerSource::Ingics(config::SharedTopic {
            topic: "igs".to_owned(),
            mac: None,
        }),
    ];
    let devices = Devices::new(&plan, &moved, &[]);
    bench.devices.send(Arc::new(devices)).unwrap();
    let line = b"$GPRP,0CF3EE0B0BDD,CD2DA08685AD,-67,0201061AFF4C0002152F234454CF6D4A0FADF2F4911BA9FFA600000001C5";
    loop {
        // The broker may not have been asked yet.
        bench.say("igs", line);
        bench.say("home/OMG/BTtoMQTT/x", b"{");
        let first = timeout(Duration::from_millis(200), bench.counter.inputs.recv()).await;
        if let Ok(Some(Input::Event(Event::Sighting(sighting)))) = first {
            assert_eq!(sighting.scanner, ScannerIx(1));
            break;
        }
    }
    bench.stop().await;
}

/// A translator whose answers go nowhere: its broker is never there.
fn translator() -> (Translator, Answers) {
    let (link, _) = Link::start(Settings::new("127.0.0.1", 9, "x".to_owned()), vec![]).unwrap();
    let plan = Arc::new(test_plan::plan());
    let answers = Answers::new(
        link,
        &plan.store,
        (shop::open(plan.clone()).0, Office::in_tests()),
    );
    let devices = Arc::new(devices());
    let none = std::iter::empty();
    (
        Translator::new(plan, devices, none, (pseudonym(), Codes::default())),
        answers,
    )
}

fn message(topic: &str, payload: &[u8], retained: bool) -> Message {
    Message {
        topic: topic.to_owned(),
        payload: payload.to_vec().into(),
        retained,
    }
}

#[tokio::test]
async fn what_the_broker_kept_is_passed_over_unless_it_is_state() {
    let (mut translator, mut answers) = translator();
    let sighting = br#"{"id":"70:81:94:0D:FB:AA","mac_type":1,"rssi":-60}"#;
    let forget = br#"{"customer":"anna"}"#;
    let help = br#"{"screen":"dairy","what":"complaint"}"#;
    for (topic, payload, retained, taken) in [
        ("home/OMG/BTtoMQTT/x", &sighting[..], false, true),
        ("home/OMG/BTtoMQTT/x", sighting, true, false),
        ("aislecast/v1/quan-1/in/forget", forget, true, true),
        ("aislecast/v1/quan-1/in/complaint", help, false, true),
        ("aislecast/v1/quan-1/in/complaint", help, true, false),
        ("aislecast/v1/quan-1/in/basket", b"{}", false, true),
        ("aislecast/v1/quan-1/in/basket", b"{}", true, false),
    ] {
        let message = message(topic, payload, retained);
        let mut inputs = Vec::new();
        translator.translate(&message, false, &mut answers, &mut inputs);
        assert_eq!(!inputs.is_empty(), taken, "{topic} {retained}");
    }
}

const TOPICS: [&str; 10] = [
    "aislecast/v1/quan-1/node/node-1/frame",
    "aislecast/v1/quan-1/screen/dairy/report",
    "aislecast/v1/quan-1/in/profile",
    "aislecast/v1/quan-1/in/withdraw",
    "aislecast/v1/quan-1/in/basket",
    "aislecast/v1/quan-1/in/reading",
    "aislecast/v1/quan-1/demo/truth",
    "home/OMG/BTtoMQTT/undecoded",
    "espresense/devices/eddy:0011223344445566778899-010203040506/office",
    "nobody/reads/this",
];

const SEEDS: [&str; 6] = [
    r#"{"id":"70:81:94:0D:FB:AA","mac_type":1,"rssi":-60,"manufacturerdata":"4c0002151de4b189115e45f6b44e50935226997700010002c5"}"#,
    r#"{"rssi":"-70","servicedatauuid":"0xfeaa","servicedata":"00ee001122334455667788990102030405060000"}"#,
    r#"{"mac":"dd8800003777","id":"iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949","rssi@1m":-59,"rssi":-81.10}"#,
    r#"{"screen":"dairy","player":"p1","revision":7,"status":"painted"}"#,
    r#"{"receipt":"1","customer":"x","lines":[{"sku":"1","pieces":1,"amount_minor":1}]}"#,
    r#"{"sensor":"door","value":{"inward":7,"outward":5},"at":"2027-01-01T00:00:00Z"}"#,
];

proptest! {
    #[test]
    fn no_bytes_on_any_topic_make_us_panic(
        payload: Vec<u8>, topic in "[a-z0-9/+#:-]{0,40}|.{0,20}", seed in 0..SEEDS.len(),
        at: prop::sample::Index, with: u8, retained: bool, demo: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _inside = runtime.enter();
        let (mut translator, mut answers) = translator();
        let mut mutated = SEEDS[seed].as_bytes().to_vec();
        let at = at.index(mutated.len());
        mutated[at] = with;
        for topic in TOPICS.into_iter().chain([topic.as_str()]) {
            for payload in [&payload[..], &mutated, &mutated[..at]] {
                let message = message(topic, payload, retained);
                translator.translate(&message, demo, &mut answers, &mut Vec::new());
            }
        }
    }
}
