//! What the shop looks like now, once or as it changes.

use super::{
    App, door,
    reply::Refusal,
    streams::{self, Source},
};
use crate::{
    access::{Pass, Right},
    problems::{self, Problem},
    shop::Live,
};
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response, sse::Event},
};
use engine::plan::StorePlan;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// At most four pictures a second: smooth enough for dots that walk.
const PICTURE_EVERY: Duration = Duration::from_millis(250);

/// The newest picture as JSON: written once, however many consoles watch.
#[derive(Debug, Default)]
pub(super) struct Encoded(Mutex<Option<(Arc<Live>, Arc<str>)>>);

impl Encoded {
    fn json(&self, live: &Arc<Live>) -> Arc<str> {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*newest {
            Some((known, json)) if Arc::ptr_eq(known, live) => json.clone(),
            _ => {
                let json: Arc<str> = serde_json::to_string(&**live)
                    .expect("names, numbers and sentences are JSON")
                    .into();
                *newest = Some((live.clone(), json.clone()));
                json
            }
        }
    }
}

/// Once.
pub(super) async fn now(State(app): State<Arc<App>>) -> Response {
    let live = app.shop.live().borrow().clone();
    let json = app.live.json(&live).to_string();
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}

/// What is wrong, once.
pub(super) async fn problems(State(app): State<Arc<App>>) -> Json<Vec<Problem>> {
    let live = app.shop.live().borrow().clone();
    Json(problems::find(&live, &app.shop.plan()))
}

/// As it changes: `live`, `problems` when they are others, `plan` when the
/// map must be drawn anew.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    Extension(who): Extension<Pass>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let seat = app.streams.console(&who.who)?;
    let mut live = app.shop.live();
    live.mark_changed();
    let stop = app.stop.clone();
    let asked = app.clone();
    let holds =
        move || door::pass(&asked, &headers).is_some_and(|pass| pass.rights.has(Right::Look));
    let watcher = Watcher {
        live,
        plan: app.shop.plan(),
        problems: None,
        not_before: Instant::now(),
        app,
    };
    Ok(streams::respond(watcher, seat, (stop, holds)))
}

struct Watcher {
    app: Arc<App>,
    live: watch::Receiver<Arc<Live>>,
    plan: Arc<StorePlan>,
    problems: Option<Vec<Problem>>,
    not_before: Instant,
}

impl Source for Watcher {
    async fn next(&mut self) -> Option<Vec<Event>> {
        sleep_until(self.not_before).await;
        self.live.changed().await.ok()?;
        let live = self.live.borrow_and_update().clone();
        self.not_before = Instant::now() + PICTURE_EVERY;
        Some(self.tell(&live))
    }
}

impl Watcher {
    fn tell(&mut self, live: &Arc<Live>) -> Vec<Event> {
        let mut events = Vec::new();
        let plan = self.app.shop.plan();
        if !Arc::ptr_eq(&plan, &self.plan) {
            self.plan = plan;
            events.push(Event::default().event("plan").data("-"));
        }
        let json = self.app.live.json(live);
        events.push(Event::default().event("live").data(json));
        let problems = problems::find(live, &self.plan);
        if self.problems.as_ref() != Some(&problems) {
            let json = serde_json::to_string(&problems).expect("sentences are JSON");
            events.push(Event::default().event("problems").data(json));
            self.problems = Some(problems);
        }
        events
    }
}
