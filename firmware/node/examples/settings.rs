//! Writes the settings of a node, as its memory holds them, to standard output:
//!
//! ```sh
//! cargo run -q -p node --example settings -- STORE NODE BROKER:PORT [IBEACON-UUID]... > settings.bin
//! ```
#![expect(clippy::print_stderr, reason = "it talks to who typed it")]

use node::{
    Allowed,
    settings::{MAX_BYTES, Settings},
};
use std::{env, error::Error, io::Write as _, net::SocketAddrV4, process::ExitCode};

fn main() -> ExitCode {
    match settings(env::args().skip(1)) {
        Ok(settings) => write(&settings),
        Err(error) => {
            eprintln!("error: {error}\nusage: settings STORE NODE BROKER:PORT [IBEACON-UUID]...");
            ExitCode::from(2)
        }
    }
}

fn write(settings: &Settings) -> ExitCode {
    let mut room = [0; MAX_BYTES];
    let bytes = settings.write(&mut room).expect("settings fit their room");
    match std::io::stdout().write_all(bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn settings(mut words: impl Iterator<Item = String>) -> Result<Settings, Box<dyn Error>> {
    let mut word = |what: &str| words.next().ok_or_else(|| format!("no {what} is given"));
    let (store, node) = (word("store")?.parse()?, word("node")?.parse()?);
    let broker: SocketAddrV4 = word("broker")?.parse()?;
    let mut allowed = Allowed::NOTHING;
    for uuid in words {
        let room = allowed.ibeacon.push(parse_uuid(&uuid)?);
        room.map_err(|_| "a node has room for four UUIDs")?;
    }
    Ok(Settings {
        store,
        node,
        broker: broker.ip().octets(),
        port: broker.port(),
        user: heapless::String::new(),
        password: heapless::String::new(),
        allowed,
    })
}

fn parse_uuid(text: &str) -> Result<[u8; 16], Box<dyn Error>> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let number = u128::from_str_radix(&digits, 16)
        .ok()
        .filter(|_| digits.len() == 32);
    Ok(number
        .ok_or_else(|| format!("{text:?} is no UUID"))?
        .to_be_bytes())
}
