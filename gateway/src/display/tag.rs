//! An e-paper tag behind an access point of `OpenEPaperLink`.
//!
//! The access point takes a picture at once and the tag fetches it minutes
//! later, when it next asks. So an answer to an upload proves nothing about the
//! glass. What does is the access point's record of the tag: nothing is left
//! for it to fetch, it has fetched more often than before our upload, and its
//! hash has changed; then it draws.
//!
//! ```text
//!           other picture wanted                    taken                       fetched
//!   resting -------------------> cancel > base > upload ----> waiting (sent) ----------> resting (acked)
//!      ^                           ^                            | lost, 20 min              |
//!      |                           +----------------------------+                           |
//!      +---- looks every half minute: is it still there? <----------------------------------+
//! ```
//!
//! Nothing is uploaded that the tag already shows, also after a restart.

mod memory;
mod record;
mod requests;

pub(super) use memory::Memory;

use super::{
    BACKOFF,
    client::{Answer, Failure},
    drive::{Mind, News, Step},
    label::{Label, Printer},
};
use crate::backoff::Backoff;
use memory::Glass;
use protocol::screen::{ScreenAction, ScreenCommand};
use record::Record;

/// Between two looks at a tag that has what it should.
const LOOK_EVERY_MS: u64 = 30_000;
/// Between two looks at one that is to fetch something.
const WAIT_LOOK_MS: u64 = 10_000;
/// From fetching to the picture being there: a colour tag flickers that long.
const DRAWS_MS: u64 = 25_000;
/// An upload that was not fetched by then is made again: tags that are near
/// ask every ten minutes at the latest, and miss now and then.
const FETCH_MAX_MS: u64 = 1_200_000;
/// A tag that has not asked for so long has an empty battery or is away.
const AWAY_MS: u64 = 2_700_000;
/// After its time a picture is left this long, in case the next is on its way:
/// a house picture in between would cost battery.
const GRACE_MS: u64 = 5_000;

/// What is to be on the glass.
#[derive(Debug, Clone)]
struct Wanted {
    revision: u64,
    label: Label,
    /// For how long, for an offer.
    shown_for_ms: Option<u32>,
    /// Whether the engine was told that it is there.
    is_told: bool,
}

/// An upload that was taken.
#[derive(Debug, Clone)]
struct Upload {
    digest: String,
    before: Record,
    since: u64,
    /// Whether it was said that it was taken.
    is_said: bool,
    /// Its name on the access point, once it was seen there.
    file: Option<String>,
}

#[derive(Debug, Clone)]
enum Phase {
    Resting,
    Cancel,
    Base,
    Upload(Record),
    Waiting(Upload),
}

/// The mind of one tag.
#[derive(Debug)]
pub(super) struct Tag {
    mac: String,
    printer: Printer,
    memory: Memory,
    house: Label,
    wanted: Wanted,
    glass: Option<Glass>,
    /// The order that is on the glass; 0 for none of this start.
    shown: u64,
    /// The glass is still changing until then.
    drawn_at: u64,
    /// When the offer on the glass is over.
    over_at: Option<u64>,
    phase: Phase,
    next: u64,
    /// The newest sign of life on the access point's clock, and since when it is.
    asked: (u64, u64),
    backoff: Backoff,
    /// Why the newest order could not be set as a label, if it could not.
    unprintable: Option<&'static str>,
    news: Vec<News>,
}

impl Tag {
    /// Begins with the house picture.
    pub(super) fn new(mac: String, printer: Printer, house: Label, memory: Memory) -> Self {
        Self {
            mac,
            printer,
            wanted: Wanted {
                revision: 0,
                label: house.clone(),
                shown_for_ms: None,
                is_told: true,
            },
            house,
            glass: memory.recall(),
            memory,
            shown: 0,
            drawn_at: 0,
            over_at: None,
            phase: Phase::Resting,
            next: 0,
            asked: (0, 0),
            backoff: BACKOFF,
            unprintable: None,
            news: Vec::new(),
        }
    }

    fn want(&mut self, now: u64, wanted: Wanted) {
        self.wanted = wanted;
        self.over_at = None;
        self.next = now;
        self.phase = match &self.phase {
            // It may be there already, or on its way: then nothing is uploaded.
            Phase::Resting => Phase::Resting,
            Phase::Waiting(upload) if upload.digest == self.wanted.label.digest => return,
            _ => Phase::Cancel,
        };
    }

