//! What every display was told last, and what is proven about it.

use engine::plan::StorePlan;
use protocol::{
    id::ScreenId,
    screen::{ScreenAction, ScreenCommand, ScreenStatus},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};
use tokio::sync::watch;

/// What is known about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// It is on the glass by the display's own word.
    Acked,
    /// The display, or what stands before it, has taken it.
    Sent,
    /// Nothing.
    #[default]
    Unknown,
}

impl Evidence {
    /// Every one, strongest first.
    pub const ALL: [Self; 3] = [Self::Acked, Self::Sent, Self::Unknown];

    /// The word for it in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Acked => "acked",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
        }
    }
}

/// One display as the console sees it. Names, numbers and our own sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisplayStatus {
    /// Which screen.
    pub screen: ScreenId,
    /// How it is driven, as in `store.toml`.
    pub display: &'static str,
    /// What is known about its newest order.
    pub evidence: Evidence,
    /// Why the glass shows nothing, if it is known to.
    pub dark: Option<&'static str>,
    /// What was last wrong with it, if something is.
    pub trouble: Option<&'static str>,
    /// Pictures ordered.
    pub pictures: u64,
    /// Pictures proven on the glass.
    pub proven: u64,
    /// Pictures replaced or ended without a proof: nobody is counted to have
    /// seen them.
    pub unproven: u64,
    /// Requests that it refused or did not answer.
    pub failed: u64,
    /// Reports not believed: the glass was dark, or nobody should report for it.
    pub disbelieved: u64,
}

/// Who may say that a picture is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Witness {
    /// A page in a browser.
    Page,
    /// Only the adapter.
    Adapter,
}

/// All displays. One lock, held for moments.
#[derive(Debug, Default)]
pub struct Board(Mutex<BTreeMap<ScreenId, Place>>);

#[derive(Debug)]
struct Place {
    status: DisplayStatus,
    witness: Witness,
    orders: watch::Sender<Option<ScreenCommand>>,
    page_heard: Option<Instant>,
}

impl Place {
    fn new(screen: ScreenId) -> Self {
        Self {
            status: DisplayStatus {
                screen,
                display: config::Display::Page.name(),
                evidence: Evidence::Unknown,
                dark: None,
                trouble: None,
                pictures: 0,
                proven: 0,
                unproven: 0,
                failed: 0,
                disbelieved: 0,
            },
            witness: Witness::Page,
            orders: watch::Sender::new(None),
            page_heard: None,
        }
    }

    /// Whether the newest order is this one, and whether it is a picture.
    fn newest(&self, revision: u64) -> Option<bool> {
        let order = self.orders.borrow();
        let order = order.as_ref().filter(|order| order.revision == revision)?;
        Some(is_picture(order))
    }

    fn prove(&mut self, revision: u64) {
        let Some(is_picture) = self.newest(revision) else {
            return;
        };
        if self.status.evidence != Evidence::Acked {
            self.status.evidence = Evidence::Acked;
            self.status.proven += u64::from(is_picture);
        }
    }
}

fn is_picture(order: &ScreenCommand) -> bool {
    matches!(order.action, ScreenAction::Show { .. })
}

