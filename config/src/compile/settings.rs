//! Presence, guard, and what the shell needs to know.

use super::{authors, mapper, till};
use crate::{
    display::Display,
    raw::store::{self, BrokerMode, Store},
    report::Report,
    shell::{
        Broker, Controller, External, Feed, Http, LogFormat, Outward, Recording, Retention,
        ScannerSource, Shell, Storage, Tls,
    },
};
use engine::plan::PresenceSettings;
use std::{
    path::{Component, Path, PathBuf},
    time::Duration,
};

/// How people are taken to be somewhere.
pub(crate) fn presence(raw: &store::Presence, report: &mut Report<'_>) -> PresenceSettings {
    if raw.leave.0 >= raw.enter.0 {
        report.error(
            "presence.leave",
            "somebody would leave a zone at the probability at which they enter it",
            "set leave well below enter, such as \"30 %\" below \"60 %\"",
        );
    }
    if raw.enter.0 < 300 {
        report.error(
            "presence.enter",
            "somebody would be in several zones at once",
            "set enter to \"50 %\" or more",
        );
    }
    within(
        &raw.absent_after,
        "presence.absent_after",
        10_000,
        3_600_000,
        report,
    );
    PresenceSettings {
        tuning: engine::presence::Tuning::USED,
        enter_probability: f32::from(raw.enter.0) / 1000.0,
        leave_probability: f32::from(raw.leave.0) / 1000.0,
        absent_after_ms: raw.absent_after.0,
        path_loss_exponent: raw.path_loss_exponent,
    }
}

/// Thousandths of pictures that may be drawn to learn: what a shop can lose by it.
const EXPLORE_PERMILLE_MAX: u16 = 200;

/// How one of several offers is chosen.
pub(crate) fn explore(raw: &store::Decide, report: &mut Report<'_>) -> u16 {
    if raw.explore.0 > EXPLORE_PERMILLE_MAX {
        report.error(
            "decide.explore",
            "more than one picture in five would be drawn without regard to its score",
            "give 0 % to 20 %; 5 % learns well",
        );
    }
    raw.explore.0
}

/// Addresses, files, limits.
pub(crate) fn shell(
    raw: &Store,
    (scanners, sensors, screens): (Vec<ScannerSource>, Vec<Option<Feed>>, Vec<Display>),
    folder: &Path,
    report: &mut Report<'_>,
) -> Shell {
    let in_folder = |path: &str| tidy(&folder.join(path));
    if raw.broker.mode == BrokerMode::Embedded && raw.broker.listen == raw.http.listen {
        report.error(
            "http.listen",
            "the broker listens on the same address and port",
            "give the console another port, such as \"127.0.0.1:8080\"",
        );
    }
    check_storage(&raw.storage, report);
    within(
        &raw.retention.exposures,
        "retention.exposures",
        DAY_MS,
        3_660 * DAY_MS,
        report,
    );
    within(
        &raw.retention.unused_profiles,
        "retention.unused_profiles",
        DAY_MS,
        3_660 * DAY_MS,
        report,
    );
    Shell {
        broker: broker(&raw.broker, &in_folder, report),
        http: Http {
            listen: raw.http.listen.0,
            token_file: raw.http.token_file.as_deref().map(in_folder),
            marketer_token_file: raw.http.marketer_token_file.as_deref().map(in_folder),
            viewer_token_file: raw.http.viewer_token_file.as_deref().map(in_folder),
        },
        offers: authors::offers_desk(raw, report),
        outward: outward(&raw.outward, report),
        uplink: raw
            .uplink
            .as_ref()
            .map(|hub| external(hub, "uplink", &in_folder, report)),
        storage: Storage {
            dir: in_folder(&raw.storage.dir),
            cache_bytes: raw.storage.cache.0,
            flush_every: span(&raw.storage.flush_every),
            group_commit: span(&raw.storage.group_commit),
            ballast_bytes: raw.storage.ballast.0,
        },
        retention: Retention {
            exposures: span(&raw.retention.exposures),
            unused_profiles: span(&raw.retention.unused_profiles),
        },
        controller: controller(raw),
        recording: recording(raw.recording.as_ref(), report),
        log: match raw.log.format {
            store::LogFormat::Human => LogFormat::Human,
            store::LogFormat::Json => LogFormat::Json,
        },
        scanners,
        screens,
        sensors,
        mappers: mapper::mappers(&raw.mappers, report),
        tills: till::tills(&raw.tills, folder, report),
        creatives_dir: in_folder("creatives"),
    }
}

const DAY_MS: u64 = 86_400_000;

fn broker(
    raw: &store::Broker,
    in_folder: &impl Fn(&str) -> PathBuf,
    report: &mut Report<'_>,
) -> Broker {
    if raw.mode == BrokerMode::Embedded {
        if !raw.listen.0.ip().is_loopback() {
            report.error(
                "broker.listen",
                "the embedded broker is for this machine alone",
                "give an address of it, such as \"127.0.0.1:1883\"; in a shop use mode = \
                 \"external\" and mosquitto with passwords or certificates",
            );
        }
        return Broker::Embedded {
            listen: raw.listen.0,
            allow_anonymous: raw.allow_anonymous,
        };
    }
    Broker::External(external(
        &raw.external,
        "broker.external",
        in_folder,
        report,
    ))
}

