//! One shopper's stay.

use super::{
    Shown, Tag, Taken,
    ear::{Ear, HALF_MS, HALVES},
    fading::{Fading, LESSONS_MAX},
    filter::{self, Look, Work},
    floor::Floor,
    lesson::Lesson,
    place::Place,
    power::{Offset, Power},
    settle::Settled,
    surety,
    twins::{self, Twins},
};
use crate::{
    plan::{Bits, OfferIx, PresenceSettings, StorePlan, ZoneIx},
    shopper::ShopperId,
    strength::Strength,
    time::Mono,
};
use serde::{Deserialize, Serialize};

/// Most beacons of one shopper told apart; further ones share the last place.
const SENDERS_MAX: usize = 4;
/// A scanner is silent, and not just unlucky, when it has heard nothing for this
/// many times the usual pause, and at least for so long, ms.
const SILENT_PAUSES: f32 = 6.0;
const SILENT_MS_MIN: u64 = 2_000;
/// Between two looks at who is silent, ms; also how long a scanner may hear
/// nobody at all before it is taken for dead.
const SILENCE_EVERY_MS: u64 = 2_000;
const DEAD_AFTER_MS: u64 = 10_000;
/// How fast the usual pause follows.
const PAUSE_GAIN: f32 = 0.05;

/// One shopper's stay.
#[derive(Debug, Serialize, Deserialize)]
pub struct Visit {
    /// Who.
    pub shopper: ShopperId,
    /// A number that means nothing tomorrow.
    pub number: u32,
    /// When the visit began.
    pub arrived: Mono,
    /// When last heard.
    pub heard: Mono,
    /// Since when in the present zone.
    pub zone_since: Mono,
    /// Probability of each zone, as surely as there is reason to say it.
    pub probabilities: Vec<f32>,
    /// What has been shown to this visit, and how often.
    pub shown: Shown,
    /// Where, and how surely.
    pub place: Place,
    settled: Settled,
    belief: Vec<f32>,
    senders: Vec<Sender>,
    offsets: Vec<Offset>,
    lesson: Lesson,
    /// Lessons given on how radio fades here, in this visit and the one just before.
    pub(super) taught: u16,
    twins: Twins,
    /// Usual pause between two looks of one scanner, ms.
    pause_ms: f32,
    silence_at: Mono,
}

/// One of the shopper's beacons: each has a power of its own.
#[derive(Debug, Serialize, Deserialize)]
struct Sender {
    tag: Tag,
    power: Power,
    ears: Vec<Ear>,
}

/// What a step changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stepped {
    /// Another zone.
    pub moved: bool,
    /// The identity turned out to be in two places.
    pub doubled: bool,
}

impl Visit {
    /// Begins one, with nothing known of where.
    pub(super) fn new(shopper: ShopperId, number: u32, at: Mono, floor: &Floor) -> Self {
        let mut visit = Self {
            shopper,
            number,
            arrived: at,
            heard: at,
            zone_since: at,
            probabilities: Vec::new(),
            shown: Vec::new(),
            place: Place::certain(floor.grid.origin, 0),
            settled: Settled::new(floor.zones),
            belief: Vec::new(),
            senders: Vec::new(),
            offsets: Vec::new(),
            lesson: Lesson::default(),
            taught: 0,
            twins: Twins::default(),
            pause_ms: HALF_MS as f32,
            silence_at: at,
        };
        visit.begin(at, floor);
        visit
    }

    /// A visit that is certainly in a zone since a moment, as described in a
    /// rehearsal.
    pub fn certain(plan: &StorePlan, shopper: ShopperId, zone: ZoneIx, since: Mono) -> Self {
        let middle = plan.zones[zone.at()].area.middle();
        let one_hot = (0..plan.zones.len()).map(|z| f32::from(u8::from(z == zone.at())));
        Self {
            shopper,
            number: 1,
            arrived: since,
            heard: since,
            zone_since: since,
            probabilities: one_hot.collect(),
            shown: Vec::new(),
            place: Place::certain(middle, plan.zones[zone.at()].level),
            settled: Settled::certain(plan.zones.len(), zone),
            belief: Vec::new(),
            senders: Vec::new(),
            offsets: Vec::new(),
            lesson: Lesson::default(),
            taught: 0,
            twins: Twins::default(),
            pause_ms: 0.0,
            silence_at: since,
        }
    }

    /// The zone the visit is in, if one is sure enough.
    pub fn zone(&self) -> Option<ZoneIx> {
        self.settled.zone()
    }

    /// Probability of being in any of these zones.
    pub fn within(&self, zones: Bits) -> f32 {
        let known = |z: u8| self.probabilities.get(usize::from(z));
        zones.iter().filter_map(known).sum()
    }

