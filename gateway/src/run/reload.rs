//! Taking in changed files while the shop runs. Files that are wrong change
//! nothing.

use crate::{
    bundle::{Clerk, Declined, Done, Wish, Wishes},
    mqtt::Devices,
    stop::Stop,
};
use engine::{decide::Situation, plan::StorePlan};
use jiff::Timestamp;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    time,
};
use tracing::{error, info, warn};

/// Between two looks at the files.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What tells one state of the files from another.
type Fingerprint = Vec<(PathBuf, Option<SystemTime>, u64)>;

/// Where a shop is read from, and read again.
#[derive(Debug, Clone)]
pub enum Files {
    /// A folder with a store.toml, or that file.
    Shop(PathBuf),
    /// The shop inside the program: only its survey is a file.
    Demo {
        /// `survey.csv`, which need not be there.
        survey: PathBuf,
    },
}

impl Files {
    /// Reads the shop.
    pub fn load(&self) -> Result<config::Shop, config::Problems> {
        match self {
            Self::Shop(path) => config::load(path),
            Self::Demo { survey } => {
                let mut shop = config::demo();
                // One that cannot be read is as one that is not there.
                if let Ok(text) = fs::read_to_string(survey) {
                    let file = survey.display().to_string();
                    let points = config::read_survey(&file, &text, &shop.plan)?;
                    Arc::make_mut(&mut shop.plan).survey = points;
                }
                Ok(shop)
            }
        }
    }

    /// Reads a situation that somebody describes, for the plan in force. `source`
    /// is what problems call the text, and the text.
    pub fn describe(
        &self,
        plan: &StorePlan,
        source: (&str, &str),
    ) -> Result<Situation, config::Problems> {
        let now = Timestamp::now();
        match self {
            Self::Shop(path) => config::describe(path, plan, source, now),
            Self::Demo { .. } => config::describe_in_demo(plan, source, now),
        }
    }

    /// Where its survey is kept.
    pub fn survey(&self) -> PathBuf {
        match self {
            Self::Shop(path) => folder(path).join(config::SURVEY_FILE),
            Self::Demo { survey } => survey.clone(),
        }
    }

    /// Names, times and lengths of everything it is read from.
    fn fingerprint(&self) -> Fingerprint {
        let mut files = vec![self.survey()];
        if let Self::Shop(path) = self {
            let offers = fs::read_dir(folder(path).join("offers"));
            let offers = offers.into_iter().flatten().flatten();
            files.extend(offers.map(|entry| entry.path()));
            files.push(if path.is_dir() {
                path.join("store.toml")
            } else {
                path.to_owned()
            });
        }
        files.sort();
        let seen = |file: PathBuf| {
            let known = fs::metadata(&file).ok();
            let modified = known.as_ref().and_then(|m| m.modified().ok());
            (file, modified, known.map_or(0, |m| m.len()))
        };
        files.into_iter().map(seen).collect()
    }
}

fn folder(path: &Path) -> &Path {
    if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(Path::new("."))
    }
}

/// Watches the shop's files, which began as `shop`, and sends the plan anew when
/// they change, when other offers are wished for, or at SIGHUP.
pub async fn reload(
    (clerk, mut wishes): (Clerk, Wishes),
    shop: config::Shop,
    plans: mpsc::Sender<Arc<StorePlan>>,
    devices: watch::Sender<Arc<Devices>>,
    stop: Stop,
) {
    wishes.pictures.send_replace(clerk.pictures());
    let files = clerk.shop_files().clone();
    let mut watched = Watched {
        seen: files.fingerprint(),
        files,
        clerk: Arc::new(Mutex::new(clerk)),
        shop,
        devices,
    };
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        warn!("SIGHUP cannot be heard: changed files are still noticed");
        return watched.poll(&mut wishes, &plans, &stop).await;
    };
    loop {
        tokio::select! {
            () = stop.requested() => return,
            _ = hangup.recv() => {
                watched.seen = watched.files.fingerprint();
                watched.load(&plans).await;
            }
            () = time::sleep(LOOK_EVERY) => watched.look(&plans).await,
            Some((wish, reply)) = wishes.asked.recv() => {
                let answer = watched.serve(wish, &wishes, &plans).await;
                // Whoever asked may have gone meanwhile.
                let _ = reply.send(answer);
            }
        }
    }
}

struct Watched {
    files: Files,
    clerk: Arc<Mutex<Clerk>>,
    shop: config::Shop,
    devices: watch::Sender<Arc<Devices>>,
    seen: Fingerprint,
}

