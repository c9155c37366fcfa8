//! What screens are told and say.

use super::{
    App, desk, door, pages,
    reply::Refusal,
    streams::{self, Source},
};
use crate::{access::Right, dialect::screen as dialect, shop::Input};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::{Response, sse::Event},
};
use engine::{Event as ShopEvent, event::Malformed, plan::ScreenIx};
use protocol::{
    id::ScreenId,
    screen::{Creative, ScreenCommand},
};
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::broadcast::{self, error::RecvError};

/// How long each picture of the house loop stays, ms: long enough to be read
/// in passing, twice.
const HOUSE_PICTURE_MS: u32 = 12_000;

/// The house loop of a screen.
#[derive(Debug, Serialize)]
pub(super) struct House {
    screen: ScreenId,
    label: String,
    picture_ms: u32,
    creatives: Vec<Creative>,
}

#[derive(Debug, Serialize)]
struct Hello<'a> {
    screen: &'a ScreenId,
    server: &'a str,
}

/// The page that a display opens.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let may_keep = || door::pass(&app, &headers).is_some_and(|pass| pass.rights.has(Right::Keep));
    let is_paired = door::is_screen(&app, door::shown_key(&uri), Some(&id));
    if !is_paired && !may_keep() {
        return pages::pair(StatusCode::UNAUTHORIZED);
    }
    if find(&app, &id).is_ok() {
        return pages::player(&headers);
    }
    let plan = app.shop.plan();
    let screens = plan.screens.iter();
    pages::no_screen(screens.map(|s| (s.id.as_str(), s.label.as_str())))
}

/// What it shows when there is nothing better, also without us.
pub(super) async fn house(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<House>, Refusal> {
    let (screen, ix) = find(&app, &id)?;
    let plan = app.shop.plan();
    let label = plan.screens.get(ix.at()).map(|s| s.label.clone());
    Ok(Json(House {
        screen,
        label: label.unwrap_or_default(),
        picture_ms: HOUSE_PICTURE_MS,
        creatives: plan.house_loop.clone(),
    }))
}

/// Its commands. Begins with `hello`; the page then reports itself, and the
/// engine answers with what is to be shown. Nothing is kept here.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (screen, _) = find(&app, &id)?;
    let seat = app.streams.screen(screen.as_str())?;
    let commands = app.shop.commands();
    let stop = app.stop.clone();
    let follower = Follower {
        hello: Some(hello(&screen, &app.server)),
        screen,
        commands,
    };
    let key = door::shown_key(&uri).map(str::to_owned);
    let holds = move || {
        door::is_screen(&app, key.as_deref(), Some(&id))
            || door::pass(&app, &headers).is_some_and(|pass| pass.rights.has(Right::Keep))
    };
    Ok(streams::respond(follower, seat, (stop, holds)))
}

fn hello(screen: &ScreenId, server: &str) -> Event {
    let json = serde_json::to_string(&Hello { screen, server }).expect("two names are JSON");
    Event::default().event("hello").data(json)
}

struct Follower {
    hello: Option<Event>,
    screen: ScreenId,
    commands: broadcast::Receiver<ScreenCommand>,
}

impl Source for Follower {
    async fn next(&mut self) -> Option<Vec<Event>> {
        if let Some(hello) = self.hello.take() {
            return Some(vec![hello]);
        }
        loop {
            match self.commands.recv().await {
                Ok(command) if command.screen == self.screen => {
                    let json = serde_json::to_string(&command).expect("a command is JSON");
                    return Some(vec![Event::default().event("command").data(json)]);
                }
                Ok(_) => {}
                // A page that lagged behind must start over: it comes back,
                // says hello, and is told what holds now.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            }
        }
    }
}

/// What it says.
pub(super) async fn report(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Refusal> {
    let (screen, ix) = match find(&app, &id) {
        Ok(found) => found,
        Err(refusal) => {
            desk::count(&app, Malformed::UnknownDevice).await?;
            return Err(refusal);
        }
    };
    let said = body.ok().map(|body| dialect::read(ix, &screen, &body));
    let Some(Ok(said)) = said else {
        desk::count(&app, Malformed::ScreenReport).await?;
        return Err(Refusal::bad(
            "this is no report of this screen; see ScreenReport in /api/openapi.json",
        ));
    };
    if app
        .shop
        .displays()
        .believes(&screen, said.status, said.revision)
    {
        app.shop.put(Input::Event(ShopEvent::Screen(said))).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn find(app: &App, id: &str) -> Result<(ScreenId, ScreenIx), Refusal> {
    let found = id.parse::<ScreenId>().ok().and_then(|id| {
        let ix = app.shop.plan().screen(&id)?;
        Some((id, ix))
    });
    found.ok_or_else(|| Refusal::missing("the plan of this shop has no such screen"))
}
