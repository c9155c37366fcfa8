//! A hub as small as one can be: takes every gateway's events into `PostgreSQL` and
//! says up to where it has them. The SQL beside this file is all there is to it.

use crate::{
    mqtt::Client,
    postgres::{Postgres, Session},
    site,
};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// A running hub.
#[derive(Debug)]
pub struct Hub {
    database: Arc<Postgres>,
    stop: Arc<AtomicBool>,
    counts: Arc<Counts>,
    thread: Option<JoinHandle<()>>,
}

/// What it saw.
#[derive(Debug, Default)]
pub struct Counts {
    /// Batches taken in.
    pub batches: AtomicU64,
    /// Of which something was missing before.
    pub gaps: AtomicU64,
    /// Sessions with the broker.
    pub sessions: AtomicU64,
}

impl Hub {
    /// Starts one at this broker; `None` where `PostgreSQL` may be missing and is.
    pub fn start(broker_port: u16) -> Option<Self> {
        let database = Arc::new(Postgres::start()?);
        database.run(include_str!("hub.sql"));
        let (stop, counts) = (Arc::<AtomicBool>::default(), Arc::<Counts>::default());
        let worker = Worker {
            session: database.session(),
            port: broker_port,
            counts: counts.clone(),
        };
        let stopped = stop.clone();
        let thread = thread::spawn(move || worker.run(&stopped));
        Some(Self {
            database,
            stop,
            counts,
            thread: Some(thread),
        })
    }

    /// What it saw so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Asks its database; one row a line.
    pub fn ask(&self, sql: &str) -> String {
        self.database.run(sql)
    }

    /// Asks its database for a number.
    pub fn number(&self, sql: &str) -> u64 {
        let told = self.ask(sql);
        told.parse()
            .unwrap_or_else(|_| panic!("{sql} is no number: {told}"))
    }

    /// How many events of a lane it has.
    pub fn events(&self, lane: &str) -> u64 {
        self.number(&format!("select count(*) from event where lane = '{lane}'"))
    }

    /// Events that came after one with a higher number of the same epoch and lane.
    pub fn out_of_order(&self) -> u64 {
        self.number(
            "select count(*) from (select seq, lag(seq) over \
             (partition by gateway, epoch, lane order by came) as before from event) pairs \
             where before > seq",
        )
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic has failed the test already.
            let _ = thread.join();
        }
    }
}

struct Worker {
    session: Session,
    port: u16,
    counts: Arc<Counts>,
}

impl Worker {
    fn run(mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            if self.serve(stop).is_err() {
                // The broker is away, or restarts.
                thread::sleep(Duration::from_millis(50));
            }
        }
    }

    fn serve(&mut self, stop: &AtomicBool) -> io::Result<()> {
        let name = format!("hub-{}", self.port);
        let mut client = Client::connect(self.port, &name)?;
        client.subscribe(&format!("aislecast/v1/up/{}/ev", site::STORE))?;
        self.counts.sessions.fetch_add(1, Ordering::Relaxed);
        client.patience(Duration::from_millis(200))?;
        while !stop.load(Ordering::Relaxed) {
            match client.message() {
                Ok((_, batch)) => self.take(&mut client, &batch)?,
                Err(why) if why.kind() == io::ErrorKind::WouldBlock => {}
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    fn take(&mut self, client: &mut Client, batch: &[u8]) -> io::Result<()> {
        let batch = String::from_utf8_lossy(batch);
        assert!(!batch.contains("$hub$"), "nobody writes that");
        let sql = format!("select take('{}', $hub${batch}$hub$);", site::STORE);
        let mark = self.session.row(&sql);
        self.counts.batches.fetch_add(1, Ordering::Relaxed);
        let gap = mark.contains(r#""gap": true"#);
        self.counts
            .gaps
            .fetch_add(u64::from(gap), Ordering::Relaxed);
        let topic = format!("aislecast/v1/dn/{}/mark", site::STORE);
        client.publish_retained(&topic, mark.as_bytes())
    }
}
