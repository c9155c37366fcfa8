//! Nodes come back soon, then seldom, and never all at once.

use node::Backoff;
use std::collections::BTreeSet;

#[test]
fn waits_double_up_to_half_a_minute_and_begin_anew_once_the_broker_was_reached() {
    let mut backoff = Backoff::new(1);
    for base in [
        500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ] {
        let wait = backoff.wait_ms();
        assert!(
            (base / 2..base / 2 + base).contains(&wait),
            "{wait} of {base}"
        );
    }
    backoff.reached();
    assert!(backoff.wait_ms() < 750);
}

#[test]
fn fifty_nodes_spread_over_the_wait() {
    let waits: BTreeSet<u32> = (0..50)
        .map(|node| {
            let mut backoff = Backoff::new(node * 7919);
            (0..8).map(|_| backoff.wait_ms()).last().unwrap() / 1_000
        })
        .collect();
    assert!(waits.len() > 15, "{waits:?}");
}
