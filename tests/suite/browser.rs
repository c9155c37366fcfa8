//! The two pages in a real browser.

use serde_json::json;
use tests::{chrome::Chrome, desk::Member, gateway::Gateway, house, radio::InTheDairy, site::Site};

fn enrol(gateway: &Gateway) -> [Member; 3] {
    let members = [1, 2, 3].map(Member::new);
    for member in &members {
        gateway.enrol(member, 1);
    }
    members
}

#[test]
fn the_player_paints_acknowledges_clears_and_outlives_its_gateway() {
    let dir = house::keep_dir("browser-player");
    let Some(chrome) = Chrome::start(&dir) else {
        return;
    };
    let site = Site::embedded();
    let mut gateway = Gateway::start(&site);
    let members = enrol(&gateway);
    let mut page = chrome.open_by_nobody(&site.screen("front"), 1280, 720);
    page.until(
        "the house loop is on",
        "document.body.innerText.includes('The house loop')",
    );
    page.screenshot("player-house");

    let shoppers = InTheDairy::with(site.broker_port, members.iter().map(|m| m.fob).collect());
    page.until(
        "the offer is on",
        "document.body.innerText.includes('Milk for members')",
    );
    gateway.until("the gateway knows that it is painted", |live| {
        live["status"]["screens"][0]["phase"] == "showing"
    });
    page.screenshot("player-offer");
    assert_eq!(page.complaints(), &[] as &[String]);

    gateway.process().kill();
    page.until(
        "without a gateway the house loop comes back by itself",
        "document.body.innerText.includes('The house loop')",
    );
    let mut gateway = Gateway::start(&site);
    page.until(
        "the offer returns",
        "document.body.innerText.includes('Milk for members')",
    );

    let visits = gateway.until("all are here", |live| {
        live["status"]["visits"].as_array().map(Vec::len) == Some(3)
    });
    for visit in visits["status"]["visits"].as_array().expect("a list") {
        let path = format!("/api/visits/{}/withdraw", visit["visit"]);
        assert_eq!(gateway.post(&path, &json!({})).status, 200);
    }
    page.until(
        "the screen clears",
        "document.body.innerText.includes('The house loop')",
    );
    drop(shoppers);
    gateway.process().interrupt();
    assert_eq!(gateway.process().finish().code(), Some(0));
}

#[test]
fn the_console_draws_the_shop_moves_and_takes_a_consent_back() {
    let dir = house::keep_dir("browser-console");
    let Some(chrome) = Chrome::start(&dir) else {
        return;
    };
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let members = enrol(&gateway);
    let root = format!("http://127.0.0.1:{}/", site.http_port);
    let mut player = chrome.open(&format!("{root}screen/front"), 640, 360);
    let mut page = chrome.open(&root, 1280, 1600);
    page.until(
        "the floor is drawn",
        "document.querySelectorAll('#map svg polygon').length >= 4",
    );
    page.until(
        "nobody is here",
        "!document.getElementById('no-visits').hidden",
    );
    let shoppers = InTheDairy::with(site.broker_port, members.iter().map(|m| m.fob).collect());
    page.until(
        "three shoppers are on the list, without a reload",
        "document.querySelectorAll('#visits li').length === 3",
    );
    player.until(
        "the offer is on",
        "document.body.innerText.includes('Milk for members')",
    );
    page.until(
        "the console shows what the screen shows and why",
        "document.querySelector('#screens .phase').dataset.phase === 'showing' && \
         document.querySelector('#screens .why').innerText.length > 10",
    );
    page.screenshot("console");
    page.resize(390, 844);
    page.until(
        "on a phone nothing is wider than the page, and words stay whole",
        "document.documentElement.scrollWidth <= innerWidth && \
         document.getElementById('shop-name').clientHeight < 60",
    );
    page.screenshot("console-phone");

    for left in [2, 1, 0] {
        page.click("#visits li button");
        page.until("it asks once more", "document.getElementById('ask').open");
        page.click("#ask-yes");
        page.until(
            "the shopper is off the list",
            &format!("document.querySelectorAll('#visits li').length === {left}"),
        );
    }
    player.until(
        "the screen clears",
        "document.body.innerText.includes('The house loop')",
    );
    drop(shoppers);
    assert_eq!(page.complaints(), &[] as &[String]);
    assert_eq!(player.complaints(), &[] as &[String]);
}

