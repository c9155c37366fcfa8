//! Drives one display over HTTP: its mind says what to ask and when, here is
//! the asking. One task each, so a dead display delays nobody.

use super::{
    Board,
    client::{Answer, Client, Failure, Request},
};
use crate::{
    shop::{Closed, Input, Shop},
    stop::Stop,
};
use engine::{Event, event::ScreenSaid};
use protocol::{
    id::ScreenId,
    screen::{ScreenCommand, ScreenStatus},
};
use std::{pin::pin, time::Duration};
use tokio::{sync::watch, time::Instant};

/// What a display's mind wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask this, then say what came of it.
    Ask(Request),
    /// Nothing before this moment, ms on the display's own clock.
    Wait(u64),
}

/// Something learnt about a display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// The display's side has taken this order.
    Sent(u64),
    /// This order is on the glass.
    Painted(u64),
    /// This order cannot be carried out.
    Rejected(u64),
    /// It is well; this is on the glass.
    Alive(u64),
    /// What was on the glass is there no more.
    Lost,
    /// The glass shows nothing for this reason, or it shows something again.
    Dark(Option<&'static str>),
    /// A request failed.
    Failed,
    /// What is wrong, or nothing.
    Trouble(Option<&'static str>),
}

/// The mind of one display: no socket, no clock. Times are ms since it was made.
pub(super) trait Mind: Send {
    /// The newest order, perhaps not for the first time. Whether it is worth
    /// hanging up on what is being asked.
    fn order(&mut self, now: u64, order: &ScreenCommand) -> bool;
    /// What to do now.
    fn step(&mut self, now: u64) -> Step;
    /// What came of the last request.
    fn answered(&mut self, now: u64, answer: Result<Answer, Failure>);
    /// What was learnt since the last call.
    fn news(&mut self) -> Vec<News>;
}

/// Where a display stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) screen: ScreenId,
    pub(super) shop: Shop,
}

impl Place {
    fn board(&self) -> &Board {
        self.shop.displays()
    }

    /// Passes on what was learnt: what is proven to the engine, all to the board.
    pub(super) async fn tell(&self, news: Vec<News>) -> Result<(), Closed> {
        let (board, screen) = (self.board(), &self.screen);
        for news in news {
            match news {
                News::Sent(revision) => board.sent(screen, revision),
                News::Painted(revision) => {
                    board.prove(screen, revision);
                    self.say(ScreenStatus::Painted, revision).await?;
                }
                News::Rejected(revision) => self.say(ScreenStatus::Rejected, revision).await?,
                News::Alive(revision) => self.say(ScreenStatus::Alive, revision).await?,
                News::Lost => self.lost().await?,
                News::Dark(dark) => {
                    if board.darken(screen, dark) && dark.is_some() {
                        self.lost().await?;
                    }
                }
                News::Failed => board.fail(screen),
                News::Trouble(trouble) => board.trouble(screen, trouble),
            }
        }
        Ok(())
    }

    /// Said twice in a row the engine believes it, counts nobody any more, and
    /// clears.
    async fn lost(&self) -> Result<(), Closed> {
        self.board().doubt(&self.screen);
        self.say(ScreenStatus::Alive, 0).await?;
        self.say(ScreenStatus::Alive, 0).await
    }

    async fn say(&self, status: ScreenStatus, revision: u64) -> Result<(), Closed> {
        let Some(screen) = self.shop.plan().screen(&self.screen) else {
            return Ok(());
        };
        let said = ScreenSaid {
            screen,
            revision,
            status,
        };
        self.shop.put(Input::Event(Event::Screen(said))).await
    }
}

/// Drives a display until asked to stop.
pub(super) async fn drive(
    mut mind: impl Mind,
    client: Client,
    mut orders: watch::Receiver<Option<ScreenCommand>>,
    place: Place,
    stop: Stop,
) {
    let born = Instant::now();
    let now = || born.elapsed().as_millis() as u64;
    loop {
        if place.tell(mind.news()).await.is_err() {
            return;
        }
        match mind.step(now()) {
            Step::Wait(until) => tokio::select! {
                () = stop.requested() => return,
                newest = newest(&mut orders) => { mind.order(now(), &newest); }
                () = tokio::time::sleep_until(born + Duration::from_millis(until)) => {}
            },
            Step::Ask(request) => {
                let answer = tokio::select! {
                    () = stop.requested() => return,
                    answer = asked(&mut mind, &client, request, &mut orders, &now) => answer,
                };
                mind.answered(now(), answer);
            }
        }
    }
}

/// Waits for the answer, unless an order comes that is worth hanging up for.
async fn asked(
    mind: &mut impl Mind,
    client: &Client,
    request: Request,
    orders: &mut watch::Receiver<Option<ScreenCommand>>,
    now: &impl Fn() -> u64,
) -> Result<Answer, Failure> {
    let mut answer = pin!(client.ask(request));
    loop {
        tokio::select! {
            answer = &mut answer => return answer,
            newest = newest(orders) => {
                if mind.order(now(), &newest) {
                    return Err(Failure::Overtaken);
                }
            }
        }
    }
}

/// The newest order, once there is one that was not seen.
async fn newest(orders: &mut watch::Receiver<Option<ScreenCommand>>) -> ScreenCommand {
    loop {
        if orders.changed().await.is_err() {
            // The board is gone, and the gateway with it.
            std::future::pending::<()>().await;
        }
        if let Some(order) = orders.borrow_and_update().clone() {
            return order;
        }
    }
}
