//! What the console draws its map from. Changes only with the plan.

use super::App;
use axum::{Json, extract::State};
use engine::plan::{Level, Point, Polygon, Sensitivity, SensorKind, StorePlan};
use protocol::{
    id::{OfferId, ScannerId, ScreenId, SensorId, StoreId, ZoneId},
    screen::Creative,
};
use serde::Serialize;
use std::sync::Arc;

/// The floor and what stands on it.
#[derive(Debug, Serialize)]
pub(super) struct Floor {
    store: StoreId,
    name: String,
    /// Whether this is a simulated shop.
    demo: bool,
    /// Changes when the gateway was started again.
    server: String,
    /// From the ground floor up.
    levels: Vec<Level>,
    zones: Vec<Zone>,
    scanners: Vec<Scanner>,
    sensors: Vec<Sensor>,
    screens: Vec<Screen>,
    offers: Vec<Offer>,
    /// Names that profiles and offers use.
    segments: Vec<String>,
    house: Vec<Creative>,
}

#[derive(Debug, Serialize)]
struct Zone {
    id: ZoneId,
    label: String,
    area: Polygon,
    middle: Point,
    entrance: bool,
    level: u8,
}

#[derive(Debug, Serialize)]
struct Scanner {
    id: ScannerId,
    at: Point,
    level: u8,
}

#[derive(Debug, Serialize)]
struct Sensor {
    id: SensorId,
    at: Point,
    /// Label of the zone it speaks for.
    zone: Option<String>,
    kind: SensorKind,
    level: u8,
}

#[derive(Debug, Serialize)]
struct Screen {
    id: ScreenId,
    label: String,
    at: Point,
    level: u8,
}

#[derive(Debug, Serialize)]
struct Offer {
    id: OfferId,
    title: String,
    sensitivity: Sensitivity,
}

/// The plan in force.
pub(super) async fn plan(State(app): State<Arc<App>>) -> Json<Floor> {
    let plan = app.shop.plan();
    Json(Floor {
        store: plan.store.clone(),
        name: plan.name.clone(),
        demo: app.demo,
        server: app.server.clone(),
        levels: levels(&plan),
        zones: zones(&plan),
        scanners: scanners(&plan),
        sensors: sensors(&plan),
        screens: screens(&plan),
        offers: offers(&plan),
        segments: plan.segments.clone(),
        house: plan.house_loop.clone(),
    })
}

fn levels(plan: &StorePlan) -> Vec<Level> {
    let levels = plan.levels().map(|(outline, obstacles)| Level {
        outline: outline.clone(),
        obstacles: obstacles.to_vec(),
    });
    levels.collect()
}

fn zones(plan: &StorePlan) -> Vec<Zone> {
    let zones = plan.zones.iter().map(|zone| Zone {
        id: zone.id.clone(),
        label: zone.label.clone(),
        area: zone.area.clone(),
        middle: zone.area.middle(),
        entrance: zone.entrance,
        level: zone.level,
    });
    zones.collect()
}

fn scanners(plan: &StorePlan) -> Vec<Scanner> {
    let scanners = plan.scanners.iter().map(|scanner| Scanner {
        id: scanner.id.clone(),
        at: scanner.at,
        level: scanner.level,
    });
    scanners.collect()
}

fn sensors(plan: &StorePlan) -> Vec<Sensor> {
    let sensors = plan.sensors.iter().map(|sensor| Sensor {
        id: sensor.id.clone(),
        at: sensor.at,
        zone: sensor.zone.map(|zone| plan.zones[zone.at()].label.clone()),
        kind: sensor.kind,
        // A sensor of the whole shop is drawn where its floor plan begins.
        level: sensor.zone.map_or(0, |zone| plan.zones[zone.at()].level),
    });
    sensors.collect()
}

fn screens(plan: &StorePlan) -> Vec<Screen> {
    let screens = plan.screens.iter().map(|screen| Screen {
        id: screen.id.clone(),
        label: screen.label.clone(),
        at: screen.at,
        level: screen.level,
    });
    screens.collect()
}

fn offers(plan: &StorePlan) -> Vec<Offer> {
    let offers = plan.offers.iter().map(|offer| Offer {
        id: offer.id.clone(),
        title: offer.title.clone(),
        sensitivity: offer.sensitivity,
    });
    offers.collect()
}