/// The broker under `key`.
fn external(
    external: &store::External,
    key: &str,
    in_folder: &impl Fn(&str) -> PathBuf,
    report: &mut Report<'_>,
) -> External {
    within(
        &external.keep_alive,
        &format!("{key}.keep_alive"),
        5_000,
        600_000,
        report,
    );
    if external.password_file.is_some() && external.username.is_none() {
        report.error(
            &format!("{key}.password_file"),
            "a password without a user name",
            "add username",
        );
    }
    External {
        host: external.host.clone(),
        port: external.port,
        client_id: external.client_id.0.clone(),
        username: external.username.clone(),
        password_file: external.password_file.as_deref().map(in_folder),
        tls: tls(external, key, in_folder, report),
        keep_alive: span(&external.keep_alive),
    }
}

fn tls(
    raw: &store::External,
    key: &str,
    in_folder: &impl Fn(&str) -> PathBuf,
    report: &mut Report<'_>,
) -> Option<Tls> {
    let client = match (&raw.tls_certificate_file, &raw.tls_key_file) {
        (Some(certificate), Some(key)) => Some((in_folder(certificate), in_folder(key))),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            report.error(
                key,
                "a certificate without its key, or a key without its certificate",
                "give both tls_certificate_file and tls_key_file, or neither",
            );
            None
        }
    };
    let Some(ca_file) = raw.tls_ca_file.as_deref() else {
        if client.is_some() {
            report.error(
                &format!("{key}.tls_certificate_file"),
                "without tls_ca_file the broker is spoken to without TLS",
                "add tls_ca_file",
            );
        } else if raw.port == 8883 {
            report.warn(
                &format!("{key}.port"),
                "8883 is the port for TLS, but tls_ca_file is not given",
                "add tls_ca_file, or use port 1883",
            );
        }
        return None;
    };
    Some(Tls {
        ca_file: in_folder(ca_file),
        client,
    })
}

fn outward(raw: &store::Outward, report: &mut Report<'_>) -> Outward {
    let prefix = &raw.home_assistant.prefix;
    let is_level = |level: &str| {
        let mut letters = level.chars();
        !level.is_empty() && letters.all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    if !prefix.split('/').all(is_level) {
        report.error(
            "outward.home_assistant.prefix",
            "this is not the beginning of a topic",
            "use letters, digits, - and _, in levels parted by /; Home Assistant's own default \
             is \"homeassistant\"",
        );
    }
    Outward {
        events: raw.events,
        home_assistant: raw.home_assistant.enabled.then(|| prefix.clone()),
    }
}

fn check_storage(raw: &store::Storage, report: &mut Report<'_>) {
    // sled wrote 6.5 times the data at 500 ms; below two seconds it wears
    // memory cards out and gains nothing, since the ledger carries the promises.
    within(
        &raw.flush_every,
        "storage.flush_every",
        2_000,
        600_000,
        report,
    );
    // Longer, and shoppers would see the wait for the disk before each picture.
    within(&raw.group_commit, "storage.group_commit", 1, 50, report);
    for (key, size, least, most) in [
        ("storage.cache", raw.cache.0, 1 << 20, 4 << 30),
        ("storage.ballast", raw.ballast.0, 1 << 20, 1 << 30),
    ] {
        if !(least..=most).contains(&size) {
            report.error(
                key,
                "this size is out of the ordinary",
                format!("give {} MiB to {} MiB", least >> 20, most >> 20),
            );
        }
    }
}

fn controller(raw: &Store) -> Option<Controller> {
    let who = raw.controller.as_ref()?;
    Some(Controller {
        name: who.name.clone().unwrap_or_else(|| raw.site.name.clone()),
        address: who.address.clone(),
        contact: who.contact.clone(),
        jurisdiction: who.jurisdiction.0.clone(),
    })
}

fn recording(raw: Option<&store::Recording>, report: &mut Report<'_>) -> Option<Recording> {
    let raw = raw?;
    // Less does not hold a day of a small shop.
    let (least, most) = (8 << 20, 64 << 30);
    if !(least..=most).contains(&raw.max_bytes.0) {
        report.error(
            "recording.max_bytes",
            "this size is out of the ordinary",
            format!("give {} MiB to {} GiB", least >> 20, most >> 30),
        );
    }
    if !(1..=31).contains(&raw.keep_days) {
        report.error(
            "recording.keep_days",
            "so many days cannot be kept",
            "give 1 to 31",
        );
    }
    Some(Recording {
        keep_days: raw.keep_days,
        bytes_max: raw.max_bytes.0,
    })
}

pub(super) fn within(
    value: &crate::raw::Duration,
    key: &str,
    least_ms: u64,
    most_ms: u64,
    report: &mut Report<'_>,
) {
    if !(least_ms..=most_ms).contains(&value.0) {
        let too = if value.0 < least_ms { "short" } else { "long" };
        report.error(
            key,
            format!("this is too {too}"),
            format!("give {} to {}", in_words(least_ms), in_words(most_ms)),
        );
    }
}

/// A time span as it is written in files, in the largest unit that fits.
pub(crate) fn in_words(ms: u64) -> String {
    if ms == DAY_MS {
        return "\"1 day\"".to_owned();
    }
    for (unit_ms, unit) in [
        (DAY_MS, "days"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1_000, "s"),
    ] {
        if ms >= unit_ms && ms.is_multiple_of(unit_ms) {
            return format!("\"{} {unit}\"", ms / unit_ms);
        }
    }
    format!("\"{ms} ms\"")
}

fn span(value: &crate::raw::Duration) -> Duration {
    Duration::from_millis(value.0)
}

/// Without `x/..` in the middle, which reads badly in messages.
pub(super) fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        let into_parent = part == Component::ParentDir
            && matches!(tidied.components().next_back(), Some(Component::Normal(_)));
        if into_parent {
            tidied.pop();
        } else {
            tidied.push(part);
        }
    }
    if tidied.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        tidied
    }
}
