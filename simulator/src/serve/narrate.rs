//! What happens, in plain sentences, and not too many of them.

use crate::world::trade::Sale;
use protocol::carried::Carried;
use std::time::{Duration, Instant};

/// At most this many sentences ...
const SENTENCES: usize = 2;
/// ... in this time.
const WINDOW: Duration = Duration::from_secs(1);
/// What was left unsaid is summed up this often.
const SUM_UP: Duration = Duration::from_secs(20);

/// Says things.
#[derive(Debug)]
pub(super) struct Narrator {
    lines: Vec<String>,
    window: Instant,
    said: usize,
    unsaid: u32,
    summed: Instant,
    came: u32,
    went: u32,
    pictures: u32,
}

impl Default for Narrator {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            window: Instant::now(),
            said: 0,
            unsaid: 0,
            summed: Instant::now(),
            came: 0,
            went: 0,
            pictures: 0,
        }
    }
}

impl Narrator {
    pub(super) fn entered(&mut self, customer: bool, present: usize) {
        self.came += 1;
        let who = if customer { "a customer" } else { "a stranger" };
        self.say(format!("{who} comes in; {present} people are in the shop"));
    }

    pub(super) fn left(&mut self) {
        self.went += 1;
    }

    pub(super) fn sale(&mut self, sale: &Sale) {
        let pieces: i32 = sale.lines.iter().map(|l| l.pieces).sum();
        let card = if sale.card.is_some() {
            ", with a loyalty card"
        } else {
            ""
        };
        self.say(format!("a till closes a basket, {pieces} in it{card}"));
    }

    pub(super) fn voucher(&mut self, line: String) {
        self.say(line);
    }

    pub(super) fn second_thoughts(&mut self, forget: bool) {
        let what = if forget {
            "asks to be forgotten"
        } else {
            "takes consent back"
        };
        self.say(format!("a customer {what}"));
    }

    pub(super) fn painted(&mut self, screen: &str, title: Option<&str>) {
        self.pictures += 1;
        let what = title.unwrap_or("the house loop");
        self.say(format!("screen \"{screen}\" now shows {what}"));
    }

    pub(super) fn carried(&mut self, carried: &Carried) {
        self.say(match (&carried.tag, carried.way) {
            (None, _) => "somebody puts the tag away".to_owned(),
            (Some(_), None) => "somebody takes a tag to calibrate with".to_owned(),
            (Some(_), Some(way)) if way.is_standing() => {
                format!("the tag is held at {:.1} {:.1}", way.to[0], way.to[1])
            }
            (Some(_), Some(way)) => {
                let ([x, y], [to_x, to_y]) = (way.from, way.to);
                format!("the tag is carried from {x:.1} {y:.1} to {to_x:.1} {to_y:.1}")
            }
        });
    }

    pub(super) fn unreadable_command(&mut self, screen: &str) {
        self.say(format!(
            "screen {screen} was sent something that is no command"
        ));
    }

    fn say(&mut self, line: String) {
        if self.window.elapsed() >= WINDOW {
            self.window = Instant::now();
            self.said = 0;
        }
        if self.said < SENTENCES {
            self.said += 1;
            self.lines.push(line);
        } else {
            self.unsaid += 1;
        }
    }

    /// What is to be printed now.
    pub(super) fn take(&mut self) -> Vec<String> {
        if self.summed.elapsed() >= SUM_UP {
            self.summed = Instant::now();
            self.lines.push(format!(
                "in 20 s: {} people came, {} left, {} pictures were painted; {} sentences left unsaid",
                self.came, self.went, self.pictures, self.unsaid
            ));
            (self.came, self.went, self.pictures, self.unsaid) = (0, 0, 0, 0);
        }
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_second_is_told_in_two_sentences() {
        let mut narrator = Narrator::default();
        for present in 0..50 {
            narrator.entered(true, present);
        }
        assert_eq!(narrator.take().len(), 2);
        assert_eq!(narrator.unsaid, 48);
    }
}
