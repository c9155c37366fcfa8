//! All kiosks of a shop: their messages in, their commands out.

use super::{
    address::Address,
    board::Witness,
    drive::{News, Place},
    kiosk::{COMMANDS, Kiosk, PageSays},
};
use crate::{shop::Shop, stop::Stop};
use config::{Display, Shell};
use engine::plan::StorePlan;
use link::{Delivery, Filter, Link};
use protocol::{
    id::ScreenId,
    screen::{ScreenAction, ScreenCommand},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::time;

/// What kiosks are listened to for.
const STATES: [&str; 5] = [
    "kiosk/state",
    "display/power/state",
    "display/brightness/state",
    "page_url/state",
    "heartbeat/state",
];
/// How often each kiosk is thought about.
const THOUGHT_EVERY: Duration = Duration::from_secs(1);
/// How long a command to a kiosk is of use.
const OF_USE: Duration = Duration::from_secs(30);

/// All kiosks of a shop.
#[derive(Debug)]
pub struct Kiosks {
    kiosk_by_topic: BTreeMap<String, Stand>,
    born: Instant,
}

/// One of them, as a screen.
#[derive(Debug)]
struct Stand {
    screen: ScreenId,
    page: Address,
    kiosk: Mutex<Kiosk>,
}

impl Kiosks {
    /// Those that `store.toml` names.
    ///
    /// `address` is that of a screen's page, with its key as it is now.
    pub fn new(
        shell: &Shell,
        plan: &StorePlan,
        address: impl Fn(&str, &str) -> String + Clone + Send + Sync + 'static,
    ) -> Self {
        let screens = plan.screens.iter().zip(&shell.screens);
        let kiosks = screens.filter_map(|(screen, display)| match display {
            Display::Touchkio { topic, page } => {
                let (page, name) = (page.clone(), screen.id.clone());
                let address = address.clone();
                let page = Address::by(move || address(&page, name.as_str()));
                let kiosk = Mutex::new(Kiosk::new(page.now()));
                let screen = screen.id.clone();
                let stand = Stand {
                    screen,
                    page,
                    kiosk,
                };
                Some((topic.clone(), stand))
            }
            Display::Page | Display::Anthias { .. } | Display::OpenEpaperLink(_) => None,
        });
        Self {
            kiosk_by_topic: kiosks.collect(),
            born: Instant::now(),
        }
    }

    /// What to listen to.
    pub fn filters(&self) -> Vec<Filter> {
        let topics = self.kiosk_by_topic.keys();
        topics
            .flat_map(|topic| STATES.map(|state| Filter::reliable(format!("{topic}/{state}"))))
            .collect()
    }

    /// Topics at which kiosks are told something.
    pub fn commands(&self) -> impl Iterator<Item = String> {
        let topics = self.kiosk_by_topic.keys();
        topics.flat_map(|topic| COMMANDS.map(|tail| format!("{topic}/{tail}")))
    }

    /// Takes a message if it is a kiosk's.
    pub fn hear(&self, topic: &str, payload: &[u8], retained: bool) -> bool {
        let found = STATES.iter().find_map(|state| {
            let root = topic.strip_suffix(state)?.strip_suffix('/')?;
            Some((self.kiosk_by_topic.get(root)?, *state))
        });
        let Some((stand, state)) = found else {
            return false;
        };
        let mut kiosk = stand.kiosk.lock().unwrap_or_else(PoisonError::into_inner);
        kiosk.hear(self.now(), state, payload, retained);
        true
    }

    fn now(&self) -> u64 {
        self.born.elapsed().as_millis() as u64
    }

    /// Looks after all kiosks until asked to stop.
    pub(super) async fn watch(&self, link: Link, shop: Shop, stop: Stop) {
        for stand in self.kiosk_by_topic.values() {
            shop.displays()
                .install(&stand.screen, "touchkio", Witness::Page);
        }
        let mut tick = time::interval(THOUGHT_EVERY);
        while !self.kiosk_by_topic.is_empty() {
            tokio::select! {
                () = stop.requested() => return,
                _ = tick.tick() => {}
            }
            for (topic, stand) in &self.kiosk_by_topic {
                let place = Place {
                    screen: stand.screen.clone(),
                    shop: shop.clone(),
                };
                if place
                    .tell(self.think(topic, stand, &place, &link))
                    .await
                    .is_err()
                {
                    return;
                }
            }
        }
    }

    fn think(&self, topic: &str, stand: &Stand, place: &Place, link: &Link) -> Vec<News> {
        let now = self.now();
        let board = place.shop.displays();
        let heard = board.page_heard(&place.screen);
        let page = PageSays {
            silent_ms: heard.map(|at| at.elapsed().as_millis() as u64),
            open_clear: board
                .open_order(&place.screen)
                .and_then(|order| clear_of(&order)),
        };
        let mut kiosk = stand.kiosk.lock().unwrap_or_else(PoisonError::into_inner);
        kiosk.show(stand.page.now());
        let mut news = vec![
            News::Dark(kiosk.dark()),
            News::Trouble(kiosk.trouble(now, page)),
        ];
        if let Some(command) = kiosk.commands(now, page) {
            let delivery = Delivery {
                topic: format!("{topic}/{}", command.tail),
                payload: command.payload.into_bytes(),
                retain: false,
                expires_after: Some(OF_USE),
            };
            if link.deliver_newest(delivery).is_err() {
                news.push(News::Failed);
            }
        }
        news
    }
}

fn clear_of(order: &ScreenCommand) -> Option<u64> {
    (order.action == ScreenAction::Clear).then_some(order.revision)
}
