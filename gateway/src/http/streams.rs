//! Server-sent events: bounded in number, and over when the gateway stops.

use super::reply::Refusal;
use crate::stop::Stop;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use std::{collections::VecDeque, convert::Infallible, future::Future, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Silence after which a stream says that it is still there. As an event and
/// not a comment: a page cannot see comments, and must notice a dead link.
pub(super) const BEAT_EVERY: Duration = Duration::from_secs(5);
/// Most consoles at once.
pub(super) const CONSOLES_MAX: usize = 32;
/// Most screen pages at once: 64 screens, and some opened twice.
pub(super) const SCREENS_MAX: usize = 192;

/// Seats for streams. Apart for consoles and screens, so that neither can
/// take the other's.
#[derive(Debug)]
pub(super) struct Limits {
    consoles: Arc<Semaphore>,
    screens: Arc<Semaphore>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            consoles: Arc::new(Semaphore::new(CONSOLES_MAX)),
            screens: Arc::new(Semaphore::new(SCREENS_MAX)),
        }
    }
}

impl Limits {
    /// A seat for a console.
    pub(super) fn console(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        seat(&self.consoles, "consoles", CONSOLES_MAX)
    }

    /// A seat for a screen.
    pub(super) fn screen(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        seat(&self.screens, "screens", SCREENS_MAX)
    }

    /// Streams open now: consoles, screens.
    pub(super) fn open(&self) -> (usize, usize) {
        (
            CONSOLES_MAX - self.consoles.available_permits(),
            SCREENS_MAX - self.screens.available_permits(),
        )
    }
}

fn seat(seats: &Arc<Semaphore>, what: &str, max: usize) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(seats).try_acquire_owned().map_err(|_| {
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("{max} {what} are connected already; close one and try again"),
        )
    })
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
    seat: OwnedSemaphorePermit,
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
    _seat: OwnedSemaphorePermit,
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