    /// Probability of the current zone, or of the likeliest.
    pub fn probability(&self) -> f32 {
        self.zone().map_or_else(
            || self.probabilities.iter().copied().fold(0.0, f32::max),
            |zone| self.probabilities[zone.at()],
        )
    }

    /// Whether this identity is heard in two places at once; then it is in none.
    pub fn is_doubled(&self) -> bool {
        self.twins.certain()
    }

    /// How often this visit was shown an offer.
    pub fn shown_of(&self, offer: OfferIx) -> u16 {
        let shown = self.shown.iter().find(|(o, _)| *o == offer);
        shown.map_or(0, |(_, count)| *count)
    }

    /// Notes a charge against the visit's cap. It is not given back when the
    /// picture never appeared: one offer fewer is the smaller harm.
    pub fn charge(&mut self, offer: OfferIx) {
        match self.shown.iter_mut().find(|(o, _)| *o == offer) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.shown.push((offer, 1)),
        }
    }

    /// How long in the current zone, ms.
    pub fn dwell_ms(&self, now: Mono) -> u64 {
        self.zone().map_or(0, |_| now.since_ms(self.zone_since))
    }

    /// The belief, by cell.
    pub(super) fn belief(&self) -> &[f32] {
        &self.belief
    }

    /// How strong the beacon heard first was found to be.
    pub(super) fn power(&self) -> Option<Power> {
        self.senders.first().map(|sender| sender.power)
    }

    /// How far scanners are from what the map says of them.
    pub(super) fn offsets(&self) -> &[Offset] {
        &self.offsets
    }

    /// Begins anew on this floor, with nothing known of where.
    pub(super) fn begin(&mut self, at: Mono, floor: &Floor) {
        self.belief.clone_from(&floor.grid.even);
        let kept = floor.kept_db.iter();
        self.offsets = kept.map(|db| Offset::new(*db, &floor.map.tuning)).collect();
        self.senders.clear();
        self.lesson = Lesson::default();
        self.twins = Twins::default();
        self.silence_at = at;
        floor.probabilities(&self.belief, &mut self.probabilities);
        self.place = floor.place(&self.belief);
    }

    /// Whether a visit that was read from a recording is one on this floor.
    pub(super) fn fits(&self, floor: &Floor, scanners: usize) -> bool {
        let senders = self.senders.iter();
        self.belief.len() == floor.grid.even.len()
            && self.probabilities.len() == floor.zones
            && self.offsets.len() == scanners
            && self.settled.zones() == floor.zones
            && senders.map(|s| s.ears.len()).all(|ears| ears == scanners)
    }

    /// Takes another plan's zones over.
    pub(super) fn rename(&mut self, zones: usize, zone: Option<ZoneIx>) {
        self.settled = zone.map_or_else(|| Settled::new(zones), |z| Settled::certain(zones, z));
    }

    /// A scanner heard one of the shopper's beacons, in this half of the step.
    pub(super) fn hear(
        &mut self,
        at: Mono,
        half: usize,
        tag: Tag,
        floor: &Floor,
        (scanner, strength): (usize, Strength),
    ) -> Taken {
        let known = self.senders.iter().position(|s| s.tag == tag);
        let sender = match known {
            Some(sender) => sender,
            None if self.senders.len() < SENDERS_MAX => {
                self.senders.push(Sender::new(tag, at, floor));
                self.senders.len() - 1
            }
            None => SENDERS_MAX - 1,
        };
        let fades_ms = floor.map.tuning.fades_ms;
        let taken = self.senders[sender].ears[scanner].hear(at, half, strength, fades_ms);
        if taken == Taken::Known {
            self.heard = self.heard.max(at);
        }
        taken
    }

    /// A step passed, of so many halves; the last two may have brought something.
    pub(super) fn step(
        &mut self,
        now: Mono,
        halves: u64,
        (floor, settings): (&Floor, &PresenceSettings),
        work: &mut Work,
        fading: &mut Option<Fading>,
    ) -> Stepped {
        for _ in HALVES as u64..halves {
            floor
                .stroll
                .pass(&floor.grid, &mut self.belief, &mut work.scratch);
        }
        let mut any = false;
        let teaches = self.lesson.goes_on(floor.map.tuning.lesson_halves);
        work.words.clear();
        for half in 0..HALVES {
            let until = now.before_ms((HALVES - 1 - half) as u64 * HALF_MS);
            floor
                .stroll
                .pass(&floor.grid, &mut self.belief, &mut work.scratch);
            any |= self.weigh(until, half, floor, work);
            floor.probabilities(&self.belief, &mut self.probabilities);
            self.settled
                .smooth(&self.probabilities, floor.map.tuning.smooth_kept);
        }
        if any && now.since_ms(self.silence_at) >= SILENCE_EVERY_MS {
            self.silence_at = now;
            self.weigh_silence(now, floor, work);
            floor.probabilities(&self.belief, &mut self.probabilities);
        }
        self.place = floor.place(&self.belief);
        self.lesson.walked_to(self.place.at);
        let doubled = self.look_for_twins(now, floor);
        if let Some(fading) = fading
            && teaches
            && self.taught < LESSONS_MAX
            && !self.twins.certain()
            && fading.teach(&self.place, &work.words)
        {
            self.taught += 1;
        }
        let moved = if self.twins.certain() {
            self.probabilities.fill(0.0);
            self.settled.leave()
        } else {
            any && self.settled.settle(settings, self.spoken())
        };
        surety::raise(&mut self.probabilities, floor.surety);
        if moved {
            self.zone_since = now;
        }
        Stepped { moved, doubled }
    }

    /// How many scanners have heard any of the shopper's beacons in this visit.
    fn spoken(&self) -> usize {
        let ears = self.offsets.len();
        let heard = |scanner: &usize| self.senders.iter().any(|s| s.ears[*scanner].has_heard());
        (0..ears).filter(heard).count()
    }

    /// Folds in what half a step brought; whether anything was.
    fn weigh(&mut self, until: Mono, half: usize, floor: &Floor, work: &mut Work) -> bool {
        let mut any = false;
        let tuning = &floor.map.tuning;
        let lesson_db2 = self
            .lesson
            .goes_on(tuning.lesson_halves)
            .then(|| floor.doubt(&self.place));
        for sender in &mut self.senders {
            work.looks.clear();
            for (scanner, ear) in sender.ears.iter_mut().enumerate() {
                if let Some(said) = ear.take(half, until) {
                    self.pause_ms += PAUSE_GAIN * (said.gap_ms as f32 - self.pause_ms);
                    work.looks
                        .push(Look::new(scanner, said, self.offsets[scanner], tuning));
                }
            }
            any |= !work.looks.is_empty();
            filter::weigh(
                &floor.map,
                &mut self.belief,
                &mut sender.power,
                &mut self.offsets,
                lesson_db2,
                work,
            );
            if half + 1 == HALVES && !work.looks.is_empty() {
                work.words.clear();
                let words = work.looks.iter().map(|look| look.word(sender.power));
                work.words.extend(words);
            }
        }
        if any {
            self.lesson.taught();
        }
        any
    }

    /// Absence is evidence: of a scanner that hears others, and that should
    /// have heard this beacon long ago.
    fn weigh_silence(&mut self, now: Mono, floor: &Floor, work: &mut Work) {
        let long_ms = ((SILENT_PAUSES * self.pause_ms) as u64).max(SILENT_MS_MIN);
        // The beacon heard last is the one that speaks at all.
        let last_heard = |s: &&Sender| s.ears.iter().map(|e| e.silent_ms(now)).min();
        let Some(sender) = self.senders.iter().min_by_key(last_heard) else {
            return;
        };
        work.looks.clear();
        for (scanner, ear) in sender.ears.iter().enumerate() {
            let silent_ms = ear.silent_ms(now);
            if silent_ms >= long_ms && now.since_ms(floor.alive[scanner]) < DEAD_AFTER_MS {
                let offset = self.offsets[scanner];
                work.looks
                    .push(Look::silent(scanner, silent_ms, offset, &floor.map.tuning));
            }
        }
        filter::weigh_silence(&floor.map, &mut self.belief, sender.power, work);
    }

    fn look_for_twins(&mut self, now: Mono, floor: &Floor) -> bool {
        let (mut any, mut apart) = (false, false);
        for sender in &mut self.senders {
            let offsets = &self.offsets;
            let mut peaks = [None; crate::plan::MAX_BITS];
            for (scanner, ear) in sender.ears.iter_mut().enumerate() {
                peaks[scanner] = ear.take_peak().map(|peak| peak - offsets[scanner].db);
                any |= peaks[scanner].is_some();
            }
            let heard = peaks.iter().enumerate();
            let heard = heard.filter_map(|(scanner, peak)| Some((scanner, (*peak)?)));
            apart |= twins::too_strong(&floor.map, sender.power, heard)
                || sender.tag.stays() && twins::swings(now, &sender.ears);
        }
        // Once for all of them: a phone that is not copied does not speak for a fob that is.
        any && self.twins.note(apart)
    }
}

impl Sender {
    fn new(tag: Tag, at: Mono, floor: &Floor) -> Self {
        Self {
            tag,
            power: Power {
                mean_db: floor.map.power_dbm,
                variance: floor.map.power_variance,
            },
            ears: vec![Ear::new(at); floor.map.expected.len()],
        }
    }
}
