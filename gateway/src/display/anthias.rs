//! A player with Anthias. Its own playlist is its house loop; for an offer our
//! page is put up, paints, and says so itself; afterwards the playlist goes on.
//!
//! ```text
//!   resting --order--> enable > switch > up (sent; acked by the page) --over, clear--> disable > next > check > resting
//! ```
//!
//! Anthias says which asset is current, not that it is on the glass. So it can
//! prove that our page is gone (which confirms a clear), and never that an
//! offer was seen: that only the page can.

mod requests;

use super::{
    BACKOFF,
    address::Address,
    client::{Answer, Failure, Request},
    drive::{Mind, News, Step},
};
use crate::backoff::Backoff;
use protocol::screen::{ScreenAction, ScreenCommand};
use requests::Asset;
use std::collections::VecDeque;

/// Between two looks at a player that has nothing to do for us.
const LOOK_EVERY_MS: u64 = 10_000;
/// Between two looks at one that shows our page.
const WATCH_EVERY_MS: u64 = 5_000;
/// Whether the display is on is asked at every so many looks: it costs the
/// player more.
const LOOKS_PER_INFO: u32 = 6;
/// The player takes this long to change what it shows.
const SWITCHES_MS: u64 = 1_000;
/// Our page has this long to come up, and shows the house loop at the end.
const COMES_UP_MS: u64 = 30_000;
/// Looks in a row that find another asset before the page is taken to be gone.
const MISSES_MAX: u32 = 2;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Resting,
    Create,
    Remove,
    Enable,
    Switch,
    Up,
    Disable,
    Next,
    Check,
    Info,
}

/// The mind of one player.
#[derive(Debug)]
pub(super) struct Anthias {
    name: String,
    page: Address,
    uri: String,
    /// The address before that, whose key was taken back.
    former: Option<String>,
    /// Our page among its assets.
    asset: Option<String>,
    /// The same page again, from an earlier life or with a key of before.
    copies: VecDeque<String>,
    /// Until when our page is to be up; `None` when it is to be off.
    up_until: Option<u64>,
    /// The newest order, and whether it is a clear that is not confirmed yet.
    revision: u64,
    is_clear_open: bool,
    /// The newest clear that was confirmed.
    cleared: u64,
    stage: Stage,
    next: u64,
    /// Why the display shows nothing, as far as it said.
    dark: Option<&'static str>,
    misses: u32,
    looks: u32,
    backoff: Backoff,
    news: Vec<News>,
}

impl Anthias {
    /// Is to show the page at this address.
    pub(super) fn new(name: String, page: Address) -> Self {
        Self {
            name,
            uri: page.now(),
            page,
            former: None,
            asset: None,
            copies: VecDeque::new(),
            up_until: None,
            revision: 0,
            is_clear_open: false,
            cleared: 0,
            stage: Stage::Resting,
            next: 0,
            dark: None,
            misses: 0,
            looks: 0,
            backoff: BACKOFF,
            news: Vec::new(),
        }
    }

    fn go(&mut self, stage: Stage, at: u64) {
        self.stage = stage;
        self.next = at;
    }

    /// Looks whether the key of our page is still the same; if not, the player has no
    /// page of ours yet.
    fn look_up(&mut self) {
        let uri = self.page.now();
        if uri != self.uri {
            self.former = Some(std::mem::replace(&mut self.uri, uri));
            self.asset = None;
        }
    }

    fn request(&self) -> Request {
        let id = self.asset.as_deref().unwrap_or_default();
        match self.stage {
            Stage::Resting => requests::list(),
            Stage::Create => requests::create(&self.name, &self.uri),
            Stage::Remove => requests::remove(self.copies.front().map_or("", |c| c)),
            Stage::Enable => requests::enable(id, true),
            Stage::Switch => requests::switch_to(id),
            Stage::Up | Stage::Check => requests::current(),
            Stage::Disable => requests::enable(id, false),
            Stage::Next => requests::next(),
            Stage::Info => requests::info(),
        }
    }

    /// What is to be done about our page, now that it is known.
    fn proceed(&mut self, now: u64, is_enabled: bool) {
        let wanted = if self.up_until.is_some() {
            Stage::Enable
        } else if is_enabled || self.is_clear_open {
            Stage::Disable
        } else {
            return self.rest(now);
        };
        self.go(wanted, now);
    }

    fn rest(&mut self, now: u64) {
        self.backoff.reset();
        self.news.push(News::Trouble(None));
        self.news.push(News::Alive(self.cleared));
        self.looks += 1;
        if self.looks % LOOKS_PER_INFO == 1 {
            self.go(Stage::Info, now);
        } else {
            self.go(Stage::Resting, now + LOOK_EVERY_MS);
        }
    }

    /// Our page is surely off.
    fn settle(&mut self, now: u64) {
        if std::mem::take(&mut self.is_clear_open) {
            self.cleared = self.revision;
            self.news.push(News::Painted(self.revision));
        }
        self.go(Stage::Resting, now + SWITCHES_MS);
    }

