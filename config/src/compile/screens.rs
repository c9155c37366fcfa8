//! Screens, and how each is driven.

use super::{floor::Floor, settings::in_words};
use crate::{
    display::{Display, Tag},
    raw::{
        screen::{DisplayKind, Screen as Raw},
        store::Store,
    },
    report::Report,
};
use engine::plan::{Bits, Pace, Screen};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Silence after which a screen is not believed, unless stated: three of the
/// player's signs of life.
const SILENT_AFTER_MS: u64 = 30_000;
/// The same for e-paper, whose access point is asked every half minute.
const PAPER_SILENT_AFTER_MS: u64 = 300_000;
/// Anthias opens our page first, which takes a small Raspberry Pi ten seconds.
const ANTHIAS_CONFIRM_MS: u64 = 30_000;
/// A tag asks for news every few minutes, misses now and then, and draws for
/// half a minute.
const PAPER_CONFIRM_MS: u64 = 1_800_000;
/// A label changes at most this often unless stated: about 50 changes a day
/// empty the two cells of a tag in a year or two.
const PAPER_HOLD_MS: u64 = 1_800_000;
/// Shortest and longest time for a label to stay.
const HOLD_MS: (u64, u64) = (600_000, 86_400_000);

/// Screens, and how each is driven.
pub(crate) fn screens(
    raw: &Store,
    floor: &Floor,
    folder: &Path,
    report: &mut Report<'_>,
) -> (Vec<Screen>, Vec<Display>) {
    let zones = || raw.zones.iter().map(|z| z.id.0.as_str());
    let (mut screens, mut displays) = (Vec::new(), Vec::new());
    for (i, screen) in raw.screens.iter().enumerate() {
        let key = format!("screens[{i}]");
        let at = floor.placed(screen.at, screen.level, &key, report);
        let mut seen_from = Bits::NONE;
        for (j, zone) in screen.seen_from.iter().enumerate() {
            let found = report.find(&format!("{key}.seen_from[{j}]"), "zone", &zone.0, zones());
            seen_from = found.map_or(seen_from, |zone| seen_from.with(zone as u8));
        }
        let display = display(screen, &key, folder, report);
        screens.extend(screen.id.0.parse().ok().map(|id| Screen {
            id,
            label: screen.label.clone(),
            at,
            seen_from,
            silent_after_ms: silent_after(screen, &key, report),
            pace: pace(&display),
            level: screen.level,
        }));
        displays.push(display);
    }
    check_names(raw, report);
    (screens, displays)
}

fn check_names(raw: &Store, report: &mut Report<'_>) {
    let each = || raw.screens.iter().enumerate();
    report.unique(
        each().map(|(i, s)| (format!("screens[{i}].id"), s.id.0.as_str())),
        "screen",
    );
    let topics =
        each().filter_map(|(i, s)| Some((format!("screens[{i}].topic"), s.topic.as_deref()?)));
    report.unique(topics, "kiosk");
    let macs = each().filter_map(|(i, s)| Some((format!("screens[{i}].mac"), s.mac.as_deref()?)));
    report.unique(macs, "tag");
}

fn silent_after(raw: &Raw, key: &str, report: &mut Report<'_>) -> u64 {
    let is_paper = raw.display == Some(DisplayKind::OpenEpaperLink);
    let unless_stated = if is_paper {
        PAPER_SILENT_AFTER_MS
    } else {
        SILENT_AFTER_MS
    };
    let ms = raw.silent_after.as_ref().map_or(unless_stated, |d| d.0);
    if is_paper && ms < PAPER_SILENT_AFTER_MS / 2 {
        report.error(
            &format!("{key}.silent_after"),
            "an e-paper tag is not asked that often",
            "give 2.5 to 10 minutes, or leave it out",
        );
    } else if !(10_000..=600_000).contains(&ms) {
        report.error(
            &format!("{key}.silent_after"),
            "a screen is asked too soon, or believed too long",
            "give 10 seconds to 10 minutes; a player says that it is alive every 10 seconds",
        );
    }
    ms
}

