//! Deciding a recorded run again, and saying how long that took.

use anyhow::{Context as _, Result, bail};
use engine::{
    Effects,
    recording::{Reader, plain},
    replay::Replay,
};
use std::{fs, io::Write, path::Path, time::Instant};

/// Writes the runs, decides each again and says what came of it.
pub(super) fn write_and_decide(path: &Path, runs: &[Vec<u8>], out: &mut dyn Write) -> Result<()> {
    let bytes = plain::write(runs);
    fs::write(path, &bytes)
        .with_context(|| format!("failed to write the recording {}", path.display()))?;
    let begun = Instant::now();
    let (mut decisions, mut signals, mut chain) = (0, 0, 0);
    for run in plain::read(&bytes)? {
        let replay = decide(run)?;
        decisions += replay.chain().decisions;
        signals += replay.signals();
        chain = replay.chain().value;
    }
    let took = begun.elapsed().as_secs_f64();
    writeln!(
        out,
        "recorded      {signals} signals in {} bytes, {:.1} each\n\
         decided again {decisions} decisions in {took:.2} s, all the same, last chain {chain:016x}",
        bytes.len(),
        bytes.len() as f64 / (signals.max(1)) as f64
    )?;
    Ok(())
}

fn decide(mut run: &[u8]) -> Result<Replay> {
    let mut reader = Reader::default();
    let first = reader.next(&mut run)?.context("a run is empty")?;
    let mut replay = Replay::begin(&first)?;
    let mut effects = Effects::new();
    while let Some(moment) = reader.next(&mut run)? {
        replay.take(&moment, &mut effects)?;
        effects.clear();
        if let Some(otherwise) = replay.otherwise() {
            bail!("decision {} came out otherwise", otherwise.decision);
        }
    }
    Ok(replay)
}
