//! Putting a gateway together and taking it apart again.

use super::Failure;
use crate::{
    access::{self, Gate, Key, Opens, ScreenKeys, TokenFiles},
    bundle::{self, Clerk, Versions},
    clock::Clock,
    display::{self, Kiosks},
    http,
    machine::{self, Machine},
    mqtt::Mqtt,
    privacy::Office,
    recording::Recorder,
    run::{self, Files, Parts},
    shop,
    stop::{self, Stop, Stopper},
    store::{self, Check, StoreError},
    telemetry,
    uplink::Uplink,
};
use anyhow::{Context as _, anyhow};
use config::{Broker, Shell};
use std::{convert::Infallible, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    task::JoinHandle,
    time,
};
use tracing::{error, info, warn};

/// Longest wait for an adapter to say farewell: long enough for a slow broker,
/// far below the 90 s after which systemd loses patience.
const FAREWELL_MAX: Duration = Duration::from_secs(10);

/// What to run.
pub(super) struct House {
    pub(super) shop: config::Shop,
    /// Where the files of the shop are.
    pub(super) files: Files,
    /// Whether people, scanners and screens are simulated.
    pub(super) demo: bool,
}

/// Where an open house is found.
pub(super) struct Addresses {
    pub(super) http: SocketAddr,
    /// The embedded broker's, if there is one.
    pub(super) broker: Option<SocketAddr>,
    /// What lets the first operator in, where nobody can be one yet; in the demo,
    /// whoever comes first.
    pub(super) code: Option<Key>,
}

impl House {
    /// Runs until a signal asks to stop, something fails, or `visit` does.
    /// `visit` begins once everything listens.
    pub(super) fn run(
        self,
        visit: impl AsyncFnOnce(Addresses, Stop) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        telemetry::start(self.shop.shell.log);
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(self.live(visit))
    }

    /// Whoever knows which offers are in force: those of the newest bundle, or
    /// the shop's own.
    fn clerk(&mut self) -> Result<Clerk, Failure> {
        let folder = self.shop.shell.storage.dir.join("offers");
        let versions = Versions::open(folder.clone())
            .with_context(|| format!("failed to read the offers in {}", folder.display()))?;
        let clerk = Clerk::new(self.files.clone(), versions, &self.shop);
        if let Some(version) = clerk.current() {
            let (version, author) = (version.version, version.author.as_deref());
            info!(version, author, "a bundle of offers is in force");
        }
        if clerk.current().is_some() || clerk.is_doubted() {
            let begun = clerk.begin()?;
            self.shop.plan = begun.plan;
            self.shop.tests = begun.tests;
        }
        Ok(clerk)
    }

    /// Who may come in over HTTP, and a code for whoever is to be the first.
    fn gate(
        &self,
        tokens: TokenFiles,
        opened: &store::Opened,
    ) -> anyhow::Result<(Gate, Option<Key>)> {
        let keys = ScreenKeys::new(&opened.store.secret().derive(ScreenKeys::PURPOSE));
        let has_token = tokens.has_operator();
        let folder = access::Folder::open(&self.shop.shell.storage.dir)?;
        let gate = Gate::open(folder, tokens, keys)?;
        let opens = match gate.is_unclaimed() {
            _ if self.demo => Opens::Enter,
            Ok(true) if !has_token => Opens::FirstStart,
            Ok(_) => return Ok((gate, None)),
            Err(error) => {
                // The shop goes on; screens show the house loop.
                error!(%error, "nobody can sign in");
                return Ok((gate, None));
            }
        };
        let code = gate.folder().draw_code(opens)?;
        Ok((gate, Some(code)))
    }

    fn opened(&self) -> Result<store::Opened, StoreError> {
        let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("/proc/self/exe"));
        let shell = &self.shop.shell;
        store::open(&shell.storage, shell.retention, &Check::Child(program))
    }

    fn office(&self, opened: &store::Opened) -> Office {
        let plan = &self.shop.plan;
        let store = (plan.store.clone(), plan.name.clone());
        Office::new(&self.shop.shell, store, &opened.store.secret())
    }

    fn settings(&self, office: &Office) -> http::Settings {
        let files = self.files.clone();
        http::Settings::of(&self.shop.shell, files, self.demo, office.clone())
    }

    fn recorder(&self, opened: &store::Opened) -> anyhow::Result<Option<Recorder>> {
        Recorder::start(
            &self.shop.shell.storage.dir,
            self.shop.shell.recording,
            &opened.store.secret(),
            &opened.snapshot,
        )
        .context("failed to keep recordings in the data folder")
    }

    async fn live(
        mut self,
        visit: impl AsyncFnOnce(Addresses, Stop) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // Whatever can be in the way is asked for before anything is begun.
        let tokens = http::check(&self.shop.shell.http, &self.shop.shell.tills)?;
        let listener = bind(self.shop.shell.http.listen).await?;
        let opened = self.opened()?;
        let (gate, code) = self.gate(tokens, &opened)?;
        let gate = Arc::new(gate);
        let clerk = self.clerk()?;
        let recorder = self.recorder(&opened)?;
        let broker = EmbeddedBroker::start(&mut self.shop.shell).await?;
        let (shell, plan) = (&self.shop.shell, &self.shop.plan);
        let kiosks = Arc::new(Kiosks::new(shell, plan, gate.addresses()));
        let clock = Clock::start(&shell.storage.dir);
        let steady = clock.steady(opened.snapshot.boot);
        let mqtt = Mqtt::connect(shell, plan, &kiosks, steady, self.demo)?;
        let uplink = Uplink::start(shell, &plan.store, &opened.store)?;
        let devices = mqtt.devices();

        let addresses = Addresses {
            http: listener.local_addr()?,
            broker: broker.address(),
            code,
        };
        access::leave_address(gate.folder(), addresses.http);
        let (stopper, stop) = stop::channel();
        let (door, counter) = shop::open(self.shop.plan.clone());
        display::start(&self.shop.shell, (kiosks, &gate), mqtt.link(), &door, &stop)?;
        let pseudonym = opened.store.pseudonymiser();
        let (plan_tx, plans) = mpsc::channel(1);
        let parts = Parts {
            plan: self.shop.plan.clone(),
            counter,
            clock,
            opened,
            plans,
            recorder,
            uplink: uplink.as_ref().map(Uplink::watch),
            machine: machine::watch(Machine::this(&shell.storage.dir)),
            demo: self.demo,
        };
        let office = self.office(&parts.opened);
        let served = (self.settings(&office), gate);
        let (offers, wishes) = bundle::open();
        let (house, bundles, asked) = (door.clone(), offers.clone(), pseudonym.clone());
        let session = spoken(mqtt.serve(house, bundles, (asked, office), stop.clone()));
        let told = spoken(serve_uplink(uplink, stop.clone()));
        let pages = http::serve(listener, door, offers, served, pseudonym, stop.clone());
        let reload = run::reload((clerk, wishes), self.shop, plan_tx, devices, stop.clone());
        tokio::spawn(reload);
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);

        // Each part that ends asks all others to.
        let (ran, signalled, visited, served, spoke, told) = tokio::join!(
            ended("the loop", &stopper, async {
                Ok(run::run(parts, stop.clone()).await?)
            }),
            signalled(&stopper, &stop),
            ended("the visit", &stopper, visit(addresses, stop.clone())),
            adapter("http", tokio::spawn(pages), &stopper, &stop),
            adapter("mqtt", session, &stopper, &stop),
            adapter("uplink", told, &stopper, &stop),
        );
        broker.stop().await;
        info!("closed");
        let ended = [visited, ran, signalled, served, spoke, told];
        ended.into_iter().collect()
    }
}