    /// The offer on the glass is over, and nothing came instead.
    fn end_offer(&mut self, now: u64) {
        let house = Wanted {
            revision: self.wanted.revision,
            label: self.house.clone(),
            shown_for_ms: None,
            is_told: true,
        };
        self.want(now, house);
    }

    fn shows_wanted(&self) -> bool {
        let shown = self.glass.as_ref().map(|g| &g.digest);
        shown == Some(&self.wanted.label.digest)
    }

    fn looked(&mut self, now: u64, record: Record) {
        if record.lastseen != self.asked.0 {
            self.asked = (record.lastseen, now);
        }
        match std::mem::replace(&mut self.phase, Phase::Resting) {
            Phase::Base => self.phase = Phase::Upload(record),
            Phase::Waiting(upload) => self.waited(now, upload, record),
            Phase::Resting | Phase::Cancel | Phase::Upload(_) => self.rested(now, &record),
        }
    }

    fn rested(&mut self, now: u64, record: &Record) {
        if self.glass.as_ref().is_some_and(|g| g.hash != record.hash) {
            // Somebody else uploaded something, or the tag has restarted.
            self.glass_is(None);
            if std::mem::take(&mut self.shown) > 0 {
                self.news.push(News::Lost);
            }
        }
        if !self.shows_wanted() {
            self.phase = Phase::Cancel;
            return;
        }
        self.next = now + LOOK_EVERY_MS;
        if now < self.drawn_at {
            self.next = self.next.min(self.drawn_at);
        } else if !self.wanted.is_told {
            self.wanted.is_told = true;
            self.shown = self.wanted.revision;
            let offer_ms = self.wanted.shown_for_ms.map(u64::from);
            self.over_at = offer_ms.map(|ms| now + ms + GRACE_MS);
            self.news.push(News::Painted(self.wanted.revision));
        }
        self.tell_life(now);
    }

    fn waited(&mut self, now: u64, mut upload: Upload, record: Record) {
        let file = record.file();
        let is_replaced = match &upload.file {
            Some(known) => *known != file,
            None => upload.before.file() == file,
        };
        let forgot = record.updatecount < upload.before.updatecount;
        if is_replaced || forgot || now - upload.since > FETCH_MAX_MS {
            // Lost in a restart, replaced by somebody else, or never fetched.
            self.news.push(News::Trouble(Some(
                "the access point lost the picture, or the tag did not fetch it",
            )));
            return self.again(now);
        }
        if upload.file.is_none() {
            upload.file = Some(file);
            if !std::mem::replace(&mut upload.is_said, true) {
                self.news.push(News::Sent(self.wanted.revision));
            }
        }
        if let Some(draws_ms) = self.fetched(&upload, &record) {
            self.drawn_at = now + draws_ms;
            self.glass_is(Some(Glass {
                digest: upload.digest,
                hash: record.hash.clone(),
            }));
            self.shown = 0;
            self.phase = Phase::Resting;
            self.rested(now, &record);
            return;
        }
        self.phase = Phase::Waiting(upload);
        self.next = now + WAIT_LOOK_MS;
        self.tell_life(now);
    }

    /// Whether the tag has what was uploaded, and how long it then draws, ms.
    fn fetched(&self, upload: &Upload, record: &Record) -> Option<u64> {
        let before = &upload.before;
        if !record.is_drawn() || record.pending > 0 {
            return None;
        }
        let had_it = self.glass.as_ref().is_some_and(|glass| {
            glass.digest == upload.digest && glass.hash == record.hash && before.pending == 0
        });
        // What was left to fetch before counts, too, when it is fetched.
        let counted = record.updatecount > before.updatecount + before.pending;
        if had_it {
            Some(0)
        } else {
            (counted && record.hash != before.hash).then_some(DRAWS_MS)
        }
    }

    /// Says what is on the glass, if the tag itself was heard of lately.
    fn tell_life(&mut self, now: u64) {
        if now - self.asked.1 > AWAY_MS {
            let away = "the tag has not asked its access point for 45 minutes";
            self.news.push(News::Trouble(Some(away)));
        } else {
            self.backoff.reset();
            self.news.push(News::Trouble(self.unprintable));
            self.news.push(News::Alive(self.shown));
        }
    }

