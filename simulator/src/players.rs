//! Screens as they are in life: they paint a little later, repeat themselves,
//! go dark, come back, and now and then refuse.

use crate::chance::Chance;
use engine::plan::{OfferIx, Screen, ScreenIx, StorePlan};
use protocol::screen::{ScreenAction, ScreenCommand, ScreenStatus};

/// From command to glass, ms: a browser's paint, fast to slow.
const PAINT_MS: (f64, f64) = (50.0, 400.0);
/// A player says it is alive at least this often, ms.
const ALIVE_MS: u64 = 10_000;

/// One screen's player.
#[derive(Debug)]
pub struct Player {
    /// Which screen.
    pub screen: ScreenIx,
    alive_every_ms: u64,
    /// Newest revision it has been told.
    newest: u64,
    pending: Option<Pending>,
    /// What is on the glass and until when; nothing means the house loop.
    glass: Option<(OfferIx, u64)>,
    painted: u64,
    alive: bool,
    next_alive_ms: u64,
    /// Probability of refusing a command.
    pub refuses: f64,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    due_ms: u64,
    revision: u64,
    show: Option<(OfferIx, u32)>,
}

/// What a player says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Newest revision painted.
    pub revision: u64,
    /// What happened.
    pub status: ScreenStatus,
}

impl Player {
    /// A player that is about to start.
    pub fn new(ix: ScreenIx, screen: &Screen, chance: &mut Chance) -> Self {
        let alive_every_ms = ALIVE_MS.min(screen.silent_after_ms / 3).max(500);
        Self {
            screen: ix,
            alive_every_ms,
            newest: 0,
            pending: None,
            glass: None,
            painted: 0,
            alive: true,
            next_alive_ms: chance.below(2_000),
            refuses: 0.0,
        }
    }

    /// What people see; `None` for the house loop or a dark screen.
    pub fn glass(&self, now_ms: u64) -> Option<OfferIx> {
        self.glass
            .filter(|(_, until)| self.alive && now_ms < *until)
            .map(|(offer, _)| offer)
    }

    /// Newest revision on the glass since it started.
    pub fn painted(&self) -> u64 {
        self.painted
    }

    /// Whether it runs.
    pub fn is_alive(&self) -> bool {
        self.alive
    }

    /// Takes a command in. What is not newer is not painted again, but
    /// confirmed again: the confirmation may have been lost.
    pub fn command(
        &mut self,
        now_ms: u64,
        plan: &StorePlan,
        command: &ScreenCommand,
        chance: &mut Chance,
    ) {
        if !self.alive || command.revision < self.newest {
            return;
        }
        if command.revision == self.newest {
            self.next_alive_ms = self.next_alive_ms.min(now_ms);
            return;
        }
        self.newest = command.revision;
        let show = match &command.action {
            ScreenAction::Clear => None,
            ScreenAction::Show {
                offer,
                shown_for_ms,
                ..
            } => plan.offer(offer).map(|ix| (ix, *shown_for_ms)),
        };
        // A clear is painted at once: nothing has to be loaded.
        let lag = chance.between(PAINT_MS.0, PAINT_MS.1) / if show.is_none() { 4.0 } else { 1.0 };
        self.pending = Some(Pending {
            due_ms: now_ms + lag as u64,
            revision: command.revision,
            show,
        });
    }

    /// When it does something next.
    pub fn next_due_ms(&self) -> u64 {
        if !self.alive {
            return u64::MAX;
        }
        let paints = self.pending.map_or(u64::MAX, |p| p.due_ms);
        paints.min(self.next_alive_ms)
    }

