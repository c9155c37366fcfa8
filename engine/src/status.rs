//! The engine as seen from outside, put together on request.

use crate::{
    Engine, Now, decide,
    plan::{Bits, OfferIx, SensorIx, SensorKind},
    time::Mono,
    trial::Lift,
    view::{
        AirStatus, OfferStatus, ScannerStatus, ScreenPhase, ScreenStatus, SensorStatus, Status,
        VisitStatus, ZoneStatus,
    },
};

impl Engine {
    /// The shop as the engine sees it now.
    pub fn status(&self, now: Now) -> Status {
        Status {
            visits: self.visit_statuses(now),
            zones: self.zone_statuses(now),
            scanners: self.scanner_statuses(now),
            air: self.air_status(now),
            sensors: self.sensor_statuses(now),
            screens: self.screen_statuses(now),
            offers: self.offer_statuses(now),
            campaigns: self.campaign_statuses(),
            pauses: self.pauses().iter().cloned().collect(),
            enrolled: self.consents.enrolled() as u32,
            // The doors count from nothing at each start; whoever is followed is
            // certainly inside.
            people: self
                .context
                .people(now.mono, &self.plan)
                .map(|by_doors| by_doors.max(self.presence.visits().len() as u32)),
            wall_synced: now.wall.known().is_some(),
        }
    }

    fn visit_statuses(&self, now: Now) -> Vec<VisitStatus> {
        let visits = self.presence.visits().iter();
        let mut statuses: Vec<VisitStatus> = visits
            .map(|v| VisitStatus {
                visit: v.number,
                x_m: v.place.at.x,
                y_m: v.place.at.y,
                level: v.place.level,
                ellipse: v.place.ellipse(),
                zone: v.zone().map(|z| self.plan.zones[z.at()].id.clone()),
                probability: v.probability(),
                dwell_ms: v.dwell_ms(now.mono),
                silent_ms: now.mono.since_ms(v.heard),
            })
            .collect();
        statuses.sort_by_key(|v| v.visit);
        statuses
    }

    fn zone_statuses(&self, now: Now) -> Vec<ZoneStatus> {
        let visits = self.presence.visits();
        let zones = self.plan.zones.iter().enumerate();
        zones
            .map(|(index, zone)| {
                let only = Bits::NONE.with(index as u8);
                ZoneStatus {
                    id: zone.id.clone(),
                    shoppers: visits.iter().map(|v| v.within(only)).sum(),
                    people: self.context.crowd(now.mono, &self.plan, only, visits),
                }
            })
            .collect()
    }

    fn scanner_statuses(&self, now: Now) -> Vec<ScannerStatus> {
        let streams = self.ingest.streams().iter();
        let scanners = self.plan.scanners.iter().zip(streams);
        scanners
            .map(|(scanner, stream)| ScannerStatus {
                id: scanner.id.clone(),
                silent_ms: stream.last.map(|last| now.mono.since_ms(last)),
                sightings: stream.sightings,
                impossible_ms: stream.impossible.map(|at| now.mono.since_ms(at)),
                flooded_ms: stream.flooded.map(|at| now.mono.since_ms(at)),
            })
            .collect()
    }

    fn air_status(&self, now: Now) -> AirStatus {
        let visits = self.presence.visits().iter();
        let since = |at: Option<Mono>| at.map(|at| now.mono.since_ms(at));
        AirStatus {
            doubled: visits.filter(|v| v.is_doubled()).count() as u32,
            replayed_ms: since(self.foul.replayed),
            flooded_ms: since(self.foul.flooded),
            unresolved_ms: since(self.foul.unresolved),
        }
    }

    fn sensor_statuses(&self, now: Now) -> Vec<SensorStatus> {
        let sensors = self.plan.sensors.iter().enumerate();
        sensors
            .map(|(index, sensor)| {
                let index = SensorIx(index as u16);
                let milli = self.context.value_milli(now.mono, &self.plan, index);
                SensorStatus {
                    id: sensor.id.clone(),
                    value: milli.map(|m| m as f32 / 1_000.0),
                    unit: sensor.kind.unit(),
                    silent_ms: self.context.state(index).last.map(|l| now.mono.since_ms(l)),
                }
            })
            .collect()
    }

    fn screen_statuses(&self, now: Now) -> Vec<ScreenStatus> {
        let screens = self.plan.screens.iter().zip(self.deliver.screens());
        screens
            .zip(&self.decisions)
            .map(|((spec, state), decision)| {
                let silent_ms = state.heard.map(|h| now.mono.since_ms(h));
                let silent = silent_ms.is_none_or(|ms| ms >= spec.silent_after_ms);
                let shown = state.showing().map(|s| &s.planned);
                let offer = shown.map(|planned| &self.plan.offers[planned.offer.at()]);
                ScreenStatus {
                    id: spec.id.clone(),
                    offer: offer.map(|o| o.id.clone()),
                    creative: shown.and_then(|planned| planned.creative().cloned()),
                    commanded: state.commanded,
                    painted: state.painted,
                    phase: if silent {
                        ScreenPhase::Silent
                    } else {
                        state.phase()
                    },
                    why: match decision {
                        _ if silent => "the screen says nothing: nothing is sent to it".to_owned(),
                        None => "house loop: nothing decided yet".to_owned(),
                        Some(decision) => decide::why(&self.plan, decision),
                    },
                    silent_ms,
                }
            })
            .collect()
    }

    /// What every offer of the plan brought, as far as anything happened.
    pub fn lifts(&self) -> Vec<Lift> {
        let offers = (0..self.plan.offers.len() as u16).map(OfferIx);
        offers.filter_map(|offer| self.lift(offer)).collect()
    }

    fn lift(&self, index: OfferIx) -> Option<Lift> {
        let tally = self.tallies.trial(index)?;
        Some(Lift::of(&self.plan.offers[index.at()], tally))
    }

    fn offer_statuses(&self, now: Now) -> Vec<OfferStatus> {
        let today = now.wall.known().map(|w| self.plan.local_time.at(w).day);
        let offers = self.plan.offers.iter().enumerate();
        offers
            .map(|(index, offer)| {
                let tally = self
                    .tallies
                    .of(OfferIx(index as u16))
                    .cloned()
                    .unwrap_or_default();
                let lift = self.lift(OfferIx(index as u16));
                OfferStatus {
                    id: offer.id.clone(),
                    showings: tally.showings,
                    showings_today: if today == Some(tally.day) {
                        tally.showings_today
                    } else {
                        0
                    },
                    left: offer.budget.showings.saturating_sub(tally.showings),
                    painted: tally.painted,
                    seen_s: tally.seen_ms as f32 / 1_000.0,
                    baskets: tally.redeemed.map(|r| r.baskets),
                    codes: self.tallies.codes_of(OfferIx(index as u16)).redeemed,
                    told: lift.as_ref().map_or_else(Vec::new, Lift::told),
                    ramp: lift.and_then(|lift| lift.ramp),
                    vouchers: self.voucher_status(offer),
                }
            })
            .collect()
    }
}

impl SensorKind {
    /// The unit in which its value is told.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Temperature => "°C",
            Self::Humidity => "%",
            Self::Light => "lx",
            Self::Occupancy => "occupied",
            Self::Button => "pressed",
            Self::Door | Self::Queue => "people",
            Self::ShelfWeight => "g",
            Self::Stock => "pieces",
            Self::Price => "smallest units",
            Self::Number => "",
        }
    }
}
