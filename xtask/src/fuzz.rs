//! `cargo suite fuzz`: every target for a minute with libFuzzer. Needs a nightly
//! compiler and cargo-fuzz; what was found before is replayed by a test on any.

use crate::run::{finish, root, target_dir};
use std::{
    fs,
    process::{Command, Stdio},
};

/// How long each target is tried, s.
const SECONDS: u32 = 60;

/// What would be needed to run, if it is missing.
pub(crate) fn missing() -> Option<&'static str> {
    let mut ask = cargo_fuzz();
    ask.arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let there = ask.status().is_ok_and(|status| status.success());
    (!there).then_some("rustup toolchain install nightly; cargo install --locked cargo-fuzz")
}

/// Tries every target; the error names those that failed.
pub(crate) fn run() -> Result<(), String> {
    let mut failed = Vec::new();
    for target in targets()? {
        // New inputs go to the first folder, so that nothing is committed unread.
        let found = target_dir().join("fuzz-corpus").join(&target);
        fs::create_dir_all(&found).map_err(|why| format!("{}: {why}", found.display()))?;
        println!("$ cargo +nightly fuzz run {target} -- -max_total_time={SECONDS}");
        let mut fuzz = cargo_fuzz();
        fuzz.args(["run", &target])
            .arg(&found)
            .arg(root().join("fuzz/corpus").join(&target))
            .args([
                "--",
                "-rss_limit_mb=2048",
                "-timeout=10",
                "-print_final_stats=1",
            ])
            .arg(format!("-max_total_time={SECONDS}"));
        if finish(fuzz).is_err() {
            failed.push(target);
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "inputs that break them are in fuzz/artifacts: {}",
            failed.join(", ")
        ))
    }
}

/// The names of the fuzzer's programs, sorted.
fn targets() -> Result<Vec<String>, String> {
    let folder = root().join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut targets: Vec<String> = names
        .filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned()))
        .collect();
    targets.sort();
    Ok(targets)
}

fn cargo_fuzz() -> Command {
    let mut command = Command::new("rustup");
    command
        .args(["run", "nightly", "cargo", "fuzz"])
        .current_dir(root())
        // The Cargo that runs us is not the one that is meant.
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTC");
    command
}