/// Tells the hub until asked to stop; without one, only waits for that.
async fn serve_uplink(uplink: Option<Uplink>, stop: Stop) {
    match uplink {
        Some(uplink) => uplink.serve(stop).await,
        None => stop.requested().await,
    }
}

/// A session, which ends without an error.
fn spoken(
    session: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<Result<(), Infallible>> {
    tokio::spawn(async {
        session.await;
        Ok(())
    })
}

/// Whatever `part` comes to, if it fails all others end, too.
async fn ended(
    what: &str,
    stopper: &Stopper,
    part: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    let result = part.await;
    if result.is_err() {
        info!(what, "ended");
        stopper.request();
    }
    result
}

/// Waits for an adapter, which ends only when all do.
async fn adapter<E: Into<anyhow::Error>>(
    name: &'static str,
    mut task: JoinHandle<Result<(), E>>,
    stopper: &Stopper,
    stop: &Stop,
) -> Result<(), Failure> {
    let too_late = async {
        stop.requested().await;
        time::sleep(FAREWELL_MAX).await;
    };
    tokio::select! {
        ended = &mut task => {
            let was_asked = stop.is_requested();
            stopper.request();
            match ended {
                Ok(Ok(())) if was_asked => Ok(()),
                Ok(Ok(())) => Err(anyhow!("{name} has ended by itself").into()),
                Ok(Err(error)) => Err(Failure::Failed(error.into())),
                Err(error) => Err(anyhow!("{name} has failed: {error}").into()),
            }
        }
        () = too_late => {
            warn!(name, "did not end in time");
            task.abort();
            Ok(())
        }
    }
}

/// Waits for Ctrl-C or SIGTERM, and passes it on.
pub(super) async fn signalled(stopper: &Stopper, stop: &Stop) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => info!("asked to stop"),
        _ = interrupt.recv() => info!("asked to stop"),
        () = stop.requested() => {}
    }
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    stopper.request();
    Ok(())
}

async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(listen).await.with_context(|| {
        format!(
            "failed to listen on {listen} (http.listen): stop what uses that port, or choose \
             another with --listen"
        )
    });
    Ok(bound?)
}

/// The broker inside the process, where the shop's files ask for one.
struct EmbeddedBroker {
    #[cfg(feature = "embedded-broker")]
    running: Option<crate::broker::Broker>,
}

impl EmbeddedBroker {
    /// Starts it if `shell` asks for it, and writes its real port there.
    #[cfg(feature = "embedded-broker")]
    async fn start(shell: &mut Shell) -> Result<Self, Failure> {
        let running = match &mut shell.broker {
            Broker::Embedded { listen, .. } => {
                let broker = crate::broker::start(*listen).await?;
                *listen = broker.address();
                Some(broker)
            }
            Broker::External(_) => None,
        };
        Ok(Self { running })
    }

    #[cfg(feature = "embedded-broker")]
    fn address(&self) -> Option<SocketAddr> {
        self.running.as_ref().map(crate::broker::Broker::address)
    }

    #[cfg(feature = "embedded-broker")]
    async fn stop(self) {
        if let Some(broker) = self.running {
            broker.stop().await;
        }
    }

    #[cfg(not(feature = "embedded-broker"))]
    async fn start(shell: &mut Shell) -> Result<Self, Failure> {
        match shell.broker {
            Broker::Embedded { .. } => Err(anyhow!(
                "this aislecast was built without its embedded broker: install mosquitto and name it under [broker]"
            )
            .into()),
            Broker::External(_) => Ok(Self {}),
        }
    }

    #[cfg(not(feature = "embedded-broker"))]
    fn address(&self) -> Option<SocketAddr> {
        None
    }

    #[cfg(not(feature = "embedded-broker"))]
    async fn stop(self) {}
}
