//! Somebody with a few addresses opens all connections that they can, and says little.

use tests::{caller::Caller, gateway::Gateway, site::Site};

/// Three addresses of somebody who means ill, with more than all connections together.
const ADDRESSES: [u8; 3] = [20, 21, 22];
const EACH: usize = 200;

/// How a connection is held: silent, a head byte by byte, a body byte by byte, one that
/// was answered once and stays.
const HELD: [&str; 4] = [
    "",
    "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\
     \r\nContent-Length: 60000\r\n\r\nname=",
    "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
];

fn hold(site: &Site, all: &mut Vec<Caller>) {
    for n in 0..EACH {
        for last in ADDRESSES {
            // Whoever has their share is hung up on.
            if let Ok(mut caller) = Caller::from(last, site.http_port) {
                caller.says(HELD[n % HELD.len()]);
                all.push(caller);
            }
        }
    }
}

/// Somebody who comes now, asks, and is answered.
fn newcomer(site: &Site, last: u8) {
    let mut caller = Caller::from(last, site.http_port).expect("the gateway listens");
    assert!(caller.asks("/healthz", false) && caller.hears("alive"));
    assert!(caller.asks("/api/problems", true) && caller.hears("200 OK"));
}

#[test]
fn who_opens_all_connections_keeps_nobody_out() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let link = site.screen("front");
    let (_, path) = link.split_once("/screen/front").expect("it is its page");
    let [mut screen, mut console] =
        [11, 12].map(|last| Caller::from(last, site.http_port).expect("the gateway listens"));
    assert!(screen.asks(&format!("/screen/front/events{path}"), false));
    assert!(screen.hears("event: hello"));
    assert!(console.asks("/api/live/events", true) && console.hears("event: live"));

    let mut held = Vec::new();
    hold(&site, &mut held);
    for last in 30..40 {
        newcomer(&site, last);
        for caller in &mut held {
            caller.says("x");
        }
    }
    let metrics = gateway.get("/metrics").text();
    let gave_way = metrics.lines().find_map(|line| {
        let (_, count) = line.split_once("aislecast_connections_gave_way_total ")?;
        count.parse::<usize>().ok()
    });
    let gave_way = gave_way.expect("it is counted");
    assert!(screen.hears("event: beat"), "the screen's stream goes on");
    assert!(console.hears("event: live"), "the console's goes on");
    let all = held.len();
    held.retain_mut(Caller::is_hung_up_on);
    println!(
        "connections: {all} from {} addresses, silent or a byte at a time; {gave_way} gave way, {} \
         hung up on; ten newcomers of ten were answered, a screen and a console went on",
        ADDRESSES.len(),
        held.len(),
    );
    assert!(gave_way > 0, "all were taken");
}
