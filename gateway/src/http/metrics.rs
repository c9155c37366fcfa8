//! What Prometheus scrapes. Every label value is a name from the plan or a
//! variant of an enum; none grows with people.

mod access;
mod displays;
mod machine;
mod nodes;
mod offers;
mod recording;
mod uplink;

use super::App;
use crate::shop::{Health, Live};
use access::Access;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use engine::{
    event::Malformed,
    money::CodeOutcome,
    trial::Incident,
    view::{Counts, ScreenPhase, Status},
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeGaugeValue, text},
    metrics::{MetricType, exemplar::Exemplar},
    registry::Registry,
};
use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const NO_EXEMPLAR: Option<&Exemplar<[(&str, &str); 0], f64>> = None;

/// Everything, as it is now.
pub(super) async fn scrape(State(app): State<Arc<App>>) -> Response {
    let mut live = Live::clone(&app.shop.live().borrow());
    live.counts.tills_full += app.tills_refused.load(Ordering::Relaxed);
    let bundles = app.offers.counts().all().collect();
    let page = encode(
        Arc::new(live),
        app.streams.open(),
        bundles,
        Access::of(&app),
    );
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static(OPENMETRICS))],
        page,
    )
        .into_response()
}

fn encode(
    live: Arc<Live>,
    streams: (usize, usize),
    bundles: Vec<(&'static str, u64)>,
    access: Access,
) -> String {
    let mut registry = Registry::with_prefix("aislecast");
    registry.register_collector(Box::new(Scrape {
        live,
        streams,
        bundles,
        access,
    }));
    let mut page = String::new();
    text::encode(&mut page, &registry).expect("writing to a String cannot fail");
    page
}

#[derive(Debug)]
struct Scrape {
    live: Arc<Live>,
    streams: (usize, usize),
    bundles: Vec<(&'static str, u64)>,
    access: Access,
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        let mut page = Page(encoder);
        let live = &*self.live;
        counts(&mut page, &live.counts)?;
        incidents(&mut page, &live.counts)?;
        health(&mut page, &live.health)?;
        recording::recording(&mut page, live.health.recording.as_ref())?;
        access::access(&mut page, self.access)?;
        uplink::uplink(&mut page, live.health.uplink.as_ref())?;
        rates(&mut page, live)?;
        floor(&mut page, &live.status)?;
        screens(&mut page, &live.status)?;
        displays::displays(&mut page, &live.displays)?;
        nodes::nodes(&mut page, &live.nodes)?;
        offers::offers(&mut page, &live.status)?;
        page.counters(
            "bundles",
            "Bundles of offers that were handed in, by what came of them",
            "outcome",
            self.bundles.iter().copied(),
        )?;
        let (consoles, screens) = self.streams;
        page.gauges(
            "http_event_streams",
            "Open event streams",
            [
                (["kind"], ["console"], consoles),
                (["kind"], ["screen"], screens),
            ],
        )
    }
}

struct Page<'e>(DescriptorEncoder<'e>);

impl Page<'_> {
    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.0
            .encode_descriptor(name, help, None, MetricType::Counter)?
            .encode_counter(&value, NO_EXEMPLAR)
    }

    fn counters<'l>(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: impl IntoIterator<Item = (&'l str, u64)>,
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Counter)?;
        for (value, count) in values {
            family
                .encode_family(&[(label, value)])?
                .encode_counter(&count, NO_EXEMPLAR)?;
        }
        Ok(())
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl EncodeGaugeValue) -> fmt::Result {
        self.0
            .encode_descriptor(name, help, None, MetricType::Gauge)?
            .encode_gauge(&value)
    }

    /// One family: label names, label values, value.
    fn gauges<'l, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = ([&'static str; N], [&'l str; N], impl EncodeGaugeValue)>,
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (names, labels, value) in values {
            let pairs: [(&str, &str); N] = std::array::from_fn(|i| (names[i], labels[i]));
            family.encode_family(&pairs)?.encode_gauge(&value)?;
        }
        Ok(())
    }
}

fn incidents(page: &mut Page<'_>, counts: &Counts) -> fmt::Result {
    page.counter(
        "ghosts",
        "Decisions at which an offer would have been shown, but for its trial",
        counts.ghosts,
    )?;
    page.counters(
        "incidents",
        "Opt-outs after an offer, complaints, calls for help, screen errors",
        "kind",
        Incident::ALL.map(|what| (what.label(), counts.incidents[what as usize])),
    )
}

