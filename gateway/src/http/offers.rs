//! The marketer's desk: what offers do and why, and changing them.

mod change;
mod described;
mod words;

pub(super) use change::{apply, history, pause, plan, resume, roll_back, safe_now};
pub(super) use described::explain_described;

use super::{App, reply::Refusal};
use crate::{
    shop::{About, Explained},
    waterfall,
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use engine::{control::Pause, plan::OfferIx, time::UnixMs, trial::Incident};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use words::state_of;

/// One offer and what becomes of it.
#[derive(Debug, Serialize)]
struct Listed<'p> {
    id: &'p str,
    title: &'p str,
    /// `shown`, `ready`, or the rule that stops it everywhere.
    state: &'static str,
    /// The same in words.
    words: &'static str,
    /// Whether this very offer is paused by hand.
    paused: bool,
    showings: u32,
    showings_today: u32,
    left: u32,
    /// What took it back, if its ramp's guard did.
    halted: Option<Incident>,
}

/// What `explain` is asked.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    screen: String,
    at: Option<String>,
}

/// Every offer, and what becomes of it now.
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    let Explained {
        plan,
        decisions,
        pauses,
        ..
    } = app.shop.explain(None, About::Nothing).await?;
    let lifts = app.shop.lifts().await?;
    let live = app.shop.live().borrow().clone();
    let statuses = &live.status.offers;
    let offers = plan.offers.iter().enumerate().map(|(index, offer)| {
        let (state, words) = state_of(&decisions, OfferIx(index as u16));
        let status = statuses.iter().find(|s| s.id == offer.id);
        let lift = lifts.iter().find(|lift| lift.offer == offer.id);
        let ramp = lift.and_then(|lift| lift.ramp.as_ref());
        Listed {
            id: offer.id.as_str(),
            title: &offer.title,
            state,
            words,
            paused: pauses.holds(&Pause::Offer(offer.id.clone())),
            showings: status.map_or(0, |s| s.showings),
            showings_today: status.map_or(0, |s| s.showings_today),
            left: status.map_or(0, |s| s.left),
            halted: ramp.and_then(|ramp| ramp.halted),
        }
    });
    let body = json!({
        "offers": offers.collect::<Vec<_>>(),
        "all_paused": pauses.holds(&Pause::All),
        "safe_now": pauses.holds(&Pause::SafeNow),
        "screens": plan.screens.iter().map(|s| json!({"id": s.id, "label": s.label})).collect::<Vec<_>>(),
    });
    Ok(Json(body).into_response())
}

/// Why an offer is not shown, screen by screen.
pub(super) async fn why_not(
    State(app): State<Arc<App>>,
    offer: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let name = offer.map(|Path(name)| name).unwrap_or_default();
    let about = About::Offer(name.clone());
    let Explained {
        plan,
        decisions,
        remedies,
        ..
    } = app.shop.explain(None, about).await?;
    let index = plan.offers.iter().position(|o| o.id.as_str() == name);
    let index = index.ok_or_else(|| Refusal::missing("no offer of this name is in force"))?;
    let offer = OfferIx(index as u16);
    let screens = decisions.iter().zip(&remedies);
    let screens: Vec<Value> = screens
        .map(|(decision, needed)| {
            let needed = needed.first().and_then(Option::as_ref);
            waterfall::of_offer(&plan, decision, offer, needed)
        })
        .collect();
    let title = &plan.offers[index].title;
    Ok(Json(json!({"offer": name, "title": title, "screens": screens})).into_response())
}

/// The whole waterfall of one screen, now or at another date.
pub(super) async fn explain(
    State(app): State<Arc<App>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Ok(Query(asked)) = asked else {
        return Err(Refusal::bad("name the screen: ?screen=NAME"));
    };
    let at = asked.at.as_deref().map(moment).transpose()?;
    let about = About::Screen(asked.screen.clone());
    let Explained {
        plan,
        decisions,
        remedies,
        ..
    } = app.shop.explain(at, about).await?;
    let mut screens = plan.screens.iter().zip(decisions.iter().zip(&remedies));
    let found = screens.find(|(screen, _)| screen.id.as_str() == asked.screen);
    let (_, (decision, needed)) = found.ok_or_else(|| Refusal::missing("no such screen"))?;
    let assumed = at.map(|_| "nobody in view; sensors and budgets as they are now");
    Ok(Json(waterfall::of_screen(&plan, decision, needed, assumed)).into_response())
}

fn moment(text: &str) -> Result<UnixMs, Refusal> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    let parsed =
        parsed.map_err(|_| Refusal::bad("a moment is written 2026-11-22T17:30:00+07:00"))?;
    Ok(UnixMs(parsed.as_millisecond()))
}
