//! How nodes of ours are doing, by their own word.

use protocol::{
    health::{NodeHealth, Restart},
    id::ScannerId,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// It is there, or its broker says that it is gone.
    Status(bool),
    /// What became of everything it heard.
    Health(NodeHealth),
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeStatus {
    /// Name of the scanner that it is.
    pub id: String,
    /// Whether it is there.
    pub up: bool,
    /// Starts seen since the gateway started, the first not counted.
    pub restarts: u64,
    /// Those of them that were its watchdog's.
    pub watchdogs: u64,
    /// Its newest word.
    pub health: Option<NodeHealth>,
}

/// All nodes of the plan that have said something.
#[derive(Debug, Default)]
pub(crate) struct Nodes(BTreeMap<ScannerId, NodeStatus>);

impl Nodes {
    /// Takes a word in. Returns what is worth a sentence.
    pub(crate) fn note(&mut self, id: &ScannerId, word: Word) -> Option<String> {
        let node = self.0.entry(id.clone()).or_insert_with(|| NodeStatus {
            id: id.to_string(),
            up: false,
            restarts: 0,
            watchdogs: 0,
            health: None,
        });
        match word {
            Word::Status(up) if up != node.up => {
                node.up = up;
                let how = if up { "is there" } else { "is gone" };
                Some(format!("node {id} {how}"))
            }
            Word::Status(_) => None,
            Word::Health(health) => node.examine(health),
        }
    }

    /// How all of them are.
    pub(crate) fn statuses(&self) -> Vec<NodeStatus> {
        self.0.values().cloned().collect()
    }

    /// Forgets those that the plan does not have any more.
    pub(crate) fn keep(&mut self, is_planned: impl Fn(&ScannerId) -> bool) {
        self.0.retain(|id, _| is_planned(id));
    }
}

impl NodeStatus {
    fn examine(&mut self, health: NodeHealth) -> Option<String> {
        let before = self.health.as_ref().map(|before| before.boot);
        let (boot, restart) = (health.boot, health.restart);
        self.health = Some(health);
        if before.is_none_or(|before| before == boot) {
            return None;
        }
        self.restarts += 1;
        let why = match restart {
            Restart::Power => "it got power",
            Restart::Watchdog => "it hung",
            Restart::Panic => "it was in a state that cannot be",
        };
        self.watchdogs += u64::from(restart == Restart::Watchdog);
        Some(format!("node {} started anew: {why}", self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(boot: u32, restart: Restart) -> Word {
        let json = format!(
            r#"{{"firmware":"0.1.0","boot":{boot},"uptime_ms":1,"heard":2,"refused":0,
                "read":0,"faults":0,"dropped":3}}"#
        );
        let health: NodeHealth = serde_json::from_str(&json).unwrap();
        Word::Health(NodeHealth { restart, ..health })
    }

    #[test]
    fn starts_are_told_apart_from_repetitions() {
        let id: ScannerId = "s-door".parse().unwrap();
        let mut nodes = Nodes::default();
        for (word, expected) in [
            (Word::Status(true), Some("node s-door is there")),
            (Word::Status(true), None),
            (health(4, Restart::Power), None),
            (health(4, Restart::Power), None),
            (Word::Status(false), Some("node s-door is gone")),
            (
                health(5, Restart::Watchdog),
                Some("node s-door started anew: it hung"),
            ),
            (
                health(6, Restart::Power),
                Some("node s-door started anew: it got power"),
            ),
        ] {
            assert_eq!(nodes.note(&id, word).as_deref(), expected);
        }
        let status = &nodes.statuses()[0];
        assert_eq!(
            (status.restarts, status.watchdogs, status.up),
            (2, 1, false)
        );
        nodes.keep(|_| false);
        assert!(nodes.statuses().is_empty());
    }
}