    fn glass_is(&mut self, glass: Option<Glass>) {
        if let Err(error) = self.memory.keep(glass.as_ref()) {
            tracing::warn!(%error, "what a label shows cannot be kept: a restart will draw it again");
        }
        self.glass = glass;
    }

    fn again(&mut self, now: u64) {
        self.phase = Phase::Cancel;
        self.next = now + self.backoff.next_ms();
    }

    fn failed(&mut self, now: u64, trouble: &'static str) {
        self.news.push(News::Failed);
        self.news.push(News::Trouble(Some(trouble)));
        self.next = now + self.backoff.next_ms();
        if matches!(self.phase, Phase::Upload(_)) {
            // By then the record is another.
            self.phase = Phase::Base;
        }
    }

    fn unknown(&mut self, now: u64) {
        self.failed(now, "the access point does not know this tag");
        if !self.wanted.is_told && self.wanted.shown_for_ms.is_some() {
            self.news.push(News::Rejected(self.wanted.revision));
            self.wanted.is_told = true;
        }
    }

    fn uploaded(&mut self, now: u64, before: Record, answer: &Answer) {
        let text = answer.text();
        match (answer.status, text.trim()) {
            // Some firmware answers with nothing: then the record must tell.
            (200, "" | "Ok, saved") => {
                self.backoff.reset();
                if !text.is_empty() {
                    self.news.push(News::Sent(self.wanted.revision));
                }
                self.phase = Phase::Waiting(Upload {
                    digest: self.wanted.label.digest.clone(),
                    before,
                    since: now,
                    is_said: !text.is_empty(),
                    file: None,
                });
                self.next = now + WAIT_LOOK_MS / 2;
            }
            (400, "mac not found") => self.unknown(now),
            (409, _) => self.failed(now, "the access point is busy"),
            (200, _) => self.failed(now, "the access point answered 200 with an error"),
            _ => self.failed(now, "the access point refused the picture"),
        }
    }
}

impl Mind for Tag {
    fn order(&mut self, now: u64, order: &ScreenCommand) -> bool {
        let revision = order.revision;
        if revision <= self.wanted.revision {
            if revision == self.wanted.revision && revision == self.shown {
                self.news.push(News::Painted(revision));
            }
            return false;
        }
        let (label, shown_for_ms) = match &order.action {
            ScreenAction::Clear => (self.house.clone(), None),
            ScreenAction::Show {
                creative,
                shown_for_ms,
                ..
            } => match self.printer.print(creative) {
                Ok(label) => {
                    self.unprintable = None;
                    (label, Some(*shown_for_ms))
                }
                Err(why) => {
                    self.unprintable = Some(why.words());
                    self.news.push(News::Trouble(self.unprintable));
                    self.news.push(News::Rejected(revision));
                    return false;
                }
            },
        };
        let wanted = Wanted {
            revision,
            label,
            shown_for_ms,
            is_told: false,
        };
        self.want(now, wanted);
        true
    }

    fn step(&mut self, now: u64) -> Step {
        if self.over_at.is_some_and(|over| now >= over) {
            self.end_offer(now);
        }
        if now < self.next {
            return Step::Wait(self.over_at.map_or(self.next, |over| over.min(self.next)));
        }
        Step::Ask(match &self.phase {
            Phase::Resting | Phase::Base | Phase::Waiting(_) => requests::look(&self.mac),
            Phase::Cancel => requests::cancel(&self.mac),
            Phase::Upload(_) => requests::upload(&self.mac, &self.wanted.label.jpeg),
        })
    }

    fn answered(&mut self, now: u64, answer: Result<Answer, Failure>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Overtaken) => return,
            Err(_) => return self.failed(now, "the access point cannot be reached"),
        };
        match &self.phase {
            Phase::Upload(before) => self.uploaded(now, before.clone(), &answer),
            Phase::Cancel => match answer.status {
                200 if answer.text().trim() == "Ok, done" => self.phase = Phase::Base,
                400 => self.unknown(now),
                _ => self.failed(now, "the access point did not cancel what is waiting"),
            },
            Phase::Resting | Phase::Base | Phase::Waiting(_) => {
                match Record::find(&answer.body, &self.mac) {
                    Ok(Some(record)) if answer.is_success() => self.looked(now, record),
                    Ok(None) => self.unknown(now),
                    _ => self.failed(now, "the access point's answer is none"),
                }
            }
        }
    }

    fn news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }
}
