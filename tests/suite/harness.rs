//! The harness itself: what it drives must be there and must be able to fail.

use tests::{
    chrome::Chrome, house, http, mosquitto::Mosquitto, mosquitto::publish, mqtt::Client, wait,
};

#[test]
fn foreign_clients_meet_at_mosquitto() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mut broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    broker.publish_retained("a/kept", "from before");
    let follower = broker.follow("a/#");
    broker.publish("a/b", "with words and đồng");
    let mut bare = Client::connect(broker.port, "bare").unwrap();
    bare.publish("a/c", b"bare").unwrap();
    bare.flush().unwrap();
    for (topic, payload, retained) in [
        ("a/kept", "from before", true),
        ("a/b", "with words and đồng", false),
        ("a/c", "bare", false),
    ] {
        let message = follower.until(topic, |m| m.topic == topic);
        assert_eq!((&*message.payload, message.retained), (payload, retained));
    }
    broker.kill();
    assert!(Client::connect(broker.port, "late").is_err());
    broker.resume();
    publish(broker.port, "a/d", "again", &[]);
}

#[test]
fn a_browser_reads_a_page_and_its_complaints_are_heard() {
    let dir = house::keep_dir("harness");
    let Some(chrome) = Chrome::start(&dir) else {
        return;
    };
    let url = "data:text/html,<body onclick=\"document.title='clicked'\"><p>hello";
    let mut page = chrome.open_by_nobody(url, 400, 300);
    page.until("the page is read", "document.body.innerText === 'hello'");
    assert_eq!(page.complaints(), &[] as &[String]);
    page.click("p");
    page.until("the click arrives", "document.title === 'clicked'");
    page.evaluate("console.error('a complaint')").unwrap();
    assert_eq!(page.complaints().len(), 1);
    assert!(page.evaluate("nonsense(").is_err());
    let picture = std::fs::read(page.screenshot("harness")).unwrap();
    assert!(picture.starts_with(b"\x89PNG"), "a screenshot is a PNG");
}

#[test]
fn a_wait_ends_with_its_condition_or_its_patience() {
    let mut looks = 0;
    wait::until("the third look", || {
        looks += 1;
        (looks == 3).then_some(())
    });
    assert_eq!(looks, 3);
    let nothing: Option<()> = wait::within(std::time::Duration::from_millis(50), || None);
    assert_eq!(nothing, None);
    assert!(http::ask(house::free_port(), "GET", "/", b"").is_none());
}
