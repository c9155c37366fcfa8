//! A flood of readings at a steady rate, to measure what one costs the gateway.

use crate::{
    args,
    chance::{Chance, Concern},
    dialect::Message,
    run::translate::Node,
    serve::speak::said,
    world::{
        ears::{Batch, Heard},
        emitter::Emitter,
        population::Population,
    },
};
use anyhow::{Context as _, Result};
use config::{ScannerSource, Shop};
use engine::plan::ScannerIx;
use link::{Link, Settings, Status};
use std::{
    io::Write,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// Readings are sent in handfuls this far apart: fine enough to be steady,
/// coarse enough not to cost more than the readings.
const HANDFUL: Duration = Duration::from_millis(5);
/// The broker must be there within this time.
const CONNECT: Duration = Duration::from_secs(10);
/// Messages prepared beforehand, so that making them costs nothing later.
const PREPARED_MAX: usize = 20_000;
/// What finds no room at once is tried again for this long before it counts as
/// not sent.
const PATIENCE: Duration = Duration::from_millis(200);
/// Customers the devices are drawn from: those `serve` signs up by default.
const CUSTOMERS: u32 = 2_000;

/// Floods. `Ok(true)` when everything was sent.
pub fn execute(args: &args::Load, out: &mut dyn Write) -> Result<bool> {
    crate::log_to_stderr();
    let shop = crate::load_shop(args.config.as_deref())?;
    let messages = prepare(args, &shop);
    crate::runtime()?.block_on(flood(args, &messages, out))
}

async fn flood(args: &args::Load, messages: &[Message], out: &mut dyn Write) -> Result<bool> {
    let id = link::unique_client_id("aislecast-load");
    let settings = Settings::from_url(&args.broker, id).context("failed to read --broker")?;
    let (link, _inbox) = Link::start(settings, Vec::new())?;
    let mut status = link.status();
    let up = timeout(CONNECT, status.wait_for(|s| *s == Status::Up)).await;
    if !matches!(up, Ok(Ok(_))) {
        anyhow::bail!("failed to reach the broker at {} within 10 s", args.broker);
    }
    let begun = Instant::now();
    let wanted = u64::from(args.rate) * u64::from(args.seconds);
    let (mut tried, mut sent) = (0_u64, 0_u64);
    let mut next = begun;
    while tried < wanted {
        next += HANDFUL;
        let due = (begun.elapsed().as_secs_f64() * f64::from(args.rate)) as u64;
        while tried < due.min(wanted) {
            let Message { topic, payload, .. } = &messages[tried as usize % messages.len()];
            sent += u64::from(send(&link, topic, payload).await);
            tried += 1;
        }
        sleep_until(next).await;
    }
    let took = begun.elapsed().as_secs_f64();
    link.stop().await;
    let counters = link.counters();
    writeln!(
        out,
        "{sent} of {wanted} readings handed to the broker in {took:.2} s ({:.0} a second), {} sessions",
        sent as f64 / took.max(1e-9),
        counters.sessions
    )?;
    Ok(sent == wanted)
}

/// Sends one reading; waits a little for room.
async fn send(link: &Link, topic: &str, payload: &[u8]) -> bool {
    let begun = Instant::now();
    while link.send(topic, payload.to_vec()).is_err() {
        if begun.elapsed() >= PATIENCE {
            return false;
        }
        sleep(Duration::from_millis(1)).await;
    }
    true
}

/// One message per reading, by turns from every device at every scanner.
fn prepare(args: &args::Load, shop: &Shop) -> Vec<Message> {
    let plan = &shop.plan;
    let population = Population::draw(plan, 1, CUSTOMERS, None);
    let mut chance = Chance::new(1, Concern::Radio);
    let date = SystemTime::now().duration_since(UNIX_EPOCH);
    let unix_s = date.map_or(0, |d| d.as_secs() as i64);
    let emitters: Vec<Emitter> = (0..args.devices.max(1))
        .map(|n| {
            if chance.happens(args.strangers) {
                Emitter::of_stranger(0, unix_s, &mut chance)
            } else {
                Emitter::of(population.get(n % CUSTOMERS), 0, unix_s, &mut chance)
            }
        })
        .collect();
    let mut nodes: Vec<Node> = plan
        .scanners
        .iter()
        .map(|_| Node::start(chance.bits() as u32))
        .collect();
    let scanners = usable(&shop.shell.scanners);
    let count = (args.rate as usize * args.seconds as usize).clamp(1, PREPARED_MAX);
    let mut messages = Vec::with_capacity(count);
    // Some scanners do not pass some devices on: at most one round too many.
    for n in 0..count * 2 {
        if messages.len() >= count {
            break;
        }
        let scanner = scanners[n % scanners.len()];
        let emitter = &emitters[n / scanners.len() % emitters.len()];
        let batch = one(scanner, emitter, n as u64, &mut chance);
        let source = &shop.shell.scanners[scanner.at()];
        let node = &mut nodes[scanner.at()];
        messages.extend(said(plan, &batch, source, node, n as i64));
    }
    messages
}

/// Scanners that send one message per beacon, so that one message is one
/// reading; all scanners where there are none of those.
fn usable(sources: &[ScannerSource]) -> Vec<ScannerIx> {
    let all = || (0..).map(ScannerIx).zip(sources);
    let single: Vec<ScannerIx> = all()
        .filter(|(_, source)| matches!(source, ScannerSource::OpenMqttGateway { .. }))
        .map(|(ix, _)| ix)
        .collect();
    if single.is_empty() {
        all().map(|(ix, _)| ix).collect()
    } else {
        single
    }
}

fn one(scanner: ScannerIx, emitter: &Emitter, at_ms: u64, chance: &mut Chance) -> Batch {
    let dbm = -60.0 - 8.0 * chance.normal().abs();
    Batch {
        scanner,
        at_ms,
        heard: vec![Heard {
            air: *emitter.air(),
            customer: None,
            sum_dbm: dbm,
            max_dbm: dbm,
            count: 1,
            reference_dbm: emitter.reference_dbm,
            last_ms: at_ms,
        }],
        readings: Vec::new(),
        dropped: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_messages_are_prepared_as_asked_for_and_each_is_json() {
        let args = args::Load {
            broker: String::new(),
            config: None,
            rate: 500,
            seconds: 2,
            devices: 50,
            strangers: 0.5,
        };
        let messages = prepare(&args, &config::demo());
        assert_eq!(messages.len(), 1_000);
        for Message { topic, payload, .. } in &messages {
            assert!(topic.contains("/BTtoMQTT/"), "{topic}");
            serde_json::from_slice::<serde_json::Value>(payload).unwrap();
        }
    }
}
