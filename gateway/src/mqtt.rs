//! The gateway's one MQTT session: what scanners, sensors, screens and desks
//! send goes in at the shop's door, commands to screens and answers go out.

mod answers;
mod complaints;
mod devices;
mod feed;
mod foreign;
mod intake;
mod kept;
mod lag;
mod offers;
mod route;
mod settings;
mod times;
mod translate;

pub(crate) use answers::OF_USE as ANSWER_OF_USE;
pub use devices::Devices;
pub use settings::MqttError;
pub(crate) use settings::{broker, external_settings};

use crate::{
    bundle::OffersDesk,
    clock::Steady,
    display::Kiosks,
    outward::Outward,
    privacy::Office,
    pseudonym::Pseudonymiser,
    shop::{Closed, Input, Shop},
    stop::Stop,
};
use answers::Answers;
use config::Shell;
use engine::{Event, plan::StorePlan};
use kept::Kept;
use link::{Delivery, Filter, Inbox, Link, Message, Status};
use protocol::{
    carried::Carried,
    id::StoreId,
    screen::{ScreenAction, ScreenCommand},
    topic::Topic,
};
use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};
use times::Times;
use tokio::{
    sync::{broadcast, watch},
    time,
};
use translate::Translator;

/// How long an order to clear is of use: by then the screen has returned to
/// the house loop by itself.
pub(crate) const CLEAR_OF_USE: Duration = Duration::from_mins(10);

/// How long it is of use to know where a simulated tag was.
pub(crate) const CARRIED_OF_USE: Duration = Duration::from_secs(10);

/// How often numbers of encrypted frames are written down, if they rose.
const WRITE_BEHIND: Duration = Duration::from_secs(5);
/// How often the loop is told what the link counted: as often as anybody scrapes.
const COUNTED_EVERY: Duration = Duration::from_secs(5);

/// Longest time to take in what had come before the farewell.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// A started session.
#[derive(Debug)]
pub struct Mqtt {
    link: Link,
    inbox: Inbox,
    devices: watch::Sender<Arc<Devices>>,
    kept: Kept,
    outward: Outward,
    kiosks: Arc<Kiosks>,
    steady: Steady,
    demo: bool,
}

impl Mqtt {
    /// Starts the session. The broker need not be there yet; files must.
    pub fn connect(
        shell: &Shell,
        plan: &StorePlan,
        kiosks: &Arc<Kiosks>,
        steady: Steady,
        demo: bool,
    ) -> Result<Self, MqttError> {
        let devices = Devices::in_shell(plan, shell);
        let outward = Outward::new(shell);
        let filters = listening(plan, &devices, &outward, kiosks, demo);
        let mut settings = settings::settings(shell, &plan.store)?;
        let mut kept = Kept::open(&shell.storage.dir);
        settings.former_filters = kept.filters().cloned().collect();
        kept.begin(filters.iter().map(|filter| filter.topic.as_str()));
        let (link, inbox) = Link::start(settings, filters)?;
        Ok(Self {
            link,
            inbox,
            devices: watch::Sender::new(Arc::new(devices)),
            kept,
            outward,
            kiosks: kiosks.clone(),
            steady,
            demo,
        })
    }

    /// What the session listens to.
    pub fn filters(shell: &Shell, plan: &StorePlan, kiosks: &Kiosks, demo: bool) -> Vec<Filter> {
        let devices = Devices::in_shell(plan, shell);
        listening(plan, &devices, &Outward::new(shell), kiosks, demo)
    }

    /// Where changed files say how devices are reached from now on.
    pub fn devices(&self) -> watch::Sender<Arc<Devices>> {
        self.devices.clone()
    }

    /// The link, for its counters.
    pub fn link(&self) -> Link {
        self.link.clone()
    }

