//! The loop's end: drains the engine's tape, and says who is to be taken out.

use super::{
    FOLDER, PURPOSE,
    folder::parts_of,
    gauge::Gauge,
    keeper::{Job, Keeper},
};
use crate::store::Secret;
use config::Recording;
use engine::{
    Engine, Event, Now, Snapshot,
    shopper::{Purposes, ShopperId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
    sync::{
        Arc,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
};
use tracing::{info, warn};

/// Most pieces waiting for the thread: half a minute of a busy shop.
const WAITING_MAX: usize = 64;
/// A piece is sealed when it has this many bytes, or is this old: what a kill
/// may lose.
const PIECE_BYTES: usize = 64 << 10;
const PIECE_MS: u64 = 5_000;
/// Those who took something back are taken out together, this long after the
/// first: a list of a thousand withdrawals rewrites the days once.
const TAKE_OUT_AFTER_MS: u64 = 2_000;

/// Held by the loop while recording is on.
#[derive(Debug)]
pub struct Recorder {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    gauge: Arc<Gauge>,
    /// The local day of the run being recorded.
    day: Option<i32>,
    taken_ms: u64,
    /// Moments of this run that the gauge knows of.
    told: u64,
    take_out: BTreeSet<ShopperId>,
    take_out_ms: u64,
}

impl Recorder {
    /// Begins, if the shop's files ask for it; if not, removes what was
    /// recorded while they did.
    pub fn start(
        data: &Path,
        settings: Option<Recording>,
        secret: &Secret,
        snapshot: &Snapshot,
    ) -> io::Result<Option<Self>> {
        let folder = data.join(FOLDER);
        let Some(bounds) = settings else {
            return remove(&folder).map(|()| None);
        };
        let (jobs, inbox) = sync_channel(WAITING_MAX);
        let gauge = Arc::new(Gauge::default());
        let keeper = Keeper {
            folder,
            key: secret.derive(PURPOSE),
            bounds,
            gauge: gauge.clone(),
            current: None,
        };
        let enrolled = snapshot.enrolled.iter();
        let agreed: BTreeMap<ShopperId, Purposes> =
            enrolled.map(|(s, e)| (*s, e.consent.purposes)).collect();
        let thread = thread::Builder::new()
            .name("recording".to_owned())
            .spawn(move || keeper.run(&agreed, &inbox))?;
        Ok(Some(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            gauge,
            day: None,
            taken_ms: 0,
            told: 0,
            take_out: BTreeSet::new(),
            take_out_ms: 0,
        }))
    }

    /// What metrics and console show.
    pub fn gauge(&self) -> Arc<Gauge> {
        self.gauge.clone()
    }

    /// Notes who takes something back with this event, before it is taken in.
    pub fn note(&mut self, now: Now, engine: &Engine, event: &Event) {
        if let Some(shopper) = engine.takes_back(event) {
            if self.take_out.is_empty() {
                self.take_out_ms = now.mono.0;
            }
            self.take_out.insert(shopper);
        }
    }

    /// To be called a few times a second: hands on what is due, and begins
    /// another run when the day turns.
    pub fn tick(&mut self, now: Now, engine: &mut Engine) {
        let is_due = now.mono.0.saturating_sub(self.take_out_ms) >= TAKE_OUT_AFTER_MS;
        if is_due && !self.take_out.is_empty() {
            self.take_people_out(now, engine);
        }
        let Some(today) = engine.local_day(now) else {
            return;
        };
        // A clock that goes back stays on the newest day.
        if self.day.is_none_or(|day| today > day) {
            self.end(now, engine);
            self.begin(today, now, engine);
            return;
        }
        let is_old = now.mono.0.saturating_sub(self.taken_ms) >= PIECE_MS;
        let recorded = engine.recorded();
        if recorded >= PIECE_BYTES || (is_old && recorded > 0) {
            self.taken_ms = now.mono.0;
            self.tell(engine);
            let piece = engine.take_recording();
            self.hand_over(Job::More(piece), now, engine);
        }
    }

    /// The gateway stops: what is taped is sealed, and who is to be taken out is.
    pub fn stop(mut self, now: Now, engine: &mut Engine) {
        self.end(now, engine);
        if let Some(jobs) = self.jobs.take() {
            if !self.take_out.is_empty() {
                // The thread works off what waits before it ends.
                let _ = jobs.send(Job::TakeOut(std::mem::take(&mut self.take_out)));
            }
            drop(jobs);
        }
        if let Some(thread) = self.thread.take() {
            // A panic of its own is a bug that the panic hook has printed.
            let _ = thread.join();
        }
    }

    /// Tells the gauge how much was taped since the last time.
    fn tell(&mut self, engine: &Engine) {
        let moments = engine.recorded_moments();
        self.gauge.taped(moments.saturating_sub(self.told));
        self.told = moments;
    }

    fn begin(&mut self, day: i32, now: Now, engine: &mut Engine) {
        self.day = Some(day);
        self.taken_ms = now.mono.0;
        engine.begin_recording(now);
        let piece = engine.take_recording();
        self.hand_over(Job::Begin(day, piece), now, engine);
    }

    fn end(&mut self, now: Now, engine: &mut Engine) {
        self.tell(engine);
        self.told = 0;
        let piece = engine.end_recording(now);
        if !piece.is_empty() {
            self.hand_over(Job::End(piece), now, engine);
        }
    }

    /// The run that names them ends, and one without them begins.
    fn take_people_out(&mut self, now: Now, engine: &mut Engine) {
        let people = std::mem::take(&mut self.take_out);
        self.end(now, engine);
        let sent = self
            .jobs
            .as_ref()
            .map(|jobs| jobs.try_send(Job::TakeOut(people)));
        if let Some(Err(
            TrySendError::Full(Job::TakeOut(people))
            | TrySendError::Disconnected(Job::TakeOut(people)),
        )) = sent
        {
            // This is promised, and the loop waits for no disk: they come again.
            self.take_out = people;
            self.take_out_ms = now.mono.0;
        }
        if let Some(day) = self.day {
            self.begin(day, now, engine);
        }
    }

    /// A piece that finds no room ends the run: what follows could not be read
    /// without it.
    fn hand_over(&mut self, job: Job, now: Now, engine: &mut Engine) {
        let Some(jobs) = &self.jobs else {
            return;
        };
        if jobs.try_send(job).is_err() {
            let why = "the disk does not keep up with the recording: a part of it is missing";
            warn!("{why}");
            self.gauge.failed(why);
            engine.end_recording(now);
            self.told = 0;
            // Another run begins at the next tick.
            self.day = None;
        }
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    let parts = parts_of(folder)?;
    if parts.is_empty() {
        return Ok(());
    }
    fs::remove_dir_all(folder)?;
    info!("recording is off: what was recorded is removed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{
        Seed,
        time::{Mono, UnixMs, Wall},
    };
    use std::{sync::mpsc::channel, time::Duration};

    fn now(ms: u64) -> Now {
        Now {
            mono: Mono(ms),
            wall: Wall::Synced(UnixMs(1_795_230_000_000 + ms as i64)),
        }
    }

    #[test]
    fn a_disk_that_does_not_keep_up_holds_no_loop_up_and_nobody_is_overlooked() {
        let (jobs, inbox) = sync_channel(3);
        while jobs.try_send(Job::More(Vec::new())).is_ok() {}
        let people = BTreeSet::from([ShopperId(7)]);
        let mut recorder = Recorder {
            jobs: Some(jobs),
            thread: None,
            gauge: Arc::default(),
            day: None,
            taken_ms: 0,
            told: 0,
            take_out: people.clone(),
            take_out_ms: 0,
        };
        let (sender, done) = channel();
        thread::spawn(move || {
            let plan = config::demo().plan;
            let mut engine = Engine::new(plan, Snapshot::default(), Seed(5), now(0));
            recorder.tick(now(TAKE_OUT_AFTER_MS), &mut engine);
            sender.send((recorder, engine)).unwrap();
        });
        let ticked = done.recv_timeout(Duration::from_secs(20));
        let (mut recorder, mut engine) = ticked.expect("the loop waits for the disk");
        assert_eq!(recorder.take_out, people);
        assert_eq!(inbox.try_iter().count(), 3);
        recorder.tick(now(2 * TAKE_OUT_AFTER_MS), &mut engine);
        let taken_out = |job| match job {
            Job::TakeOut(people) => Some(people),
            _ => None,
        };
        assert_eq!(inbox.try_iter().find_map(taken_out), Some(people));
        assert!(recorder.take_out.is_empty());
    }
}