fn pace(display: &Display) -> Pace {
    match display {
        Display::Page | Display::Touchkio { .. } => Pace::GLASS,
        Display::Anthias { .. } => Pace {
            confirm_ms: ANTHIAS_CONFIRM_MS,
            ..Pace::GLASS
        },
        Display::OpenEpaperLink(tag) => Pace {
            confirm_ms: PAPER_CONFIRM_MS,
            hold_ms: u32::try_from(tag.hold.as_millis()).unwrap_or(u32::MAX),
        },
    }
}

fn display(raw: &Raw, key: &str, folder: &Path, report: &mut Report<'_>) -> Display {
    let kind = raw.display.unwrap_or(DisplayKind::Page);
    check_keys(raw, kind, key, report);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match kind {
        DisplayKind::Page => Display::Page,
        DisplayKind::Touchkio => {
            check_topic(&text(&raw.topic), key, report);
            Display::Touchkio {
                topic: text(&raw.topic),
                page: url(
                    raw.page.as_deref(),
                    &["http://", "https://"],
                    &format!("{key}.page"),
                    report,
                ),
            }
        }
        DisplayKind::Anthias => Display::Anthias {
            address: url(
                raw.address.as_deref(),
                &["http://"],
                &format!("{key}.address"),
                report,
            ),
            page: url(
                raw.page.as_deref(),
                &["http://", "https://"],
                &format!("{key}.page"),
                report,
            ),
            login: login(raw, key, folder, report),
        },
        DisplayKind::OpenEpaperLink => Display::OpenEpaperLink(tag(raw, key, folder, report)),
    }
}

/// Which keys mean something for which display, and whether it needs them.
fn check_keys(raw: &Raw, kind: DisplayKind, key: &str, report: &mut Report<'_>) {
    use DisplayKind::{Anthias, OpenEpaperLink, Touchkio};
    for (name, given, owners, needed) in [
        ("topic", raw.topic.is_some(), &[Touchkio][..], true),
        ("page", raw.page.is_some(), &[Touchkio, Anthias], true),
        (
            "address",
            raw.address.is_some(),
            &[Anthias, OpenEpaperLink],
            true,
        ),
        ("username", raw.username.is_some(), &[Anthias], false),
        (
            "password_file",
            raw.password_file.is_some(),
            &[Anthias],
            false,
        ),
        ("mac", raw.mac.is_some(), &[OpenEpaperLink], true),
        ("size", raw.size.is_some(), &[OpenEpaperLink], true),
        ("font", raw.font.is_some(), &[OpenEpaperLink], true),
        ("hold", raw.hold.is_some(), &[OpenEpaperLink], false),
    ] {
        let is_owner = owners.contains(&kind);
        if given && !is_owner {
            let owners: Vec<_> = owners.iter().map(|o| format!("{:?}", word(*o))).collect();
            report.error(
                &format!("{key}.{name}"),
                format!("{name:?} means nothing for display {:?}", word(kind)),
                format!("remove it, or set display = {}", owners.join(" or ")),
            );
        } else if needed && is_owner && !given {
            report.error(
                &format!("{key}.display"),
                format!("display {:?} needs {name:?}", word(kind)),
                format!("add {}", example(name)),
            );
        }
    }
}

const fn word(kind: DisplayKind) -> &'static str {
    match kind {
        DisplayKind::Page => "page",
        DisplayKind::Touchkio => "touchkio",
        DisplayKind::Anthias => "anthias",
        DisplayKind::OpenEpaperLink => "open-epaper-link",
    }
}

fn example(name: &str) -> &'static str {
    match name {
        "topic" => "topic = \"touchkio/rpi_A1B2C3\", as the kiosk's log names it",
        "page" => "page = \"http://10.0.0.2:8080\", where the display reaches this gateway",
        "address" => "address = \"http://10.0.0.30\", where this gateway reaches it",
        "mac" => "mac = \"0000021F12345678\", as the access point lists the tag",
        "size" => "size = [296, 128], the tag's pixels across and down",
        _ => "font = \"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf\"",
    }
}

