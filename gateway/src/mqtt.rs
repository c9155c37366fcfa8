//! The gateway's one MQTT session: what scanners, sensors, screens and desks
//! send goes in at the shop's door, commands to screens and answers go out.

mod answers;
mod complaints;
mod route;
mod settings;
mod translate;

pub(crate) use answers::OF_USE as ANSWER_OF_USE;
pub use settings::MqttError;

use crate::{
    display::Kiosks,
    outward::Outward,
    pseudonym::Pseudonymiser,
    shop::{Closed, Input, Shop},
    stop::Stop,
};
use answers::Answers;
use config::{ScannerSource, Shell};
use engine::{Event, plan::StorePlan};
use link::{Delivery, Inbox, Link, Message, Status};
use protocol::{
    id::{ScannerId, StoreId},
    screen::{ScreenAction, ScreenCommand},
    topic::Topic,
};
use std::{collections::HashMap, convert::Infallible, pin::pin, sync::Arc, time::Duration};
use tokio::{sync::broadcast, time};
use translate::Translator;

/// How long an order to clear is of use: by then the screen has returned to
/// the house loop by itself.
pub(crate) const CLEAR_OF_USE: Duration = Duration::from_mins(10);

/// Longest time to take in what had come before the farewell.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// A started session.
#[derive(Debug)]
pub struct Mqtt {
    link: Link,
    inbox: Inbox,
    sources: HashMap<ScannerId, ScannerSource>,
    outward: Outward,
    kiosks: Arc<Kiosks>,
    demo: bool,
}

impl Mqtt {
    /// Starts the session. The broker need not be there yet; files must.
    pub fn connect(
        shell: &Shell,
        plan: &StorePlan,
        kiosks: &Arc<Kiosks>,
        demo: bool,
    ) -> Result<Self, MqttError> {
        let ids = plan.scanners.iter().map(|scanner| scanner.id.clone());
        let sources = ids.zip(shell.scanners.iter().cloned()).collect();
        let outward = Outward::new(shell);
        let mut filters = route::filters(&plan.store, &sources, demo);
        filters.extend(outward.filter());
        filters.extend(kiosks.filters());
        let (link, inbox) = Link::start(settings::settings(shell, &plan.store)?, filters)?;
        Ok(Self {
            link,
            inbox,
            sources,
            outward,
            kiosks: kiosks.clone(),
            demo,
        })
    }

    /// The link, for its counters.
    pub fn link(&self) -> Link {
        self.link.clone()
    }

    /// Serves until asked to stop, then says farewell; takes about 3 s at most.
    pub async fn serve(mut self, shop: Shop, pseudonym: Pseudonymiser, stop: Stop) {
        let link = self.link();
        let store = shop.plan().store.clone();
        let commands = shop.commands();
        let outward = self.outward.clone().serve(link.clone(), shop.clone());
        let mut taking_in = pin!(self.take_in(&shop, pseudonym));
        tokio::select! {
            // The loop ends before us only when the gateway stops.
            Err(Closed) = &mut taking_in => return link.stop().await,
            Err(Closed) = tell_link(&link, &shop) => {}
            () = give_out(&link, &store, commands) => {}
            () = outward => {}
            () = stop.requested() => {}
        }
        // The broker thinks that we have what lies in the inbox.
        tokio::join!(link.stop(), async {
            let _ = time::timeout(LAST_WORDS, taking_in).await;
        });
    }

    async fn take_in(
        &mut self,
        shop: &Shop,
        pseudonym: Pseudonymiser,
    ) -> Result<Infallible, Closed> {
        let mut plans = shop.plans();
        let plan = plans.borrow_and_update().clone();
        let mut answers = Answers::new(self.link.clone(), &plan.store);
        let mut translator = Translator::new(plan, self.sources.clone(), pseudonym);
        let mut inputs = Vec::new();
        loop {
            tokio::select! {
                batch = self.inbox.batch() => {
                    for message in batch.ok_or(Closed)? {
                        if self.outward.takes(&message) {
                            continue;
                        }
                        let Message { topic, payload, retained } = &message;
                        if self.kiosks.hear(topic, payload, *retained) {
                            continue;
                        }
                        let input = translator.translate(&message, self.demo, &mut answers);
                        inputs.extend(input.filter(|input| is_believed(shop, input)));
                        if answers.are_many() {
                            // They come only once their questions are in.
                            shop.put_all(&mut inputs).await?;
                            answers.give_one().await;
                        }
                    }
                    shop.put_all(&mut inputs).await?;
                }
                () = answers.give_one(), if !answers.is_empty() => {}
                Ok(()) = plans.changed() => {
                    let plan = plans.borrow_and_update().clone();
                    translator.renew(plan);
                }
            }
        }
    }
}

/// Whether what a screen reports may be so, as far as its display can tell.
fn is_believed(shop: &Shop, input: &Input) -> bool {
    let Input::Event(Event::Screen(said)) = input else {
        return true;
    };
    let plan = shop.plan();
    plan.screens.get(said.screen.at()).is_none_or(|screen| {
        let board = shop.displays();
        board.believes(&screen.id, said.status, said.revision)
    })
}

/// Tells the shop whether the broker is there.
async fn tell_link(link: &Link, shop: &Shop) -> Result<Infallible, Closed> {
    let mut status = link.status();
    let mut told = None;
    loop {
        let up = *status.borrow_and_update() == Status::Up;
        if told != Some(up) {
            shop.put(Input::Link(up)).await?;
            told = Some(up);
        }
        status.changed().await.map_err(|_| Closed)?;
    }
}

/// Passes commands on to screens.
async fn give_out(link: &Link, store: &StoreId, mut commands: broadcast::Receiver<ScreenCommand>) {
    loop {
        match commands.recv().await {
            Ok(command) => command_screen(link, store, &command),
            // The engine repeats what a screen does not report as painted.
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "commands to screens were passed over");
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

fn command_screen(link: &Link, store: &StoreId, command: &ScreenCommand) {
    let of_use = match &command.action {
        ScreenAction::Show { shown_for_ms, .. } => Duration::from_millis(u64::from(*shown_for_ms)),
        ScreenAction::Clear => CLEAR_OF_USE,
    };
    let payload = serde_json::to_vec(command).expect("a command has only text keys");
    let delivery = Delivery {
        topic: Topic::ScreenCommand(command.screen.clone())
            .text(store)
            .to_string(),
        payload,
        retain: false,
        expires_after: Some(of_use),
    };
    // A screen paints only the newest: it need not flash through the others
    // when the broker comes back.
    if let Err(error) = link.deliver_newest(delivery) {
        tracing::warn!(screen = %command.screen, %error, "a command to a screen was dropped");
    }
}

#[cfg(test)]
mod tests;
