//! `cargo suite`: every check there is, in the order in which they fail fastest.

use crate::{
    firmware, fuzz,
    run::{exists, finish, line},
    tools,
};
use std::time::{Duration, Instant};

/// One named check: command lines that must all succeed.
struct Step {
    name: &'static str,
    says: &'static str,
    lines: &'static [&'static str],
    /// Instead of them with `--long`, where that is more.
    long: &'static [&'static str],
}

const STEPS: [Step; 12] = [
    Step {
        name: "fmt",
        says: "the code is formatted",
        lines: &[
            "cargo fmt --all --check",
            "cargo fmt --all --check --manifest-path firmware/Cargo.toml",
            "cargo fmt --all --check --manifest-path tests/peers/Cargo.toml",
        ],
        long: &[],
    },
    Step {
        name: "clippy",
        says: "no lint speaks",
        lines: &["cargo clippy --workspace --all-targets --locked -- -D warnings"],
        long: &[],
    },
    Step {
        name: "firmware",
        says: "the node's logic holds, and builds without std",
        lines: &[
            "cargo check --package probe --locked --manifest-path firmware/Cargo.toml",
            "cargo clippy --package probe --locked --manifest-path firmware/Cargo.toml -- -D warnings",
            // What tests need brings std with it, which the probe has no room for.
            "cargo clippy --workspace --exclude probe --all-targets --locked --manifest-path firmware/Cargo.toml -- -D warnings",
            "cargo test --workspace --exclude probe --locked --manifest-path firmware/Cargo.toml",
        ],
        long: &[],
    },
    Step {
        name: "build",
        // All targets at once: tests and programs then share one build of every
        // dependency, and the tests below drive these very programs.
        says: "programs and tests build",
        lines: &["cargo build --workspace --all-targets --locked"],
        long: &[],
    },
    Step {
        name: "test",
        says: "unit tests, stories, broker, crashes, privacy, browser, documents",
        lines: &["cargo test --workspace --locked"],
        long: &[],
    },
    Step {
        name: "emulator",
        says: "the node's real firmware, in an emulator: from a walking shopper to her offer",
        lines: &[
            // Most of it waits for time to pass in an emulator.
            "cargo test --workspace --locked --test firmware -- --ignored --nocapture --test-threads=4",
        ],
        long: &[],
    },
    Step {
        name: "faults",
        says: "power cuts, damaged files, a full disk: nothing acknowledged is lost",
        lines: &[
            "cargo test --workspace --locked --test faults -- --ignored --nocapture --test-threads=1",
        ],
        long: &[
            "env AISLECAST_CUTS=200 AISLECAST_DAMAGES=600 cargo test --workspace --locked \
             --test faults -- --ignored --nocapture --test-threads=1",
        ],
    },
    Step {
        name: "boards",
        says: "the firmware of real boards compiles, links, and stays within its budget",
        lines: &["cargo firmware nrf52840 esp32c3"],
        long: &[],
    },
    Step {
        name: "seeds",
        says: "the simulated shop keeps its promises under faults, and its money",
        lines: &[
            "target/debug/aislecast-sim run --seeds 1..40 --faults all",
            "target/debug/aislecast-sim money --seeds 1..24",
        ],
        long: &[
            "target/debug/aislecast-sim run --seeds 1..200 --faults all",
            "target/debug/aislecast-sim money --seeds 1..250",
        ],
    },
    Step {
        name: "fuzz",
        says: "every input the fuzzer ever liked; a minute each with libFuzzer if named, or --long",
        lines: &["cargo test --locked --package fuzz-targets"],
        long: &[],
    },
    Step {
        name: "demo",
        says: "the first command of the README builds, shows an offer, ends with Ctrl-C",
        lines: &["cargo test --workspace --locked --test demo -- --ignored --nocapture"],
        long: &[],
    },
    Step {
        name: "deny",
        says: "licences, sources and bans, by cargo-deny",
        lines: &["cargo deny --workspace --locked check bans licenses sources"],
        long: &[],
    },
];

/// Runs the steps named, or all.
pub(crate) fn run(words: impl Iterator<Item = String>) -> Result<(), String> {
    let (flags, names): (Vec<String>, Vec<String>) = words.partition(|w| w.starts_with("--"));
    if flags.iter().any(|flag| flag == "--list") {
        for step in &STEPS {
            println!("{:9} {}", step.name, step.says);
        }
        return Ok(());
    }
    let long = flags.iter().any(|flag| flag == "--long");
    if let Some(flag) = flags.iter().find(|flag| *flag != "--long") {
        return Err(format!("unknown flag {flag}; there are --long and --list"));
    }
    if let Some(name) = names.iter().find(|n| STEPS.iter().all(|s| s.name != **n)) {
        return Err(format!(
            "unknown step {name}; `cargo suite --list` names them"
        ));
    }
    let chosen = STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name));
    let named = names.iter().any(|name| name == "fuzz");
    Round::start()?.go(chosen, long, long || named)
}

