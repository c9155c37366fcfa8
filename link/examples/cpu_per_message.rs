//! CPU per received QoS 0 message: this link beside a bare rumqttc loop, on
//! the same stream.
//!
//! `cargo run --release -p link --example cpu_per_message [messages]`
//!
//! A scripted broker in another thread sends readings of 160 bytes as fast as
//! the socket takes them; what is measured is the CPU time of the receiving
//! thread alone (Linux: `/proc/thread-self/schedstat`), so that neither the
//! broker nor waiting counts.

use anyhow::{Context as _, Result};
use link::{Filter, Link, Settings};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use std::{
    env, fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};
use tokio::runtime::Builder;

const ROUNDS: usize = 5;
const TOPIC: &str = "home/OpenMQTTGateway/BTtoMQTT/58782076BC24";
const PAYLOAD: &str = r#"{"id":"58:78:20:76:BC:24","mac_type":1,"rssi":-79,"model":"iBeacon","mfid":"4c00","uuid":"1de4b189115e45f6b44e509352269977","major":0,"minor":0,"txpower":-66}"#;

#[expect(clippy::print_stdout, reason = "what a measurement is for")]
fn main() -> Result<()> {
    let messages = match env::args().nth(1) {
        Some(count) => count.parse().context("the number of messages")?,
        None => 400_000,
    };
    let mut best = [f64::INFINITY; 3];
    for _ in 0..ROUNDS {
        let nanoseconds = [
            measured(messages, |port| bare(port, messages))?,
            measured(messages, |port| linked(port, messages, false))?,
            measured(messages, |port| linked(port, messages, true))?,
        ];
        for (best, ns) in best.iter_mut().zip(nanoseconds) {
            *best = best.min(ns);
        }
    }
    println!(
        "ns of CPU per message of {} bytes, best of {ROUNDS}:",
        PAYLOAD.len()
    );
    println!("  bare rumqttc       {:>6.0}", best[0]);
    println!(
        "  link, by batches   {:>6.0}  ({:.2} x)",
        best[1],
        best[1] / best[0]
    );
    println!(
        "  link, one by one   {:>6.0}  ({:.2} x)",
        best[2],
        best[2] / best[0]
    );
    Ok(())
}

/// Nanoseconds of CPU per message that the receiver's thread used.
fn measured(messages: usize, receive: impl FnOnce(u16) -> Result<()> + Send) -> Result<f64> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let broker = thread::spawn(move || serve(&listener, messages));
    let used = thread::scope(|scope| {
        let receiver = scope.spawn(|| -> Result<u64> {
            receive(port)?;
            let schedstat = fs::read_to_string("/proc/thread-self/schedstat")?;
            let used = schedstat.split(' ').next().context("no field")?;
            Ok(used.parse()?)
        });
        receiver.join().expect("the receiver does not panic")
    })?;
    broker.join().expect("the broker does not panic")?;
    Ok(used as f64 / messages as f64)
}

fn bare(port: u16, messages: usize) -> Result<()> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let options = MqttOptions::new("bare", "127.0.0.1", port);
            let (client, mut events) = AsyncClient::new(options, 10);
            client.subscribe("home/#", QoS::AtMostOnce).await?;
            let mut bytes = 0;
            let mut left = messages;
            while left > 0 {
                if let Event::Incoming(Packet::Publish(publish)) = events.poll().await? {
                    bytes += publish.payload.len();
                    left -= 1;
                }
            }
            anyhow::ensure!(bytes == messages * PAYLOAD.len(), "bytes were lost");
            Ok(())
        })
}

fn linked(port: u16, messages: usize, one_by_one: bool) -> Result<()> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let settings = Settings::new("127.0.0.1", port, "link".to_owned());
            let (_link, mut inbox) = Link::start(settings, vec![Filter::fleeting("home/#")])?;
            let mut bytes = 0;
            let mut left = messages;
            while left > 0 {
                if one_by_one {
                    bytes += inbox.next().await.context("stopped")?.payload.len();
                    left -= 1;
                } else {
                    for message in inbox.batch().await.context("stopped")? {
                        bytes += message.payload.len();
                        left -= 1;
                    }
                }
            }
            anyhow::ensure!(bytes == messages * PAYLOAD.len(), "bytes were lost");
            Ok(())
        })
}

/// A broker for one client: grants its subscription and sends.
fn serve(listener: &TcpListener, messages: usize) -> Result<()> {
    let (mut client, _) = listener.accept()?;
    packet(&mut client)?;
    client.write_all(&[0x20, 2, 0, 0])?;
    let subscribe = packet(&mut client)?;
    client.write_all(&[0x90, 3, subscribe[0], subscribe[1], 0])?;
    let length = 2 + TOPIC.len() + PAYLOAD.len();
    let mut publish = vec![0x30, (length % 128) as u8 | 0x80, (length / 128) as u8];
    publish.extend((TOPIC.len() as u16).to_be_bytes());
    publish.extend(TOPIC.as_bytes());
    publish.extend(PAYLOAD.as_bytes());
    let batch = publish.repeat(100);
    for _ in 0..messages / 100 {
        client.write_all(&batch)?;
    }
    for _ in 0..messages % 100 {
        client.write_all(&publish)?;
    }
    // Until the receiver has had enough.
    let _ = client.read(&mut [0; 64]);
    Ok(())
}

/// The body of one short packet.
fn packet(client: &mut TcpStream) -> Result<Vec<u8>> {
    let mut header = [0; 2];
    client.read_exact(&mut header)?;
    let mut body = vec![0; usize::from(header[1])];
    client.read_exact(&mut body)?;
    Ok(body)
}
