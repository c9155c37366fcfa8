//! Minds of displays against real servers that behave, and fail, as the real
//! ones do. Sockets are real, time is not: nothing sleeps.

mod anthias;
mod tag;

use super::{
    client::Client,
    drive::{Mind, News, Step},
    label::Printer,
};
use protocol::{
    id::ScreenId,
    screen::{Creative, CreativeText, ScreenAction, ScreenCommand},
};

/// Where Debian's fonts-dejavu-core puts it.
const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";

/// A printer of labels; `None` where `cargo suite` said that the font is missing.
pub(super) fn printer(width: u16, height: u16) -> Option<Printer> {
    let font = tests::house::tool(FONT)?;
    Some(Printer::new(&font, width, height).unwrap())
}

pub(super) fn screen() -> ScreenId {
    "till".parse().unwrap()
}

pub(super) fn creative(headline: &str) -> Creative {
    Creative {
        texts: vec![CreativeText {
            language: "vi".to_owned(),
            headline: headline.to_owned(),
            body: String::new(),
        }],
        price: Some("29.000 ₫".to_owned()),
        price_before: Some("36.000 ₫".to_owned()),
        badge: Some("-20%".to_owned()),
        image: None,
        colour: "#0b5d4e".to_owned(),
    }
}

pub(super) fn show_words(revision: u64, headline: &str) -> ScreenCommand {
    ScreenCommand {
        screen: screen(),
        revision,
        action: ScreenAction::Show {
            offer: "milk".parse().unwrap(),
            creative: creative(headline),
            shown_for_ms: 1_800_000,
            code: None,
        },
    }
}

pub(super) fn show(revision: u64) -> ScreenCommand {
    show_words(revision, "Sữa tươi giảm giá")
}

pub(super) fn clear(revision: u64) -> ScreenCommand {
    ScreenCommand {
        screen: screen(),
        revision,
        action: ScreenAction::Clear,
    }
}

/// A mind, its server, and a clock that a test moves.
struct Bench<M> {
    mind: M,
    client: Client,
    now: u64,
    /// All news but signs of life, and trouble only when it changes.
    told: Vec<News>,
    trouble: Option<&'static str>,
    lives: u32,
}

impl<M: Mind> Bench<M> {
    fn new(mind: M, client: Client) -> Self {
        Self {
            mind,
            client,
            now: 0,
            told: Vec::new(),
            trouble: None,
            lives: 0,
        }
    }

    fn order(&mut self, order: &ScreenCommand) {
        self.mind.order(self.now, order);
        self.note();
    }

    fn note(&mut self) {
        for news in self.mind.news() {
            match news {
                News::Alive(_) => self.lives += 1,
                News::Trouble(trouble) => self.trouble = trouble,
                news => self.told.push(news),
            }
        }
    }

    /// Lets so many seconds pass, asking whatever is due.
    async fn pass(&mut self, seconds: u64) {
        let end = self.now + seconds * 1_000;
        loop {
            match self.mind.step(self.now) {
                Step::Wait(until) if until > end => break,
                Step::Wait(until) => self.now = until.max(self.now),
                Step::Ask(request) => {
                    let answer = self.client.ask(request).await;
                    self.mind.answered(self.now, answer);
                    self.note();
                }
            }
        }
        self.now = end;
    }

    /// What was told since the last call, without failures.
    fn news(&mut self) -> Vec<News> {
        let told = std::mem::take(&mut self.told);
        told.into_iter().filter(|n| *n != News::Failed).collect()
    }
}