/// Lets libFuzzer look for inputs that break something.
fn look_for_more() -> Verdict {
    if let Some(remedy) = fuzz::missing() {
        println!("  !! skipped: libFuzzer; only the corpus was replayed ({remedy})");
        return Verdict::Skipped;
    }
    match fuzz::run() {
        Ok(()) => Verdict::Holds,
        Err(why) => {
            println!("!! fuzz: {why}");
            Verdict::Fails
        }
    }
}

/// Boards are workspaces of their own.
fn are_boards_formatted() -> Result<(), String> {
    firmware::manifests().iter().try_for_each(|manifest| {
        let text = format!("cargo fmt --all --check --manifest-path {manifest}");
        println!("$ {text}");
        finish(line(&text))
    })
}

/// One round of the suite.
struct Round {
    missing: Vec<&'static str>,
    took: Vec<(&'static str, Duration, Verdict)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Holds,
    Fails,
    Skipped,
}

impl Round {
    fn start() -> Result<Self, String> {
        println!("This checks the whole repository. It builds into target/ and firmware/target/,");
        println!("starts brokers and gateways on free ports of 127.0.0.1 and ends them again, and");
        println!("installs missing programs with apt when it is root or may use sudo unasked.");
        let missing = tools::ensure()?;
        Ok(Self {
            missing,
            took: Vec::new(),
        })
    }

    fn go(
        mut self,
        steps: impl Iterator<Item = &'static Step>,
        long: bool,
        fuzzes: bool,
    ) -> Result<(), String> {
        for step in steps {
            println!("\n== {}: {}", step.name, step.says);
            let started = Instant::now();
            let mut verdict = self.perform(step, long);
            if step.name == "fuzz" && fuzzes && verdict == Verdict::Holds {
                verdict = look_for_more();
            }
            self.took.push((step.name, started.elapsed(), verdict));
        }
        self.summary()
    }

    fn perform(&self, step: &Step, long: bool) -> Verdict {
        if step.name == "emulator"
            && let Err(why) = firmware::prepare()
        {
            println!("  !! SKIPPED: the firmware is neither built nor run here: {why}");
            return Verdict::Skipped;
        }
        if step.name == "boards"
            && let Err(why) = firmware::prepare_real()
        {
            println!("  !! SKIPPED: the firmware of real boards is not built here: {why}");
            return Verdict::Skipped;
        }
        if step.name == "deny" && !exists("cargo-deny") {
            // Building it takes longer than everything else here together; the
            // test `licences` checks the same lists from the same file.
            println!(
                "  !! skipped: cargo-deny is not installed (cargo install --locked cargo-deny)"
            );
            return Verdict::Skipped;
        }
        if step.name == "fmt"
            && let Err(why) = are_boards_formatted()
        {
            println!("!! {}: {why}", step.name);
            return Verdict::Fails;
        }
        let more = long && !step.long.is_empty();
        for text in if more { step.long } else { step.lines } {
            println!("$ {text}");
            let mut command = line(text);
            command.env("AISLECAST_MISSING", self.missing.join(" "));
            if let Err(why) = finish(command) {
                println!(
                    "!! {}: {why}\n   alone: cargo suite {}",
                    step.name, step.name
                );
                println!("   or:    {text}");
                return Verdict::Fails;
            }
        }
        Verdict::Holds
    }

    fn summary(self) -> Result<(), String> {
        println!("\n== summary");
        for (name, took, verdict) in &self.took {
            let verdict = match verdict {
                Verdict::Holds => "holds",
                Verdict::Fails => "FAILS",
                Verdict::Skipped => "skipped",
            };
            println!("{name:9} {verdict:8} {:6.1} s", took.as_secs_f32());
        }
        if !self.missing.is_empty() {
            println!("skipped for want of: {}", self.missing.join(", "));
        }
        let failed: Vec<_> = self
            .took
            .iter()
            .filter(|(_, _, verdict)| *verdict == Verdict::Fails)
            .map(|(name, ..)| *name)
            .collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(format!("failed: {}", failed.join(", ")))
        }
    }
}