impl Board {
    fn places(&self) -> MutexGuard<'_, BTreeMap<ScreenId, Place>> {
        // Nothing panics while holding it, and if it did a count would be off by one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, screen: &ScreenId, act: impl FnOnce(&mut Place) -> T) -> T {
        let mut places = self.places();
        if !places.contains_key(screen) {
            places.insert(screen.clone(), Place::new(screen.clone()));
        }
        act(places
            .get_mut(screen)
            .expect("it is there or was just put there"))
    }

    /// Says how a screen is driven, and gives its orders: always the newest.
    pub(crate) fn install(
        &self,
        screen: &ScreenId,
        display: &'static str,
        witness: Witness,
    ) -> watch::Receiver<Option<ScreenCommand>> {
        self.with(screen, |place| {
            place.status.display = display;
            place.witness = witness;
            place.orders.subscribe()
        })
    }

    /// The engine orders. The same order may come several times.
    pub fn order(&self, command: &ScreenCommand) {
        self.with(&command.screen, |place| {
            if place.newest(command.revision).is_none() {
                let before = place.orders.borrow().as_ref().is_some_and(is_picture);
                let is_unproven = before && place.status.evidence != Evidence::Acked;
                place.status.unproven += u64::from(is_unproven);
                place.status.pictures += u64::from(is_picture(command));
                place.status.evidence = Evidence::Unknown;
            }
            place.orders.send_replace(Some(command.clone()));
        });
    }

    /// A page reports for a screen. Whether it is believed.
    pub fn believes(&self, screen: &ScreenId, status: ScreenStatus, revision: u64) -> bool {
        self.with(screen, |place| {
            place.page_heard = Some(Instant::now());
            // A page that says hello or refuses claims no picture.
            let claims = matches!(status, ScreenStatus::Painted | ScreenStatus::Alive);
            if place.witness == Witness::Adapter || (claims && place.status.dark.is_some()) {
                place.status.disbelieved += 1;
                return false;
            }
            if claims && revision > 0 {
                place.prove(revision);
            }
            true
        })
    }

    /// When a page last reported for a screen.
    pub(crate) fn page_heard(&self, screen: &ScreenId) -> Option<Instant> {
        self.with(screen, |place| place.page_heard)
    }

    /// The newest order of a screen that is not proven yet, if any.
    pub(crate) fn open_order(&self, screen: &ScreenId) -> Option<ScreenCommand> {
        self.with(screen, |place| {
            let is_open = place.status.evidence != Evidence::Acked;
            place.orders.borrow().clone().filter(|_| is_open)
        })
    }

    /// The display's side has taken an order.
    pub(crate) fn sent(&self, screen: &ScreenId, revision: u64) {
        self.with(screen, |place| {
            let is_news = place.status.evidence == Evidence::Unknown;
            if is_news && place.newest(revision).is_some() {
                place.status.evidence = Evidence::Sent;
            }
        });
    }

    /// The display's side proved an order.
    pub(crate) fn prove(&self, screen: &ScreenId, revision: u64) {
        self.with(screen, |place| place.prove(revision));
    }

    /// Nothing is known any more about what is on the glass.
    pub(crate) fn doubt(&self, screen: &ScreenId) {
        self.with(screen, |place| place.status.evidence = Evidence::Unknown);
    }

    /// A request failed.
    pub(crate) fn fail(&self, screen: &ScreenId) {
        self.with(screen, |place| place.status.failed += 1);
    }

    /// What is wrong with it, or nothing.
    pub(crate) fn trouble(&self, screen: &ScreenId, trouble: Option<&'static str>) {
        self.with(screen, |place| place.status.trouble = trouble);
    }

    /// The glass is known to show nothing, for this reason, or is no longer.
    /// Whether that is news.
    pub(crate) fn darken(&self, screen: &ScreenId, dark: Option<&'static str>) -> bool {
        self.with(screen, |place| {
            let is_news = place.status.dark.is_some() != dark.is_some();
            place.status.dark = dark;
            if dark.is_some() {
                place.status.evidence = Evidence::Unknown;
            }
            is_news
        })
    }

    /// Every display, in the order of the plan.
    pub fn statuses(&self, plan: &StorePlan) -> Vec<DisplayStatus> {
        let screens = plan.screens.iter();
        screens
            .map(|screen| self.with(&screen.id, |place| place.status.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::tests::{clear, screen, show};

    fn status(board: &Board) -> DisplayStatus {
        board.with(&screen(), |place| place.status.clone())
    }

    #[test]
    fn only_the_newest_order_is_proven_and_only_once() {
        let board = Board::default();
        board.order(&show(5));
        board.order(&show(5));
        assert!(board.believes(&screen(), ScreenStatus::Painted, 4));
        assert_eq!(status(&board).evidence, Evidence::Unknown);
        board.sent(&screen(), 5);
        assert_eq!(status(&board).evidence, Evidence::Sent);
        assert!(board.believes(&screen(), ScreenStatus::Painted, 5));
        assert!(board.believes(&screen(), ScreenStatus::Alive, 5));
        board.sent(&screen(), 5);
        let seen = status(&board);
        assert_eq!(seen.evidence, Evidence::Acked);
        assert_eq!((seen.pictures, seen.proven, seen.unproven), (1, 1, 0));
    }

    #[test]
    fn a_picture_that_is_replaced_without_a_proof_is_counted_apart() {
        let board = Board::default();
        board.order(&show(5));
        board.sent(&screen(), 5);
        board.order(&clear(6));
        board.prove(&screen(), 6);
        let seen = status(&board);
        assert_eq!((seen.pictures, seen.proven, seen.unproven), (1, 0, 1));
        assert_eq!(seen.evidence, Evidence::Acked);
    }

    #[test]
    fn a_page_behind_a_dark_glass_is_not_believed() {
        let board = Board::default();
        board.order(&show(5));
        assert!(board.darken(&screen(), Some("off")));
        assert!(!board.darken(&screen(), Some("minimised")));
        for claim in [ScreenStatus::Painted, ScreenStatus::Alive] {
            assert!(!board.believes(&screen(), claim, 5));
        }
        assert!(board.believes(&screen(), ScreenStatus::Hello, 0));
        let seen = status(&board);
        assert_eq!((seen.proven, seen.disbelieved), (0, 2));
        assert!(board.darken(&screen(), None));
        assert!(board.believes(&screen(), ScreenStatus::Painted, 5));
    }

    #[test]
    fn nobody_reports_for_a_display_that_has_no_page() {
        let board = Board::default();
        board.install(&screen(), "open-epaper-link", Witness::Adapter);
        board.order(&show(5));
        assert!(!board.believes(&screen(), ScreenStatus::Painted, 5));
        assert_eq!(status(&board).evidence, Evidence::Unknown);
    }

    #[test]
    fn orders_are_always_the_newest() {
        let board = Board::default();
        let orders = board.install(&screen(), "anthias", Witness::Page);
        board.order(&show(5));
        board.order(&clear(6));
        assert_eq!(*orders.borrow(), Some(clear(6)));
    }
}
