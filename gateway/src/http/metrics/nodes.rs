//! How nodes of ours are doing.

use super::Page;
use crate::node::NodeStatus;
use protocol::health::NodeHealth;
use std::fmt;

/// One series for each node and fact.
pub(super) fn nodes(page: &mut Page<'_>, nodes: &[NodeStatus]) -> fmt::Result {
    page.gauges(
        "node_up",
        "Whether a node is there, by its broker's word",
        nodes
            .iter()
            .map(|n| (["node"], [n.id.as_str()], u32::from(n.up))),
    )?;
    page.counters(
        "node_restarts",
        "Starts of a node since the gateway started",
        "node",
        nodes.iter().map(|n| (n.id.as_str(), n.restarts)),
    )?;
    page.counters(
        "node_watchdogs",
        "Starts of a node that hung",
        "node",
        nodes.iter().map(|n| (n.id.as_str(), n.watchdogs)),
    )?;
    for (name, help, count) in COUNTS {
        let said = nodes.iter().filter_map(|node| {
            let health = node.health.as_ref()?;
            Some((["node"], [node.id.as_str()], count(health)))
        });
        page.gauges(name, help, said)?;
    }
    Ok(())
}

/// Name, help, which number. Gauges, since a node's counters begin anew and wrap.
type Count = (&'static str, &'static str, fn(&NodeHealth) -> u32);

const COUNTS: [Count; 9] = [
    ("node_starts", "Number of a node's start", |h| h.boot),
    ("node_heard", "Packets heard since it started", |h| h.heard),
    ("node_refused", "Packets that may not leave it", |h| {
        h.refused
    }),
    ("node_read", "Readings taken", |h| h.read),
    ("node_faults", "Readings that were faults", |h| h.faults),
    (
        "node_lost",
        "Packets and readings lost for want of room",
        |h| h.dropped,
    ),
    ("node_waiting", "Packets and readings that wait", |h| {
        h.waiting
    }),
    (
        "node_time_within_milliseconds",
        "How sure its time is; 0 if it knows none",
        |h| h.time.within_ms,
    ),
    (
        "node_times_refused",
        "Answers about the time that it did not believe",
        |h| h.time.refused,
    ),
];