    fn listed(&mut self, now: u64, assets: Vec<Asset>) {
        let (former, others): (Vec<Asset>, Vec<Asset>) = assets
            .into_iter()
            .partition(|a| Some(&a.uri) == self.former.as_ref());
        let mut ours = others.into_iter().filter(|a| a.uri == self.uri);
        let first = ours.next();
        self.copies = ours.chain(former).map(|a| a.id).collect();
        let is_enabled = first.as_ref().is_some_and(|a| a.is_enabled);
        self.asset = first.map(|a| a.id);
        if !self.copies.is_empty() {
            self.go(Stage::Remove, now);
        } else if self.asset.is_none() {
            self.go(Stage::Create, now);
        } else {
            self.proceed(now, is_enabled);
        }
    }

    /// Which asset is current, while our page should be up.
    fn watched(&mut self, now: u64, is_ours: bool) {
        self.misses = if is_ours { 0 } else { self.misses + 1 };
        if self.misses < MISSES_MAX {
            return self.go(Stage::Up, now + WATCH_EVERY_MS);
        }
        self.misses = 0;
        self.news.push(News::Lost);
        self.news.push(News::Trouble(Some(
            "the player left our page for another asset",
        )));
        let wait = self.backoff.next_ms();
        self.go(Stage::Enable, now + wait);
    }

    fn failed(&mut self, now: u64, trouble: &'static str) {
        self.news.push(News::Failed);
        self.news.push(News::Trouble(Some(trouble)));
        self.next = now + self.backoff.next_ms();
    }

    fn succeeded(&mut self, now: u64, answer: &Answer) {
        let assets = || requests::assets(answer);
        let garbage = "the player's answer is none of Anthias";
        match self.stage {
            Stage::Resting => match assets() {
                Some(assets) => self.listed(now, assets),
                None => self.failed(now, garbage),
            },
            Stage::Create => match assets().and_then(|mut a| a.pop()) {
                Some(asset) => {
                    self.asset = Some(asset.id);
                    self.proceed(now, false);
                }
                None => self.failed(now, garbage),
            },
            Stage::Remove => {
                self.copies.pop_front();
                let next = if self.copies.is_empty() {
                    Stage::Resting
                } else {
                    Stage::Remove
                };
                self.go(next, now);
            }
            Stage::Enable => self.go(Stage::Switch, now),
            Stage::Switch => {
                self.news.push(News::Sent(self.revision));
                self.go(Stage::Up, now + WATCH_EVERY_MS);
            }
            Stage::Disable => self.go(Stage::Next, now),
            Stage::Next => self.go(Stage::Check, now + SWITCHES_MS),
            Stage::Up | Stage::Check => {
                let current = assets().unwrap_or_default();
                let is_ours = current.iter().any(|a| Some(&a.id) == self.asset.as_ref());
                match self.stage {
                    Stage::Up => self.watched(now, is_ours),
                    _ if is_ours => {
                        let wait = self.backoff.next_ms();
                        self.go(Stage::Next, now + wait);
                    }
                    _ => self.settle(now),
                }
            }
            Stage::Info => {
                let dark = requests::dark(answer);
                if std::mem::replace(&mut self.dark, dark) != dark {
                    self.news.push(News::Dark(dark));
                }
                self.go(Stage::Resting, now + LOOK_EVERY_MS);
            }
        }
    }
}

impl Mind for Anthias {
    fn order(&mut self, now: u64, order: &ScreenCommand) -> bool {
        if order.revision <= self.revision {
            if order.revision == self.cleared {
                self.news.push(News::Painted(order.revision));
            }
            return false;
        }
        self.revision = order.revision;
        self.backoff.reset();
        self.misses = 0;
        self.up_until = match &order.action {
            ScreenAction::Clear => None,
            ScreenAction::Show { shown_for_ms, .. } => {
                Some(now + COMES_UP_MS + u64::from(*shown_for_ms))
            }
        };
        self.is_clear_open = self.up_until.is_none();
        self.look_up();
        let stage = match (&self.asset, self.up_until) {
            (None, _) => Stage::Resting,
            (Some(_), Some(_)) => Stage::Enable,
            (Some(_), None) => Stage::Disable,
        };
        self.go(stage, now);
        true
    }

    fn step(&mut self, now: u64) -> Step {
        if self.up_until.is_some_and(|until| now >= until) {
            self.up_until = None;
            self.go(Stage::Disable, now);
        }
        if now < self.next {
            let until = self.up_until.unwrap_or(u64::MAX);
            return Step::Wait(self.next.min(until));
        }
        if self.stage == Stage::Resting {
            self.look_up();
        }
        Step::Ask(self.request())
    }

    fn answered(&mut self, now: u64, answer: Result<Answer, Failure>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Overtaken) => return,
            Err(_) => return self.failed(now, "the player cannot be reached"),
        };
        match (answer.status, self.stage) {
            (200..=299, _) | (404, Stage::Remove) => self.succeeded(now, &answer),
            // Without a password it leads to its sign-in page.
            (301..=303 | 307 | 401 | 403, _) => {
                self.failed(now, "the player asks for another user name or password");
            }
            // It has lost its assets, or somebody removed ours.
            (404, Stage::Enable | Stage::Disable) => {
                self.asset = None;
                self.go(Stage::Resting, now);
            }
            // An older Anthias does not say; then being out of the rotation must do.
            (404, Stage::Check) => self.settle(now),
            (404, Stage::Up) => self.go(Stage::Up, now + WATCH_EVERY_MS),
            (404, Stage::Info) => self.go(Stage::Resting, now + LOOK_EVERY_MS),
            (400, _) => self.failed(now, "the player refused what it was asked"),
            _ => self.failed(now, "the player failed"),
        }
    }

    fn news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }
}
