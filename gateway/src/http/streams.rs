//! Server-sent events: bounded in number, and over when the gateway stops.

use super::{
    reply::Refusal,
    shares::{Full, Share, Shares},
};
use crate::stop::Stop;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use std::{collections::VecDeque, convert::Infallible, future::Future, time::Duration};

/// Silence after which a stream says that it is still there. As an event and
/// not a comment: a page cannot see comments, and must notice a dead link.
pub(super) const BEAT_EVERY: Duration = Duration::from_secs(5);
/// Most consoles at once.
pub(super) const CONSOLES_MAX: usize = 32;
/// Most of them by one account or token: half is left to the others.
pub(super) const CONSOLES_OF_ONE_MAX: usize = CONSOLES_MAX / 2;
/// Most screen pages at once: 64 screens, and some opened twice.
pub(super) const SCREENS_MAX: usize = 192;
/// Most of them of one screen, whose key may be in others' hands: a wall of displays.
pub(super) const SCREENS_OF_ONE_MAX: usize = SCREENS_MAX / 8;

/// Seats for streams. Apart for consoles and screens, so that neither can
/// take the other's.
#[derive(Debug)]
pub(super) struct Limits {
    consoles: Room,
    screens: Room,
}

/// One stream's, until it is dropped.
pub(super) type Seat = Share<String>;

impl Default for Limits {
    fn default() -> Self {
        Self {
            consoles: Room::new("consoles", CONSOLES_MAX, CONSOLES_OF_ONE_MAX),
            screens: Room::new("screens", SCREENS_MAX, SCREENS_OF_ONE_MAX),
        }
    }
}

impl Limits {
    /// A seat for a console of whoever is called so.
    pub(super) fn console(&self, who: &str) -> Result<Seat, Refusal> {
        self.consoles.seat(who)
    }

    /// A seat for a page of this screen.
    pub(super) fn screen(&self, id: &str) -> Result<Seat, Refusal> {
        self.screens.seat(id)
    }

    /// Streams open now: consoles, screens.
    pub(super) fn open(&self) -> (usize, usize) {
        (self.consoles.taken.all(), self.screens.taken.all())
    }
}

#[derive(Debug)]
struct Room {
    what: &'static str,
    max: usize,
    of_one_max: usize,
    taken: Shares<String>,
}

impl Room {
    fn new(what: &'static str, max: usize, of_one_max: usize) -> Self {
        Self {
            what,
            max,
            of_one_max,
            taken: Shares::default(),
        }
    }

    fn seat(&self, whose: &str) -> Result<Seat, Refusal> {
        let what = self.what;
        let seat = self.taken.take(whose.to_owned(), self.max, self.of_one_max);
        seat.map_err(|full| {
            let full = match full {
                Full::All => format!("{} {what}", self.max),
                Full::One(own) => format!("{own} {what} of {whose}"),
            };
            let sentence = format!("{full} are connected already; close one and try again");
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, sentence)
        })
    }
}

/// Something that has events to tell, one after another.
pub(super) trait Source: Send + 'static {
    /// Waits for the next events; `None` when there will be none any more.
    fn next(&mut self) -> impl Future<Output = Option<Vec<Event>>> + Send;
}

/// Tells what `source` has to tell, with beats in between, until `stop`, or until
/// whoever listens may not any more: asked before everything that is told.
pub(super) fn respond(
    source: impl Source,
    seat: Seat,
    (stop, holds): (Stop, impl Fn() -> bool + Send + 'static),
) -> Response {
    let state = Telling {
        source,
        stop,
        holds,
        ready: VecDeque::new(),
        _seat: seat,
    };
    let events = stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // nginx would otherwise hold events back.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    (headers, Sse::new(events)).into_response()
}

struct Telling<S, H> {
    source: S,
    stop: Stop,
    holds: H,
    ready: VecDeque<Event>,
    _seat: Seat,
}

impl<S: Source, H: Fn() -> bool> Telling<S, H> {
    async fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() {
            tokio::select! {
                biased;
                () = self.stop.requested() => return None,
                events = self.source.next() => self.ready.extend(events?),
                () = tokio::time::sleep(BEAT_EVERY) => self.ready.push_back(beat()),
            }
        }
        (self.holds)().then(|| self.ready.pop_front()).flatten()
    }
}

fn beat() -> Event {
    Event::default().event("beat").data("-")
}
