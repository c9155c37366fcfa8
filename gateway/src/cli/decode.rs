//! `aislecast decode`: how an integrator sees what we see.

use super::{Failure, say};
use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use dialect::{MAX_PAYLOAD, Record, advert, batch, detect};
use std::io::{self, BufRead, Read as _, Write};

/// Longest line of a batch, bytes: the largest payload in hexadecimal, and more.
const LINE_MAX: usize = 4 * MAX_PAYLOAD;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[group(required = true, multiple = false)]
pub(super) struct Decode {
    /// Read one MQTT payload from standard input, as if it had come on this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Read captures from standard input, one JSON object a line.
    #[arg(long)]
    batch: bool,
    /// Print the JSON Schema of a fact.
    #[arg(long)]
    schema: bool,
}

const EXAMPLES: &str = r#"Examples:
  mosquitto_sub -C 1 -t ruuvi/gw/tag | aislecast decode --topic ruuvi/gw/tag
  aislecast decode --batch < captures.jsonl

A capture holds one or more of these, and an id that comes back with its facts:
  {"id": 1, "topic": "home/gw/BTtoMQTT/58782076BC24", "payload": {"id": "58:78:20:76:BC:24"}}
  {"id": 2, "ad": "0201061aff4c000215...", "address": "A4:C1:38:8D:18:B2", "rssi": -61}
  {"id": 3, "service_data": {"fcd2": "4002ca09"}, "address": "A4:C1:38:8D:18:B2", "key": "231d39c1..."}
  {"id": 4, "manufacturer_data": {"0499": "0512fc5394c3..."}}
  {"id": 5, "gs1": "(255)9520123456788000042"}
Bytes are hexadecimal in any case, with or without separators. A payload may be
JSON, a text, or bytes as payload_hex or payload_base64.

Each line is answered by {"id", "facts": [...]} or {"id", "error": "..."}; the
last never stops the rest. docs/facts.md describes facts.

Exit codes: 0 all was read (also lines with an error), 1 the payload is in no
dialect that is known, or nothing could be read or written."#;

impl Decode {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let done = if self.schema {
            serde_json::to_string_pretty(&dialect::json::schema())
                .map_err(anyhow::Error::from)
                .and_then(|schema| Ok(writeln!(out, "{schema}")?))
        } else if let Some(topic) = self.topic {
            one(&topic, &mut out)
        } else {
            many(&mut io::stdin().lock(), &mut out)
        };
        Ok(say::unless_gone(done)?)
    }
}

fn one(topic: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let mut payload = Vec::new();
    let limit = MAX_PAYLOAD as u64 + 1;
    io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut payload)
        .context("failed to read standard input")?;
    if payload.len() > MAX_PAYLOAD {
        bail!("the payload is longer than {MAX_PAYLOAD} bytes, more than is ever looked at");
    }
    let mut written = Ok(());
    let said = detect::read(topic, &payload, &advert::no_keys, &mut |fact| {
        if written.is_ok() {
            written = write_fact(out, &Record::from(fact));
        }
    });
    written?;
    said.map_err(|unreadable| anyhow!("the payload is {unreadable}"))?;
    Ok(())
}

fn write_fact(out: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    let line = serde_json::to_string(record)?;
    writeln!(out, "{line}")
}

/// Answers every line as soon as it is read.
fn many(input: &mut impl BufRead, out: &mut impl Write) -> anyhow::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let limit = LINE_MAX as u64 + 1;
        let read = input
            .take(limit)
            .read_until(b'\n', &mut line)
            .context("failed to read standard input")?;
        if read == 0 {
            break;
        }
        if read > LINE_MAX && !line.ends_with(b"\n") {
            input.skip_until(b'\n')?;
            writeln!(out, "{}", batch::refused(number, "line too long"))?;
        } else if !line.trim_ascii().is_empty() {
            writeln!(out, "{}", batch::answer(number, &line))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        many(&mut io::Cursor::new(input), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        out.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_bad_line_is_answered_and_the_next_is_read() {
        let long = vec![b'x'; LINE_MAX + 100];
        let input = [
            b"{\"id\":1,\"ad\":\"020106\"}\n\n{oh\n\xFF\n",
            &long[..],
            b"\n{\"id\":2,\"ad\":\"020104\"}",
        ]
        .concat();
        let answers = answers(&input);
        let kinds: Vec<bool> = answers.iter().map(|a| a.contains("\"facts\"")).collect();
        assert_eq!(kinds, [true, false, false, false, true], "{answers:#?}");
        assert!(answers[1].contains("\"line\":3"), "{}", answers[1]);
        assert!(answers[3].contains("\"line\":5"), "{}", answers[3]);
        assert!(answers[4].starts_with("{\"id\":2,"), "{}", answers[4]);
    }
}