impl Watched {
    async fn poll(
        &mut self,
        wishes: &mut Wishes,
        plans: &mpsc::Sender<Arc<StorePlan>>,
        stop: &Stop,
    ) {
        while !stop.is_requested() {
            tokio::select! {
                () = stop.requested() => {}
                () = time::sleep(LOOK_EVERY) => self.look(plans).await,
                Some((wish, reply)) = wishes.asked.recv() => {
                    let answer = self.serve(wish, wishes, plans).await;
                    // Whoever asked may have gone meanwhile.
                    let _ = reply.send(answer);
                }
            }
        }
    }

    /// Does what is wished, and has the loop go on by what is in force then.
    async fn serve(
        &mut self,
        wish: Wish,
        wishes: &Wishes,
        plans: &mpsc::Sender<Arc<StorePlan>>,
    ) -> Result<Done, Declined> {
        let clerk = self.clerk.clone();
        // Reading, checking and syncing a bundle must not hold the loop up.
        let served = tokio::task::spawn_blocking(move || at_work(&clerk).serve(wish));
        let answer = served.await.map_err(|_| Declined::Closed)?;
        if matches!(answer, Ok(Done::InForce { .. })) {
            wishes
                .pictures
                .send_replace(at_work(&self.clerk).pictures());
            self.load(plans).await;
        }
        answer
    }

    async fn look(&mut self, plans: &mpsc::Sender<Arc<StorePlan>>) {
        let found = self.files.fingerprint();
        if found != self.seen {
            self.seen = found;
            if let Some(version) = at_work(&self.clerk).current() {
                let version = version.version;
                warn!(
                    version,
                    "a bundle of offers is in force: files in the folder `offers` count only after `aislecast offers rollback 0`"
                );
            }
            self.load(plans).await;
        }
    }

    async fn load(&mut self, plans: &mpsc::Sender<Arc<StorePlan>>) {
        let loaded = at_work(&self.clerk).load();
        let shop = match loaded {
            Ok(shop) => shop,
            Err(problems) => {
                error!(%problems, "the changed files are wrong and not taken in: the shop stays as it was");
                return;
            }
        };
        // Scanners and sensors may change; all else was set up at the start.
        let running = config::Shell {
            scanners: shop.shell.scanners.clone(),
            sensors: shop.shell.sensors.clone(),
            mappers: shop.shell.mappers.clone(),
            offers: shop.shell.offers.clone(),
            ..self.shop.shell.clone()
        };
        let is_other = shop.plan.store != self.shop.plan.store || shop.shell != running;
        // What is given to the demo on its command line stands in no file.
        if is_other && matches!(self.files, Files::Shop(_)) {
            warn!(
                "changes of the store's name, screens' displays, broker, http, outward, storage, retention and log need a restart"
            );
        }
        if shop.plan.store == self.shop.plan.store {
            info!(offers = shop.plan.offers.len(), "changed files taken in");
            self.shop.plan = shop.plan.clone();
            at_work(&self.clerk).follow(&shop);
            let devices = Arc::new(Devices::of(&shop));
            self.devices.send_if_modified(|known| {
                let changed = *known != devices;
                known.clone_from(&devices);
                changed
            });
            // The loop has ended, and this ends with it.
            let _ = plans.send(shop.plan).await;
        }
    }
}

fn at_work(clerk: &Mutex<Clerk>) -> MutexGuard<'_, Clerk> {
    clerk.lock().expect("the clerk does not panic at its work")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_a_changed_and_a_removed_file_are_noticed() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("offers")).unwrap();
        let files = Files::Shop(dir.path().to_owned());
        for file in [dir.path().join("offers/milk.toml"), files.survey()] {
            let mut seen = vec![files.fingerprint()];
            fs::write(&file, "a").unwrap();
            seen.push(files.fingerprint());
            fs::write(&file, "ab").unwrap();
            seen.push(files.fingerprint());
            assert_eq!(files.fingerprint(), seen[2]);
            assert!(seen[0] != seen[1] && seen[1] != seen[2]);
            fs::remove_file(&file).unwrap();
            assert_eq!(files.fingerprint(), seen[0]);
        }
    }

    #[test]
    fn the_demo_goes_by_a_survey_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let survey = dir.path().join("survey.csv");
        let files = Files::Demo { survey };
        assert!(files.load().unwrap().plan.survey.is_empty());
        let text = "x_m,y_m,scanner,rssi_dbm,n\n3,2,s-entrance,-60,9\n";
        fs::write(files.survey(), text).unwrap();
        assert_eq!(files.load().unwrap().plan.survey.len(), 1);
        fs::write(files.survey(), "x_m,y_m\nloud,quiet\n").unwrap();
        assert!(files.load().is_err());
    }
}
