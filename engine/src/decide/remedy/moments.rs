//! What time changes by itself.

use super::Remedy;
use crate::{
    Now,
    decide::{Reason, Scene, guard, pacing},
    plan::{Offer, OfferIx},
    time::{LocalMoment, UnixMs, Wall},
    trial,
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A week and a day: hours and weekdays that do not meet in it never do.
const DAYS_AHEAD: i32 = 8;
/// So many slots or blocks ahead somebody may still wait for.
const SLOTS_AHEAD: i64 = 7 * 96;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

pub(super) fn remedy(scene: &Scene<'_>, index: OfferIx, reason: Reason) -> Remedy {
    let offer = &scene.plan.offers[index.at()];
    let Some(now) = scene.now.wall.known() else {
        return Remedy::words("a known date: the gateway's clock needs a time server");
    };
    match reason {
        Reason::OutOfDates => dates(scene, offer, now),
        Reason::OutOfHours => match opens(scene, offer, now) {
            Some(at) => from(scene, now, at, ""),
            None => Remedy::words(
                "other hours or weekdays: no open hour of the shop is among its own before it ends",
            ),
        },
        Reason::Pacing => match paced(scene, index, offer, now) {
            Some(at) => from(
                scene,
                now,
                at,
                ", when the day has caught up with its budget",
            ),
            None => from(
                scene,
                now,
                midnight(scene, now),
                ", with the next day's budget",
            ),
        },
        Reason::Budget => budget(scene, index, offer, now),
        Reason::ScreenHour => {
            let next = UnixMs((now.0.div_euclid(HOUR_MS) + 1) * HOUR_MS);
            from(
                scene,
                now,
                next,
                ", with the next hour; or a higher `per_screen_hour`",
            )
        }
        Reason::GuardTurn => match turn(scene, offer, now) {
            Some(at) => from(scene, now, at, ", its next turn on this screen"),
            None => Remedy::words("its turn, which the guard draws by key: none within a week"),
        },
        _ => match switched(scene, offer, now) {
            Some(at) => from(scene, now, at, ", when its switchback is on again"),
            None => Remedy::words("a switchback that is on"),
        },
    }
}

/// From a moment on, as the shop's clock says it.
fn from(scene: &Scene<'_>, now: UnixMs, at: UnixMs, why: &str) -> Remedy {
    let local = scene.plan.local_time.at(at);
    let days = local.day - scene.plan.local_time.at(now).day;
    let clock = format!("{:02}:{:02}", local.minute / 60, local.minute % 60);
    let when = match days {
        0 => format!("from {clock}"),
        1..7 => format!("from {} {clock}", WEEKDAYS[usize::from(local.weekday % 7)]),
        _ => format!("in {days} days, {clock}"),
    };
    Remedy {
        words: format!("{when}{why}"),
        from: Some(at),
    }
}

fn dates(scene: &Scene<'_>, offer: &Offer, now: UnixMs) -> Remedy {
    match offer.schedule.from.filter(|begins| now < *begins) {
        Some(begins) => from(scene, now, begins, ", its first day"),
        None => Remedy::words("a later `last_day`: it is over"),
    }
}

fn budget(scene: &Scene<'_>, index: OfferIx, offer: &Offer, now: UnixMs) -> Remedy {
    let used = scene.tallies.of(index).map_or(0, |tally| tally.showings);
    if used < offer.budget.showings {
        let day = offer.budget.showings_per_day.unwrap_or_default();
        let why = format!(", with the next day's {day} showings; or more `showings_per_day`");
        return from(scene, now, midnight(scene, now), &why);
    }
    let budget = offer.budget.showings;
    Remedy::words(format!(
        "a higher budget: {used} of {budget} showings are used"
    ))
}

/// The first moment at which both the offer and the shop are in their hours.
/// That is where a range of either begins, or a weekday.
fn opens(scene: &Scene<'_>, offer: &Offer, now: UnixMs) -> Option<UnixMs> {
    let hours = |s: &crate::plan::Schedule| s.hours.iter().map(|h| h.from_minute).collect();
    let mut starts: Vec<u16> = hours(&offer.schedule);
    starts.extend::<Vec<u16>>(hours(&scene.plan.opening));
    starts.push(0);
    starts.sort_unstable();
    let today = scene.plan.local_time.at(now).day;
    let moments = (today..today + DAYS_AHEAD)
        .flat_map(|day| starts.iter().map(move |minute| (day, *minute)))
        .map(|(day, minute)| moment(scene, now, day, minute));
    let mut open = moments.filter(|at| {
        let local = scene.plan.local_time.at(*at);
        *at > now && offer.schedule.in_week(local) && scene.plan.opening.in_week(local)
    });
    open.next().filter(|at| offer.schedule.in_dates(*at))
}

/// The first minute of today at which its pace lets it go on.
fn paced(scene: &Scene<'_>, index: OfferIx, offer: &Offer, now: UnixMs) -> Option<UnixMs> {
    let day = scene.day()?;
    let is_paced = |minutes: &i64| {
        let at = UnixMs(now.0 + minutes * MINUTE_MS);
        let scene = Scene {
            now: Now {
                mono: scene.now.mono,
                wall: Wall::Synced(at),
            },
            ..*scene
        };
        pacing::pace(&scene, index, offer, day).is_ok()
    };
    let left = (midnight(scene, now).0 - now.0) / MINUTE_MS;
    // What is due only grows over the day.
    let (mut low, mut high) = (0, left.max(1) - 1);
    is_paced(&high).then(|| {
        while low < high {
            let middle = i64::midpoint(low, high);
            if is_paced(&middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        UnixMs(now.0 + low * MINUTE_MS)
    })
}

fn turn(scene: &Scene<'_>, offer: &Offer, now: UnixMs) -> Option<UnixMs> {
    let settings = scene.guarding.settings(&scene.plan.guard)?;
    let first = now.0.div_euclid(guard::SLOT_MS) + 1;
    let mut begins = (first..first + SLOTS_AHEAD).map(|slot| UnixMs(slot * guard::SLOT_MS));
    begins.find(|at| {
        let slot = guard::GuardSlot::new(scene.seed, &settings, *at);
        guard::has_turn(slot, scene.screen, offer)
    })
}

fn switched(scene: &Scene<'_>, offer: &Offer, now: UnixMs) -> Option<UnixMs> {
    let length = offer.trial.switchback_ms?;
    let next = trial::block_at(now, length) + 1;
    let mut begins = (next..next + SLOTS_AHEAD).map(|block| UnixMs(block * length as i64));
    begins.find(|at| trial::is_switched_on(offer, scene.screen(), *at))
}

/// When the next local day begins.
fn midnight(scene: &Scene<'_>, now: UnixMs) -> UnixMs {
    moment(scene, now, scene.plan.local_time.at(now).day + 1, 0)
}

/// A moment of the shop's calendar.
fn moment(scene: &Scene<'_>, now: UnixMs, day: i32, minute: u16) -> UnixMs {
    let time = &scene.plan.local_time;
    let here: LocalMoment = time.at(now);
    let minutes = i64::from(day - here.day) * 1_440 + i64::from(minute) - i64::from(here.minute);
    let at = UnixMs((now.0.div_euclid(MINUTE_MS) + minutes) * MINUTE_MS);
    // A change of the clock in between shifts what the same minute means.
    let shift = i64::from(time.offset_s(now)) - i64::from(time.offset_s(at));
    UnixMs(at.0 + shift * 1_000)
}