    /// Does the next thing that is due.
    pub fn step(&mut self, now_ms: u64, chance: &mut Chance) -> Option<Said> {
        if now_ms < self.next_due_ms() {
            return None;
        }
        if let Some(pending) = self.pending.filter(|p| p.due_ms <= now_ms) {
            self.pending = None;
            if pending.show.is_some() && chance.happens(self.refuses) {
                return Some(Said {
                    revision: pending.revision,
                    status: ScreenStatus::Rejected,
                });
            }
            self.painted = pending.revision;
            self.glass = pending
                .show
                .map(|(offer, for_ms)| (offer, now_ms + u64::from(for_ms)));
            return Some(self.say(now_ms, ScreenStatus::Painted));
        }
        let status = if self.painted == 0 && self.newest == 0 {
            ScreenStatus::Hello
        } else {
            ScreenStatus::Alive
        };
        Some(self.say(now_ms, status))
    }

    fn say(&mut self, now_ms: u64, status: ScreenStatus) -> Said {
        self.next_alive_ms = now_ms + self.alive_every_ms;
        Said {
            revision: self.painted,
            status,
        }
    }

    /// Goes dark.
    pub fn die(&mut self) {
        self.alive = false;
        self.pending = None;
        self.glass = None;
    }

    /// Starts again with nothing but the house loop.
    pub fn start(&mut self, now_ms: u64) {
        self.alive = true;
        self.newest = 0;
        self.painted = 0;
        self.next_alive_ms = now_ms + 1;
    }

    /// The link is back: says so.
    pub fn reconnect(&mut self, now_ms: u64) {
        self.next_alive_ms = self.next_alive_ms.min(now_ms + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chance::Concern, small_shop};

    fn show(revision: u64, offer: &str) -> ScreenCommand {
        let plan = small_shop::plan();
        let ix = plan.offer(&offer.parse().unwrap()).unwrap();
        ScreenCommand {
            screen: plan.screens[0].id.clone(),
            revision,
            action: ScreenAction::Show {
                offer: offer.parse().unwrap(),
                creative: plan.offers[ix.at()].creative.clone(),
                shown_for_ms: 5_000,
                code: None,
            },
        }
    }

    fn drain(player: &mut Player, now: u64, chance: &mut Chance) -> Vec<Said> {
        std::iter::from_fn(|| player.step(now, chance)).collect()
    }

    #[test]
    fn a_player_paints_the_newest_confirms_it_and_returns_to_the_house_loop() {
        let plan = small_shop::plan();
        let mut chance = Chance::new(1, Concern::Screens);
        let mut player = Player::new(ScreenIx(0), &plan.screens[0], &mut chance);
        let hello = drain(&mut player, 2_000, &mut chance);
        assert_eq!(hello[0].status, ScreenStatus::Hello);
        player.command(3_000, &plan, &show(7, "milk-in-stock"), &mut chance);
        player.command(3_001, &plan, &show(6, "bread-for-all"), &mut chance);
        assert_eq!(player.glass(3_010), None);
        let said = drain(&mut player, 3_500, &mut chance);
        assert_eq!(
            (said[0].status, said[0].revision),
            (ScreenStatus::Painted, 7)
        );
        let milk = plan.offer(&"milk-in-stock".parse().unwrap());
        assert_eq!(player.glass(3_600), milk);
        assert_eq!(player.glass(8_500), None);
        player.command(8_600, &plan, &show(7, "milk-in-stock"), &mut chance);
        let said = drain(&mut player, 8_600, &mut chance);
        assert_eq!((said[0].status, said[0].revision), (ScreenStatus::Alive, 7));
        assert_eq!(player.glass(8_600), None);
    }

    #[test]
    fn a_dead_player_says_nothing_and_a_new_start_says_hello() {
        let plan = small_shop::plan();
        let mut chance = Chance::new(1, Concern::Screens);
        let mut player = Player::new(ScreenIx(0), &plan.screens[0], &mut chance);
        player.command(0, &plan, &show(7, "milk-in-stock"), &mut chance);
        drain(&mut player, 3_000, &mut chance);
        player.die();
        assert_eq!(drain(&mut player, 60_000, &mut chance), []);
        player.start(60_000);
        let said = drain(&mut player, 60_001, &mut chance);
        assert_eq!((said[0].status, said[0].revision), (ScreenStatus::Hello, 0));
    }
}
