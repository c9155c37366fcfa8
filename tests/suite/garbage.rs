//! Any bytes anywhere: counted, answered, and nothing else happens.

use serde_json::{Value, json};
use std::{io::Write, net::TcpStream};
use tests::{
    chance::Chance,
    desk::{self, Member},
    gateway::Gateway,
    http,
    mqtt::Client,
    radio::{espresense, node, theengs},
    site::{Site, topic},
};

/// Messages of each kind that hit each topic.
const ROUNDS: usize = 150;

/// Everything the gateway reads, with something good for each.
fn readable() -> Vec<(String, Vec<u8>)> {
    let member = Member::new(1);
    let report = json!({"screen": "front", "player": "p", "revision": 1, "status": "painted"});
    let text = |(topic, payload): (String, String)| (topic, payload.into_bytes());
    let desk = |name: &str, value: Value| (topic(name), value.to_string().into_bytes());
    vec![
        text(theengs(&member.fob, "home/gateway-1", -60)),
        text(espresense(&member.fob, "dairy", -60.0)),
        node(&member.fob, "s-node", 1, -60),
        desk("screen/front/report", report),
        desk("in/profile", member.enrolment(1)),
        desk("in/withdraw", desk::withdrawal(&member.customer)),
        desk("in/forget", desk::withdrawal(&member.customer)),
        desk("in/basket", json!({"receipt": "t1-1", "lines": []})),
        desk("in/reading", json!({"sensor": "hall", "value": 21.5})),
    ]
}

/// Topics that look like ours and name nothing that there is.
const STRANGE_TOPICS: [&str; 9] = [
    "aislecast/v1/test-1/node/nobody/frame",
    "aislecast/v1/test-1/node/S-NODE/frame",
    "aislecast/v1/test-1/screen/nowhere/report",
    "aislecast/v1/test-1/in/nonsense",
    "aislecast/v1/test-1/in/profile/more",
    "aislecast/v2/test-1/in/profile",
    "espresense/devices//dairy",
    "espresense/devices/x/y/z",
    "home/gateway-1/BTtoMQTT/",
];

#[test]
fn any_bytes_on_any_topic_are_counted_and_the_shop_goes_on() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let mut chance = Chance::new(1);
    let mut client = Client::connect(site.broker_port, "garbage").unwrap();
    for (topic, good) in readable() {
        for _ in 0..ROUNDS {
            let payload = chance.bytes(300);
            client.publish(&topic, &payload).unwrap();
            let payload = chance.spoiled(&good);
            client.publish(&topic, &payload).unwrap();
        }
        for payload in ["", "{}", "[]", "null", "0", "\"\"", &" ".repeat(60_000)] {
            client.publish(&topic, payload.as_bytes()).unwrap();
        }
        let deep = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
        client.publish(&topic, &deep).unwrap();
    }
    for topic in STRANGE_TOPICS {
        client.publish(topic, &chance.bytes(100)).unwrap();
    }
    client.flush().unwrap();
    let live = gateway.until("the garbage is counted", |live| {
        let counts = live["counts"]["malformed"].as_array().expect("a list");
        // Nodes, two makes of scanners, the desks, and the screens.
        counts.iter().filter(|n| n.as_u64() > Some(100)).count() >= 5
    });
    assert_eq!(live["health"]["broker"], true);
    assert_eq!(gateway.get("/readyz").status, 200);
    // Good words are still heard.
    gateway.enrol(&Member::new(9), 1);
    let said = gateway.said();
    assert!(!said.contains("panicked"), "{said}");
    let lines = said.lines().count();
    assert!(lines < 500, "{lines} lines of log for bytes of strangers");
}

#[test]
fn a_client_that_speaks_no_mqtt_hurts_nobody() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let mut chance = Chance::new(2);
    for _ in 0..50 {
        let mut stream = TcpStream::connect(("127.0.0.1", site.broker_port)).unwrap();
        let _ = stream.write_all(&chance.bytes(200));
    }
    for _ in 0..50 {
        let mut client = Client::connect(site.broker_port, "rude").unwrap();
        let _ = client.raw(&chance.bytes(200));
    }
    let mut client = Client::connect(site.broker_port, "polite").unwrap();
    let (topic, payload) = espresense(&Member::new(1).fob, "dairy", -60.0);
    client.publish(&topic, payload.as_bytes()).unwrap();
    gateway.until("a polite client is heard", |live| {
        live["counts"]["sightings"] == 1
    });
    assert_eq!(gateway.get("/readyz").status, 200);
}

#[test]
fn any_bytes_at_any_address_get_an_answer_that_blames_the_sender() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let mut chance = Chance::new(3);
    let addresses: Vec<(String, String)> = routes(&gateway);
    assert!(addresses.len() > 15, "{addresses:?}");
    for (method, path) in &addresses {
        if path.ends_with("/events") {
            continue;
        }
        for round in 0..6 {
            let good = Member::new(1).enrolment(1).to_string();
            let body = match round {
                0 => Vec::new(),
                1 => b"{\"customer\": 5}".to_vec(),
                2 | 3 => chance.spoiled(good.as_bytes()),
                _ => chance.bytes(2_000),
            };
            let answer = http::ask(site.http_port, &method.to_uppercase(), path, &body)
                .unwrap_or_else(|| panic!("no answer at {method} {path}"));
            assert!(answer.status < 500, "{method} {path}: {}", answer.status);
        }
    }
    for raw in [
        &b"\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /assets/..%2f..%2fstore.toml HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /creatives/..%2fstore.toml HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    ] {
        if let Some(answer) = http::ask_raw(site.http_port, raw) {
            assert!((400..500).contains(&answer.status), "{}", answer.status);
        }
    }
    let huge = vec![b'x'; 1 << 20];
    let answer = http::ask(site.http_port, "POST", "/api/withdraw", &huge);
    assert!(
        answer.is_none_or(|a| a.status == 413),
        "a body has a largest size"
    );
    assert_eq!(gateway.get("/readyz").status, 200);
    assert!(!gateway.said().contains("panicked"), "{}", gateway.said());
}

/// Every route that the gateway itself lists, with something in its blanks.
fn routes(gateway: &Gateway) -> Vec<(String, String)> {
    let listed = gateway.get("/api/openapi.json").json();
    let paths = listed["paths"].as_object().expect("OpenAPI lists paths");
    let methods = |path: &String, item: &Value| {
        let item = item.as_object().expect("a path has methods");
        let path = path
            .replace("{id}", "front")
            .replace("{visit}", "1")
            .replace("{name}", "base.css");
        let named = ["get", "post"]
            .into_iter()
            .filter(|m| item.contains_key(*m));
        named
            .map(|method| (method.to_owned(), path.clone()))
            .collect::<Vec<_>>()
    };
    paths
        .iter()
        .flat_map(|(path, item)| methods(path, item))
        .collect()
}

#[test]
fn a_page_of_somebody_else_cannot_use_the_gateway() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let port = site.http_port;
    for (host, origin) in [
        ("evil.example".to_owned(), None),
        (format!("127.0.0.1:{port}"), Some("https://evil.example")),
    ] {
        let origin = origin.map_or(String::new(), |o| format!("Origin: {o}\r\n"));
        let body = desk::withdrawal("somebody").to_string();
        let request = format!(
            "POST /api/withdraw HTTP/1.1\r\nHost: {host}\r\n{origin}Connection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = http::ask_raw(port, request.as_bytes()).expect("an answer");
        assert!(
            (400..500).contains(&answer.status),
            "{host}: {}",
            answer.status
        );
    }
    assert_eq!(gateway.get("/readyz").status, 200);
}
