//! A shop over a real broker: scanners, sensors, tills, consent desk and
//! screens, each in the wire format of a real device. The gateway cannot tell.

mod boards;
mod enrol;
mod narrate;
mod radio;
mod shop;
pub(crate) mod speak;
mod vouchers;
pub mod wire;

use crate::{
    args,
    world::{Ground, population::Population},
};
use anyhow::{Context as _, Result};
use config::Shell;
use link::{Filter, Inbox, Link, Settings, Status};
use protocol::topic::{Topic, filter};
use std::{io::Write, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

/// Step of real time, ms: fine enough for screens to paint when they should.
const STEP: Duration = Duration::from_millis(50);
/// Without a broker for this long at the start, the operator is told why.
const COMPLAIN_AFTER: Duration = Duration::from_secs(5);

/// What every part of a session needs.
struct Session<'o> {
    link: Link,
    inbox: Inbox,
    stop: Stop,
    ends: Option<Instant>,
    out: &'o mut dyn Write,
}

/// Ctrl-C, SIGTERM, and the end of whoever started this program.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
    orphaned: watch::Receiver<bool>,
    _never_orphaned: watch::Sender<bool>,
}

impl Stop {
    fn new(until_stdin_ends: bool) -> std::io::Result<Self> {
        let (sender, orphaned) = watch::channel(false);
        if until_stdin_ends {
            let sender = sender.clone();
            // A thread of its own: reading standard input cannot be given up.
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
                let _ = sender.send(true);
            });
        }
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            orphaned,
            _never_orphaned: sender,
        })
    }

    async fn requested(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.orphaned.wait_for(|orphaned| *orphaned) => {}
        }
    }
}

/// Plays a shop until it is told to stop. `Ok(true)` when all went well.
pub fn execute(args: &args::Serve, out: &mut dyn Write) -> Result<bool> {
    crate::log_to_stderr();
    let shop = crate::load_shop(args.config.as_deref())?;
    let ground = Ground::new(shop.plan.clone())?;
    let runtime = crate::runtime()?;
    runtime.block_on(serve(args, ground, shop.shell, out))?;
    Ok(true)
}

async fn serve(
    args: &args::Serve,
    ground: Ground,
    shell: Shell,
    out: &mut dyn Write,
) -> Result<()> {
    let plan = ground.plan.clone();
    let id = link::unique_client_id("aislecast-sim");
    let settings = Settings::from_url(&args.broker, id).context("failed to read --broker")?;
    let filters = vec![
        Filter::reliable(filter(&plan.store, "screen/+/command").to_string()),
        Filter::reliable(Topic::Answer.text(&plan.store).to_string()),
        Filter::reliable(Topic::DemoTag.text(&plan.store).to_string()),
    ];
    let broker = settings.clone();
    let (link, inbox) = Link::start(settings, filters)?;
    let ends = args
        .minutes
        .map(|m| Instant::now() + Duration::from_secs_f64(m * 60.0));
    let mut session = Session {
        link,
        inbox,
        stop: Stop::new(args.until_stdin_ends).context("failed to listen for signals")?,
        ends,
        out,
    };
    let population = Population::draw(&plan, args.seed, args.profiles, None);
    let going =
        session.connect().await? && enrol::everybody(&mut session, &plan, &population).await?;
    if going {
        let mut radios = radio::Radios::open(&plan, &args.node).await?;
        // Seconds since 1970 only rise, as a count of starts does.
        let starts = shop::unix_now().seconds() as u32;
        let boards = boards::Boards::start(args, &plan, &broker, &mut radios, starts).await?;
        let mut live = shop::LiveShop::new(args, ground, &shell, population, session.link.clone());
        live.give_radios(radios, boards);
        live.switch_on();
        session.play(&mut live).await?;
        writeln!(session.out, "{}", live.farewell())?;
    }
    session.link.stop().await;
    Ok(())
}

impl Session<'_> {
    /// Waits for the broker. False when asked to stop before.
    async fn connect(&mut self) -> Result<bool> {
        let mut status = self.link.status();
        let begun = Instant::now();
        let mut complained = false;
        loop {
            let now = *status.borrow_and_update();
            match now {
                Status::Up => return Ok(true),
                Status::Down(reason) if !complained && begun.elapsed() >= COMPLAIN_AFTER => {
                    complained = true;
                    writeln!(self.out, "still trying to reach the broker: {reason}")?;
                }
                Status::Starting | Status::Down(_) => {}
            }
            if self.is_over() {
                return Ok(false);
            }
            tokio::select! {
                () = self.stop.requested() => return Ok(false),
                // A time-out only lets us look again.
                _ = timeout(Duration::from_secs(1), status.changed()) => {}
            }
        }
    }

    async fn play(&mut self, live: &mut shop::LiveShop) -> Result<()> {
        let mut next = Instant::now();
        writeln!(self.out, "{}", live.greeting())?;
        while !self.is_over() {
            next += STEP;
            tokio::select! {
                () = self.stop.requested() => return Ok(()),
                batch = self.inbox.batch() => {
                    let Some(batch) = batch else { return Ok(()) };
                    for message in &batch {
                        live.receive(message);
                    }
                    // The step stays where it was: a flood cannot stop time.
                    next -= STEP;
                }
                () = sleep_until(next) => live.step(),
            }
            // After a suspended machine time goes on from now.
            next = next.max(Instant::now().checked_sub(STEP * 20).unwrap_or(next));
            for line in live.said() {
                writeln!(self.out, "{line}")?;
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.ends.is_some_and(|ends| Instant::now() >= ends)
    }
}
