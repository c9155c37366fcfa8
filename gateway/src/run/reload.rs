//! Taking in changed files while the shop runs. Files that are wrong change
//! nothing.

use crate::{mqtt::Devices, stop::Stop};
use engine::plan::StorePlan;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
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

/// Watches the files of `path`, which began as `shop`, and sends the plan
/// anew when they change or the process is sent SIGHUP.
pub async fn reload(
    path: PathBuf,
    shop: config::Shop,
    plans: mpsc::Sender<Arc<StorePlan>>,
    devices: watch::Sender<Arc<Devices>>,
    stop: Stop,
) {
    let mut watched = Watched {
        seen: fingerprint(&path),
        path,
        shop,
        devices,
    };
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        warn!("SIGHUP cannot be heard: changed files are still noticed");
        return watched.poll(&plans, &stop).await;
    };
    loop {
        tokio::select! {
            () = stop.requested() => return,
            _ = hangup.recv() => {
                watched.seen = fingerprint(&watched.path);
                watched.load(&plans).await;
            }
            () = time::sleep(LOOK_EVERY) => watched.look(&plans).await,
        }
    }
}

struct Watched {
    path: PathBuf,
    shop: config::Shop,
    devices: watch::Sender<Arc<Devices>>,
    seen: Fingerprint,
}

impl Watched {
    async fn poll(&mut self, plans: &mpsc::Sender<Arc<StorePlan>>, stop: &Stop) {
        while !stop.is_requested() {
            tokio::select! {
                () = stop.requested() => {}
                () = time::sleep(LOOK_EVERY) => self.look(plans).await,
            }
        }
    }

    async fn look(&mut self, plans: &mpsc::Sender<Arc<StorePlan>>) {
        let found = fingerprint(&self.path);
        if found != self.seen {
            self.seen = found;
            self.load(plans).await;
        }
    }

    async fn load(&mut self, plans: &mpsc::Sender<Arc<StorePlan>>) {
        let shop = match config::load(&self.path) {
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
            ..self.shop.shell.clone()
        };
        if shop.plan.store != self.shop.plan.store || shop.shell != running {
            warn!(
                "changes of the store's name, screens' displays, broker, http, outward, storage, retention and log need a restart"
            );
        }
        if shop.plan.store == self.shop.plan.store {
            info!(offers = shop.plan.offers.len(), "changed files taken in");
            self.shop.plan = shop.plan.clone();
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

/// Names, times and lengths of everything a shop is read from.
fn fingerprint(path: &Path) -> Fingerprint {
    let folder = if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(Path::new("."))
    };
    let offers = fs::read_dir(folder.join("offers")).into_iter().flatten();
    let mut files: Vec<PathBuf> = offers.flatten().map(|entry| entry.path()).collect();
    files.push(if path.is_dir() {
        path.join("store.toml")
    } else {
        path.to_owned()
    });
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let known = fs::metadata(&file).ok();
            let modified = known.as_ref().and_then(|m| m.modified().ok());
            (file, modified, known.map_or(0, |m| m.len()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_a_changed_and_a_removed_offer_are_noticed() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("offers")).unwrap();
        let offer = dir.path().join("offers/milk.toml");
        let mut seen = vec![fingerprint(dir.path())];
        fs::write(&offer, "a").unwrap();
        seen.push(fingerprint(dir.path()));
        fs::write(&offer, "ab").unwrap();
        seen.push(fingerprint(dir.path()));
        assert_eq!(fingerprint(dir.path()), seen[2]);
        assert!(seen[0] != seen[1] && seen[1] != seen[2]);
        fs::remove_file(&offer).unwrap();
        assert_eq!(fingerprint(dir.path()), seen[0]);
    }
}