fn counts(page: &mut Page<'_>, counts: &Counts) -> fmt::Result {
    for (name, help, value) in [
        ("sightings", "Sightings taken in", counts.sightings),
        (
            "strangers",
            "Sightings of nobody who opted in, dropped",
            counts.strangers,
        ),
        ("late", "Sightings older than the bound", counts.late),
        ("mistimed", "Frames of no possible date", counts.mistimed),
        (
            "duplicate",
            "Sightings and frames that came before",
            counts.duplicate,
        ),
        ("readings", "Sensor readings taken in", counts.readings),
        ("dropped", "Dropped for want of room", counts.dropped),
        ("decisions", "Decisions taken", counts.decisions),
        ("commands", "Commands sent to screens", counts.commands),
        (
            "resent",
            "Commands sent again for want of a report",
            counts.resent,
        ),
        ("painted", "Pictures confirmed by screens", counts.painted),
        (
            "unconfirmed",
            "Pictures never confirmed",
            counts.unconfirmed,
        ),
        ("exposures", "Exposures committed", counts.exposures),
        (
            "consents_given",
            "Consents given or changed",
            counts.enrolled,
        ),
        (
            "consents_withdrawn",
            "Consents taken back",
            counts.withdrawn,
        ),
        ("forgotten", "Shoppers forgotten", counts.forgotten),
        (
            "node_dropped",
            "Frames the nodes said they dropped",
            counts.node_dropped,
        ),
    ] {
        page.counter(name, help, value)?;
    }
    radio(page, counts)?;
    tills(page, counts)?;
    malformed(page, counts)
}

/// What was heard that no honest beacon sends, or could not be looked up.
fn radio(page: &mut Page<'_>, counts: &Counts) -> fmt::Result {
    for (name, help, value) in [
        (
            "implausible",
            "Values no such device can mean",
            counts.implausible,
        ),
        (
            "flooded",
            "Sightings beyond what a receiver hears or a beacon sends",
            counts.flooded,
        ),
        (
            "replayed",
            "Rotating identifiers heard again after their time",
            counts.replayed,
        ),
        (
            "unresolved",
            "Private addresses not tried for want of time",
            counts.unresolved,
        ),
        (
            "identities_doubled",
            "Visits whose identity was heard in two places at once",
            counts.doubled,
        ),
    ] {
        page.counter(name, help, value)?;
    }
    Ok(())
}

fn malformed(page: &mut Page<'_>, counts: &Counts) -> fmt::Result {
    let reasons = Malformed::ALL.into_iter().map(Malformed::label);
    page.counters(
        "malformed",
        "Messages that could not be read",
        "reason",
        reasons.zip(counts.malformed),
    )
}

fn tills(page: &mut Page<'_>, counts: &Counts) -> fmt::Result {
    for (name, help, value) in [
        ("baskets", "Baskets taken in", counts.baskets),
        ("voids", "Receipts taken back", counts.voids),
        (
            "codes_redeemed",
            "Codes of showings redeemed for the first time",
            counts.codes_redeemed,
        ),
        (
            "codes_again",
            "Codes redeemed again by another receipt",
            counts.codes_again,
        ),
        (
            "codes_unknown",
            "Coupons that are not ours or no longer on record",
            counts.codes_unknown,
        ),
        (
            "tills_full",
            "Receipts refused because the disk does not keep up",
            counts.tills_full,
        ),
        (
            "profiles_turned_away",
            "Records of shoppers for which the disk had no room",
            counts.turned_away,
        ),
    ] {
        page.counter(name, help, value)?;
    }
    page.counters(
        "vouchers_asked",
        "What tills were told of vouchers",
        "outcome",
        CodeOutcome::ALL
            .map(CodeOutcome::label)
            .into_iter()
            .zip(counts.vouchers),
    )?;
    page.counter(
        "vouchers_lapsed",
        "Codes that nobody redeemed in time",
        counts.vouchers_lapsed,
    )
}

fn health(page: &mut Page<'_>, health: &Health) -> fmt::Result {
    for (name, help, value) in [
        (
            "broker_up",
            "Connected and subscribed",
            u64::from(health.broker),
        ),
        (
            "store_up",
            "Commits become durable",
            u64::from(health.store),
        ),
        ("disk_has_room", "The disk has room", u64::from(health.room)),
        (
            "clock_synced",
            "The date is vouched for",
            u64::from(health.clock),
        ),
        (
            "commits_waiting",
            "Commits waiting for the disk",
            health.commits_waiting,
        ),
        ("resident_memory_bytes", "Resident memory", health.rss_bytes),
    ] {
        page.gauge(name, help, value)?;
    }
    page.gauge(
        "uptime_seconds",
        "Since the start",
        seconds(health.uptime_ms),
    )?;
    machine::write(page, &health.machine)?;
    page.counter(
        "retained_dropped",
        "Retained messages that found no place: more came at once than are kept waiting",
        health.retained_dropped,
    )
}

fn rates(page: &mut Page<'_>, live: &Live) -> fmt::Result {
    let status = &live.status;
    page.gauge(
        "sightings_per_second",
        "Over the last seconds",
        live.sightings_per_s,
    )?;
    page.gauge(
        "strangers_per_second",
        "Over the last seconds",
        live.strangers_per_s,
    )?;
    page.gauge(
        "visits",
        "Shoppers who opted in and are here",
        status.visits.len(),
    )?;
    page.gauge("enrolled", "Shoppers enrolled", status.enrolled)?;
    match status.people {
        Some(people) => page.gauge("people", "People by the door counters", people),
        None => Ok(()),
    }
}

