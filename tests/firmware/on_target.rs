//! The tests that run on the board itself.

use std::time::Duration;
use tests::{house, mosquitto::Mosquitto, node::Node, wait};

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn the_tests_on_the_board_pass() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let mut node = Node::new(broker.port);
    node.switch_on_with(&house::firmware("on-target"));
    let verdict = wait::within(Duration::from_mins(1), || {
        let said = node.said();
        let line = said.lines().find(|line| line.contains(" passed, "))?;
        Some(line.to_owned())
    });
    let said = node.said();
    assert_eq!(verdict.as_deref(), Some("8 passed, 0 failed"), "{said}");
    eprintln!("{said}");
}