/// A shop in which all is well, and what may be otherwise: how the line above
/// begins, and the parts below it that are not well.
const STATES: [(&str, &str, &str); 10] = [
    ("", "All well. The screen", ""),
    (
        "live.health.uptime_ms = 5000; live.status.scanners[1].silent_ms = null;",
        "The shop has just started",
        "scanners waiting 1 of 2 scanners heard",
    ),
    (
        "live.health.uptime_ms = 5000; live.status.screens[0].silent_ms = null;",
        "The shop has just started",
        "screens waiting 0 of 1 screens answer",
    ),
    (
        "live.status.scanners[0].silent_ms = 61000;",
        "The shop runs, but",
        "scanners bad 1 of 2 scanners heard",
    ),
    (
        "live.status.scanners[0].silent_ms = null;",
        "The shop runs, but",
        "scanners bad 1 of 2 scanners heard",
    ),
    (
        "problems = [{ key: 'screen:front', severity: 'warn' }]; live.status.screens[0].silent_ms = null;",
        "The shop runs, but",
        "screens bad 0 of 1 screens answer",
    ),
    (
        "problems = [{ key: 'broker', severity: 'bad' }]; live.health.broker = false;",
        "One thing needs you now",
        "broker bad Broker not connected",
    ),
    (
        "problems = [{ key: 'disk-full', severity: 'bad' }]; live.health.room = false;",
        "One thing needs you now",
        "store bad Disk is full",
    ),
    (
        "problems = [{ key: 'unknown-devices', severity: 'note' }];",
        "All well. The screen",
        "",
    ),
    ("up = false;", "This page has lost its connection", ""),
];

#[test]
fn the_desk_says_who_would_be_shown_what_and_what_offers_brought() {
    let dir = house::keep_dir("browser-desk");
    let Some(chrome) = Chrome::start(&dir) else {
        return;
    };
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let url = format!("http://127.0.0.1:{}/offers", site.http_port);
    let mut page = chrome.open(&url, 1280, 1400);
    page.until(
        "the shop is known",
        "document.querySelectorAll('#ask-screen option').length === 1",
    );
    page.click("#add-person");
    page.until(
        "somebody can be described",
        "document.querySelectorAll('#described li').length === 1",
    );
    let dairy = "document.querySelector('#described select').value = 'dairy'";
    page.evaluate(dairy).expect("there is such a zone");
    page.click("#ask button.main");
    page.until(
        "every offer answers",
        "document.querySelector('#answers li[data-chosen]').innerText.includes('For members')",
    );
    page.click("#offers .why");
    page.until(
        "it is said what the offer brought",
        "document.querySelector('.brought').innerText.includes('nothing to tell yet')",
    );
    page.screenshot("desk");
    page.resize(390, 844);
    page.until(
        "on a phone nothing is wider than the page",
        "document.documentElement.scrollWidth <= innerWidth",
    );
    page.evaluate("document.getElementById('ask').scrollIntoView()")
        .expect("it is there");
    page.screenshot("desk-phone");
    assert_eq!(page.complaints(), &[] as &[String]);
}

#[test]
fn the_console_never_says_that_all_is_well_above_a_cross() {
    let dir = house::keep_dir("browser-state");
    let Some(chrome) = Chrome::start(&dir) else {
        return;
    };
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let mut page = chrome.open(&format!("http://127.0.0.1:{}/", site.http_port), 1280, 800);
    page.until(
        "the line above is made of what is below it",
        "(() => { \
           const says = document.getElementById('state-title').innerText; \
           const crosses = document.querySelectorAll('#health [data-mark]:not([data-mark=well])'); \
           const parts = document.querySelectorAll('#health li').length; \
           return parts === 5 && says.startsWith('All well') === (crosses.length === 0); \
         })()",
    );
    for (spoilt, above, below) in STATES {
        let expression = format!(
            "import('/assets/state.js').then(({{ parts, state }}) => {{ \
               let up = true, problems = []; \
               const live = {{ \
                 health: {{ broker: true, store: true, room: true, clock: true, uptime_ms: 120000 }}, \
                 status: {{ \
                   scanners: [{{ silent_ms: 900 }}, {{ silent_ms: 0 }}], \
                   screens: [{{ id: 'front', phase: 'house', silent_ms: 10 }}] }} }}; \
               {spoilt} \
               const [, says] = state(up, live, problems); \
               const bad = parts(live, problems).filter(([, mark]) => mark !== 'well'); \
               return [says, bad.map((part) => part.join(' ')).join('; ')]; }})"
        );
        let told = page.evaluate(&expression).expect("the page can say it");
        let says = told[0].as_str().expect("a line");
        assert!(says.starts_with(above), "{spoilt}: {says}");
        assert_eq!(told[1], below, "{spoilt}");
    }
    assert_eq!(page.complaints(), &[] as &[String]);
}