fn floor(page: &mut Page<'_>, status: &Status) -> fmt::Result {
    page.gauges(
        "zone_people",
        "People expected in a zone, strangers included",
        status
            .zones
            .iter()
            .map(|z| (["zone"], [z.id.as_str()], z.people)),
    )?;
    let scanners = status.scanners.iter();
    page.counters(
        "scanner_sightings",
        "Sightings taken in from a scanner",
        "scanner",
        scanners.clone().map(|s| (s.id.as_str(), s.sightings)),
    )?;
    page.gauges(
        "scanner_silent_seconds",
        "Since a scanner last said anything",
        scanners.filter_map(|s| Some((["scanner"], [s.id.as_str()], seconds(s.silent_ms?)))),
    )?;
    let sensors = status.sensors.iter();
    page.gauges(
        "sensor_silent_seconds",
        "Since a sensor last said anything",
        (sensors.clone())
            .filter_map(|s| Some((["sensor"], [s.id.as_str()], seconds(s.silent_ms?)))),
    )?;
    page.gauges(
        "sensor_value",
        "Value of a sensor in its unit",
        sensors.filter_map(|s| Some((["sensor", "unit"], [s.id.as_str(), s.unit], s.value?))),
    )
}

fn screens(page: &mut Page<'_>, status: &Status) -> fmt::Result {
    let screens = status.screens.iter();
    page.gauges(
        "screen_phase",
        "How far a screen is with its command",
        screens
            .clone()
            .map(|s| (["screen", "phase"], [s.id.as_str(), phase(s.phase)], 1_u32)),
    )?;
    page.gauges(
        "screen_behind",
        "Commands a screen has not confirmed",
        screens.clone().map(|s| {
            let behind = u32::from(s.commanded > s.painted);
            (["screen"], [s.id.as_str()], behind)
        }),
    )?;
    page.gauges(
        "screen_silent_seconds",
        "Since a screen last said anything",
        screens.filter_map(|s| Some((["screen"], [s.id.as_str()], seconds(s.silent_ms?)))),
    )
}

fn phase(phase: ScreenPhase) -> &'static str {
    match phase {
        ScreenPhase::House => "house",
        ScreenPhase::Reserving => "reserving",
        ScreenPhase::Sent => "sent",
        ScreenPhase::Showing => "showing",
        ScreenPhase::Clearing => "clearing",
        ScreenPhase::Silent => "silent",
    }
}

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::shop::busy_live;
    use engine::view::VisitStatus;
    use std::collections::BTreeSet;

    /// Name and labels of every series, after a strict reading of the text.
    fn series(page: &str) -> BTreeSet<String> {
        let mut typed = BTreeSet::new();
        let mut found = BTreeSet::new();
        let body = page.strip_suffix("# EOF\n").expect("the text has its end");
        for line in body.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert!(["counter", "gauge"].contains(&kind), "{line}");
                assert!(typed.insert(name.to_owned()), "{name} is typed twice");
            } else if !line.starts_with("# HELP ") {
                let (name_and_labels, value) = line.rsplit_once(' ').unwrap();
                assert!(value.parse::<f64>().is_ok(), "{line}");
                let name = name_and_labels.split('{').next().unwrap();
                let family = name.strip_suffix("_total").unwrap_or(name);
                assert!(typed.contains(family), "{line}");
                assert!(
                    found.insert(name_and_labels.to_owned()),
                    "{line} is there twice"
                );
            }
        }
        found
    }

    #[test]
    fn the_page_reads_as_openmetrics_and_says_what_was_counted() {
        let page = encode(
            Arc::new(busy_live()),
            (1, 3),
            vec![("applied", 2)],
            Access {
                slowed_down: 12,
                ..Access::default()
            },
        );
        let series = series(&page);
        assert!(series.len() > 40, "{}", series.len());
        for line in [
            "aislecast_sightings_total 81234",
            "aislecast_malformed_total{reason=\"theengs\"} 2",
            "aislecast_screen_phase{screen=\"dairy\",phase=\"showing\"} 1",
            "aislecast_sensor_value{sensor=\"air\",unit=\"°C\"} 31.5",
            "aislecast_http_event_streams{kind=\"screen\"} 3",
            "aislecast_display_evidence{screen=\"dairy\",display=\"page\",evidence=\"acked\"} 1",
            "aislecast_display_unproven_total{screen=\"dairy\"} 2",
            "aislecast_broker_up 1",
            "aislecast_attempts_slowed_down_total 12",
            "aislecast_retained_dropped_total 7",
        ] {
            assert!(page.contains(&format!("\n{line}\n")), "{line}\n{page}");
        }
    }

    #[test]
    fn no_series_is_added_by_people() {
        let few = busy_live();
        let mut many = few.clone();
        many.status.visits = (0..500)
            .map(|visit| VisitStatus {
                visit,
                ..few.status.visits[0].clone()
            })
            .collect();
        let of = |live| {
            series(&encode(
                Arc::new(live),
                (0, 0),
                Vec::new(),
                Access::default(),
            ))
        };
        assert_eq!(of(few), of(many));
    }
}