    /// Serves until asked to stop, then says farewell; takes about 3 s at most.
    pub async fn serve(
        mut self,
        shop: Shop,
        offers: OffersDesk,
        (pseudonym, office): (Pseudonymiser, Office),
        stop: Stop,
    ) {
        let link = self.link();
        let store = shop.plan().store.clone();
        let commands = shop.commands();
        let carried = self.demo.then(|| shop.carried());
        let outward = self.outward.clone().serve(link.clone(), shop.clone());
        let mut taking_in = pin!(self.take_in(&shop, offers, (pseudonym, office)));
        tokio::select! {
            // The loop ends before us only when the gateway stops.
            Err(Closed) = &mut taking_in => return link.stop().await,
            Err(Closed) = tell_link(&link, &shop) => {}
            () = give_out(&link, &store, commands) => {}
            () = carry(&link, &store, carried) => {}
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
        offers: OffersDesk,
        (pseudonym, office): (Pseudonymiser, Office),
    ) -> Result<Infallible, Closed> {
        let (mut plans, mut devices) = (shop.plans(), self.devices.subscribe());
        let plan = plans.borrow_and_update().clone();
        let reached = devices.borrow_and_update().clone();
        let mut status = self.link.status();
        let mut offers = offers::Pushed::new(self.link.clone(), offers, &plan.store);
        let times = Times::new(self.link.clone(), self.steady);
        let mut answers = Answers::new(self.link.clone(), &plan.store, (shop.clone(), office));
        let counters = self.kept.counters();
        let mut translator =
            Translator::new(plan, reached, counters, (pseudonym, shop.codes().clone()));
        let mut behind = time::interval(WRITE_BEHIND);
        let (mut inputs, mut fresh) = (Vec::new(), Vec::new());
        loop {
            tokio::select! {
                // A lost broker is noticed before what the next session brings.
                biased;
                Ok(()) = status.changed() => {
                    if matches!(*status.borrow_and_update(), Status::Down(_)) {
                        translator.disconnected();
                    }
                }
                Ok(()) = plans.changed() => {
                    self.renew(&mut translator, &mut plans, &mut devices);
                }
                Ok(()) = devices.changed() => {
                    self.renew(&mut translator, &mut plans, &mut devices);
                }
                _ = behind.tick() => {
                    self.kept.count(translator.counters());
                    // What was taken out of these still names who passed.
                    (inputs, fresh) = (Vec::new(), Vec::new());
                }
                batch = self.inbox.batch() => {
                    let Some(batch) = batch else {
                        self.kept.count(translator.counters());
                        return Err(Closed);
                    };
                    for message in batch {
                        if times.takes(&message, shop)
                            || offers.takes(&message)
                            || self.outward.takes(&message)
                        {
                            continue;
                        }
                        let Message { topic, payload, retained } = &message;
                        if self.kiosks.hear(topic, payload, *retained) {
                            continue;
                        }
                        translator.translate(&message, self.demo, &mut answers, &mut fresh);
                        inputs.extend(fresh.drain(..).filter(|input| is_believed(shop, input)));
                        if answers.are_many() {
                            // They come only once their questions are in.
                            shop.put_all(&mut inputs).await?;
                            answers.give_one().await;
                        }
                    }
                    shop.put_all(&mut inputs).await?;
                }
                () = answers.give_one(), if !answers.is_empty() => {}
                () = offers.tell_one(), if !offers.is_empty() => {}
            }
        }
    }

    /// Goes on by the newest plan and devices, and listens to what they need.
    fn renew(
        &mut self,
        translator: &mut Translator,
        plans: &mut watch::Receiver<Arc<StorePlan>>,
        devices: &mut watch::Receiver<Arc<Devices>>,
    ) {
        let plan = plans.borrow_and_update().clone();
        let devices = devices.borrow_and_update().clone();
        let filters = listening(&plan, &devices, &self.outward, &self.kiosks, self.demo);
        self.kept
            .listen(filters.iter().map(|filter| filter.topic.as_str()));
        if let Err(error) = self.link.listen(filters) {
            tracing::error!(%error, "the changed topics cannot be listened to");
        }
        translator.renew(plan, devices);
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

fn listening(
    plan: &StorePlan,
    devices: &Devices,
    outward: &Outward,
    kiosks: &Kiosks,
    demo: bool,
) -> Vec<Filter> {
    let mut filters = route::filters(plan, devices, demo);
    filters.extend(outward.filter());
    filters.extend(kiosks.filters());
    filters
}

/// Tells the shop whether the broker is there.
async fn tell_link(link: &Link, shop: &Shop) -> Result<Infallible, Closed> {
    let mut status = link.status();
    let mut counting = time::interval(COUNTED_EVERY);
    let (mut told, mut dropped) = (None, 0);
    loop {
        let up = *status.borrow_and_update() == Status::Up;
        if told != Some(up) {
            shop.put(Input::Link(up)).await?;
            told = Some(up);
        }
        let count = link.counters().retained_dropped;
        if dropped != count {
            shop.put(Input::RetainedDropped(count)).await?;
            dropped = count;
        }
        tokio::select! {
            changed = status.changed() => changed.map_err(|_| Closed)?,
            _ = counting.tick() => {}
        }
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

/// Tells the simulated shop where its operator says that the tag is.
async fn carry(link: &Link, store: &StoreId, carried: Option<watch::Receiver<Carried>>) {
    let Some(mut carried) = carried else {
        return std::future::pending().await;
    };
    while carried.changed().await.is_ok() {
        let payload = serde_json::to_vec(&*carried.borrow_and_update());
        let delivery = Delivery {
            topic: Topic::DemoTag.text(store).to_string(),
            payload: payload.expect("a tag has only text keys"),
            retain: false,
            expires_after: Some(CARRIED_OF_USE),
        };
        if let Err(error) = link.deliver_newest(delivery) {
            tracing::warn!(%error, "the simulated shop was not told where the tag is");
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
