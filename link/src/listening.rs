//! What the broker brings us, and what it should: filters are asked for one at
//! a time, and one that is not wanted any more is given back.

use crate::Filter;
use rumqttc::{AsyncClient, QoS};
use std::collections::{BTreeMap, BTreeSet};

/// What is listened to.
#[derive(Debug, Default)]
pub(crate) struct Listening {
    wanted: Vec<Filter>,
    /// Answered for in this session, with their quality.
    held: BTreeMap<String, bool>,
    /// Perhaps still held by the broker, and not wanted.
    stale: BTreeSet<String>,
    asked: Option<Ask>,
}

/// One question to the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    Subscribe(Filter),
    Unsubscribe(String),
}

impl Listening {
    pub(crate) fn new(wanted: Vec<Filter>, former: impl IntoIterator<Item = String>) -> Self {
        let mut listening = Self::default();
        listening.stale.extend(former);
        listening.want(wanted);
        listening
    }

    /// From now on these.
    pub(crate) fn want(&mut self, wanted: Vec<Filter>) {
        let topics: BTreeSet<&str> = wanted.iter().map(|f| f.topic.as_str()).collect();
        let (held, gone) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|(topic, _)| topics.contains(topic.as_str()));
        self.held = held;
        self.stale.extend(gone.into_keys());
        self.stale.retain(|topic| !topics.contains(topic.as_str()));
        self.wanted = wanted;
    }

    /// A session begins; the broker may have forgotten everything, or nothing.
    pub(crate) fn begin(&mut self, kept: bool) {
        let held = std::mem::take(&mut self.held);
        match self.asked.take() {
            Some(Ask::Subscribe(filter)) => self.stale.extend([filter.topic]),
            Some(Ask::Unsubscribe(_)) | None => {}
        }
        self.stale.extend(held.into_keys());
        let wanted = std::mem::take(&mut self.wanted);
        self.want(wanted);
        if !kept {
            self.stale.clear();
        }
    }

    /// Asks the next question, if none is open. False when there is none left.
    pub(crate) fn ask(&mut self, client: &AsyncClient) -> bool {
        if self.asked.is_some() {
            return true;
        }
        let Some(ask) = self.next() else {
            return false;
        };
        let sent = match &ask {
            Ask::Unsubscribe(topic) => client.try_unsubscribe(topic),
            Ask::Subscribe(filter) => client.try_subscribe(&filter.topic, quality(filter)),
        };
        // Without room now it is asked when there is some.
        self.asked = sent.is_ok().then_some(ask);
        true
    }

    fn next(&self) -> Option<Ask> {
        if let Some(topic) = self.stale.first() {
            return Some(Ask::Unsubscribe(topic.clone()));
        }
        let missing = |filter: &&Filter| self.held.get(&filter.topic) != Some(&filter.reliable);
        self.wanted
            .iter()
            .find(missing)
            .cloned()
            .map(Ask::Subscribe)
    }

    /// The broker has answered. Returns what.
    pub(crate) fn answered(&mut self) -> Option<Ask> {
        let ask = self.asked.take()?;
        match &ask {
            Ask::Unsubscribe(topic) => {
                self.stale.remove(topic);
            }
            Ask::Subscribe(filter) => {
                let wanted = self.wanted.iter().any(|f| f.topic == filter.topic);
                if wanted {
                    self.held.insert(filter.topic.clone(), filter.reliable);
                } else {
                    self.stale.insert(filter.topic.clone());
                }
            }
        }
        Some(ask)
    }
}

fn quality(filter: &Filter) -> QoS {
    if filter.reliable {
        QoS::AtLeastOnce
    } else {
        QoS::AtMostOnce
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers everything that is asked, and says what that was.
    fn settle(listening: &mut Listening) -> Vec<String> {
        let mut said = Vec::new();
        while let Some(ask) = listening.next() {
            said.push(match &ask {
                Ask::Unsubscribe(topic) => format!("-{topic}"),
                Ask::Subscribe(filter) => format!("+{}", filter.topic),
            });
            listening.asked = Some(ask);
            listening.answered();
        }
        said
    }

    fn filters(topics: &[&str]) -> Vec<Filter> {
        topics.iter().copied().map(Filter::fleeting).collect()
    }

    #[test]
    fn only_the_difference_is_asked_for() {
        let mut listening = Listening::new(filters(&["a", "b"]), ["x".to_owned(), "a".to_owned()]);
        assert_eq!(settle(&mut listening), ["-x", "+a", "+b"]);
        listening.want(filters(&["b", "c"]));
        assert_eq!(settle(&mut listening), ["-a", "+c"]);
        listening.want(vec![Filter::reliable("b"), Filter::fleeting("c")]);
        assert_eq!(settle(&mut listening), ["+b"], "another quality");
        listening.begin(true);
        assert_eq!(
            settle(&mut listening),
            ["+b", "+c"],
            "it may have forgotten"
        );
    }

    #[test]
    fn what_was_wanted_before_a_cut_is_given_back_after_it() {
        let mut listening = Listening::new(filters(&["a"]), []);
        settle(&mut listening);
        listening.want(filters(&["b"]));
        listening.begin(true);
        assert_eq!(settle(&mut listening), ["-a", "+b"]);
        listening.want(filters(&["c"]));
        listening.begin(false);
        assert_eq!(
            settle(&mut listening),
            ["+c"],
            "a fresh session has nothing"
        );
    }

    #[test]
    fn a_filter_that_is_unwanted_while_it_is_asked_for_is_given_back() {
        let mut listening = Listening::new(filters(&["a"]), []);
        listening.asked = listening.next();
        listening.want(filters(&["b"]));
        listening.answered();
        assert_eq!(settle(&mut listening), ["-a", "+b"]);
    }
}
