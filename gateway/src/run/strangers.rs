//! Scanners and screens that speak and that the shop's files do not have.

use std::collections::VecDeque;

/// Most that are listed: an operator adds them one by one.
const LISTED_MAX: usize = 16;

/// Their names, newest first.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    names: VecDeque<String>,
}

impl Strangers {
    /// One of them has spoken.
    pub(super) fn note(&mut self, name: String) {
        if self.names.front() == Some(&name) {
            return;
        }
        self.names.retain(|known| *known != name);
        self.names.push_front(name);
        self.names.truncate(LISTED_MAX);
    }

    /// The list as it is now.
    pub(super) fn newest_first(&self) -> Vec<String> {
        self.names.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_listed_once_and_only_the_newest() {
        let mut strangers = Strangers::default();
        for n in (0..40).chain([30]) {
            strangers.note(n.to_string());
        }
        let listed = strangers.newest_first();
        assert_eq!(listed.len(), LISTED_MAX);
        assert_eq!(listed[..3], ["30", "39", "38"]);
    }
}
