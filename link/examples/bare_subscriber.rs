//! A bare rumqttc subscriber: CPU per message on whatever a broker carries, as
//! the yardstick for the gateway on the same stream.
//!
//! `cargo run --release -p link --example bare_subscriber PORT SECONDS`
//!
//! Subscribes to everything at QoS 0, counts for so many seconds, and prints
//! messages and CPU time of its one thread (Linux: `/proc/thread-self/schedstat`).

use anyhow::{Context as _, Result};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use std::{env, fs, time::Duration};
use tokio::{runtime::Builder, time};

#[expect(clippy::print_stdout, reason = "what a measurement is for")]
fn main() -> Result<()> {
    let mut args = env::args().skip(1);
    let port = args.next().context("which port?")?.parse()?;
    let seconds = args.next().context("how many seconds?")?.parse()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let messages = runtime.block_on(count(port, Duration::from_secs(seconds)))?;
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let cpu_ns: f64 = stat.split(' ').next().context("schedstat")?.parse()?;
    println!(
        "{messages} messages, {:.2} us of CPU each",
        cpu_ns / 1_000.0 / messages.max(1) as f64
    );
    Ok(())
}

async fn count(port: u16, how_long: Duration) -> Result<u64> {
    let mut options = MqttOptions::new("bare-subscriber", "127.0.0.1", port);
    options.set_max_packet_size(256 * 1024, 256 * 1024);
    let (client, mut events) = AsyncClient::new(options, 10);
    events.network_options.set_tcp_nodelay(true);
    client.subscribe("#", QoS::AtMostOnce).await?;
    let mut messages = 0;
    let ends = time::Instant::now() + how_long;
    while let Ok(event) = time::timeout_at(ends, events.poll()).await {
        if matches!(event?, Event::Incoming(Packet::Publish(_))) {
            messages += 1;
        }
    }
    Ok(messages)
}