fn check_topic(topic: &str, key: &str, report: &mut Report<'_>) {
    let wild = topic.contains(['+', '#']);
    let slashes = topic.starts_with('/') || topic.ends_with('/') || topic.contains("//");
    if wild || slashes {
        report.error(
            &format!("{key}.topic"),
            format!("{topic:?} cannot stand in a topic"),
            "leave out +, # and slashes at the ends, such as \"touchkio/rpi_A1B2C3\"",
        );
    }
}

/// Scheme, host and port, and nothing behind them.
fn url(text: Option<&str>, schemes: &[&str], key: &str, report: &mut Report<'_>) -> String {
    let Some(text) = text else {
        return String::new();
    };
    let bare = text.strip_suffix('/').unwrap_or(text);
    let place = schemes.iter().find_map(|scheme| bare.strip_prefix(scheme));
    let is_host = |host: &str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    };
    let fits = place.is_some_and(|place| match place.split_once(':') {
        Some((host, port)) => is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0),
        None => is_host(place),
    });
    let remedy = format!(
        "write {} a host name or IPv4 address, and a port if need be",
        schemes.join(" or ")
    );
    if text.contains('@') {
        // Said at the screen's name: the line itself must not reach a log.
        report.error(
            key.rsplit_once('.').map_or(key, |(screen, _)| screen),
            "user names and passwords do not belong into an address",
            remedy,
        );
    } else if !fits {
        report.error(
            key,
            format!("{text:?} is not an address of a machine"),
            remedy,
        );
    }
    bare.to_owned()
}

fn login(
    raw: &Raw,
    key: &str,
    folder: &Path,
    report: &mut Report<'_>,
) -> Option<(String, PathBuf)> {
    match (&raw.username, &raw.password_file) {
        (Some(user), Some(file)) => Some((user.clone(), folder.join(file))),
        (None, None) => None,
        (user, _) => {
            let (there, missing) = if user.is_some() {
                ("username", "password_file")
            } else {
                ("password_file", "username")
            };
            report.error(
                &format!("{key}.{there}"),
                format!("{there:?} without {missing:?}"),
                format!("add {missing}, or remove both if the player asks for no password"),
            );
            None
        }
    }
}

fn tag(raw: &Raw, key: &str, folder: &Path, report: &mut Report<'_>) -> Tag {
    let [width, height] = raw.size.map_or([296, 128], |size| size.0);
    let font = folder.join(raw.font.as_deref().unwrap_or_default());
    if raw.font.is_some() && !font.is_file() {
        report.warn(
            &format!("{key}.font"),
            "there is no such file on this machine: the gateway could not set the labels",
            "install a font with the shop's letters, such as Debian's fonts-dejavu-core",
        );
    }
    let hold_ms = raw.hold.as_ref().map_or(PAPER_HOLD_MS, |d| d.0);
    if !(HOLD_MS.0..=HOLD_MS.1).contains(&hold_ms) {
        report.error(
            &format!("{key}.hold"),
            "this is too short for a battery, or too long for an offer",
            format!("give {} to {}", in_words(HOLD_MS.0), in_words(HOLD_MS.1)),
        );
    }
    Tag {
        address: url(
            raw.address.as_deref(),
            &["http://"],
            &format!("{key}.address"),
            report,
        ),
        mac: mac(raw.mac.as_deref(), &format!("{key}.mac"), report),
        width,
        height,
        font,
        hold: Duration::from_millis(hold_ms),
    }
}

/// The access point fills twelve digits up with zeros in front.
fn mac(text: Option<&str>, key: &str, report: &mut Report<'_>) -> String {
    let Some(text) = text else {
        return String::new();
    };
    let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hex || !matches!(text.len(), 12 | 16) {
        report.error(
            key,
            format!("{text:?} is not the address of a tag"),
            "write its 12 or 16 hexadecimal digits without colons, as the access point lists it",
        );
    }
    format!("{:0>16}", text.to_ascii_uppercase())
}
