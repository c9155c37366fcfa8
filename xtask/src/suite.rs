//! `cargo suite`: runs every check there is.

mod overdue;
mod steps;

use crate::{
    background::Background,
    firmware, fuzz, package,
    run::{exists, finish, line},
    tools,
};
use std::time::{Duration, Instant};
use steps::{BOARDS, EMULATED, STEPS, Step};

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
    let chosen: Vec<&Step> = chosen.collect();
    let has = |name: &str| chosen.iter().any(|step| step.name == name);
    Round::start(has("emulator") && has("boards"))?.go(chosen, long, long || named)
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

/// Runs what a step has for each board: boards are workspaces of their own.
fn look_at_boards(step: &Step) -> Result<(), String> {
    let command = match step.name {
        "fmt" => |manifest: &str| format!("cargo fmt --all --check --manifest-path {manifest}"),
        "deny" => |manifest: &str| {
            format!(
                "cargo deny --locked --config deny.toml --manifest-path {manifest} \
                 check bans licenses sources"
            )
        },
        _ => return Ok(()),
    };
    firmware::manifests().iter().try_for_each(|manifest| {
        let text = command(manifest);
        println!("$ {text}");
        finish(line(&text))
    })
}

/// What keeps a step from being run here, if anything does.
fn obstacle(step: &Step) -> Option<String> {
    match step.name {
        "emulator" => firmware::prepare()
            .err()
            .map(|why| format!("the firmware is neither built nor run here: {why}")),
        "boards" => firmware::prepare_real()
            .err()
            .map(|why| format!("the firmware of real boards is not built here: {why}")),
        "package" => package::prepare().err(),
        // Building it takes longer than everything else here together; the
        // test `licences` checks the same lists from the same file.
        "deny" if !exists("cargo-deny") => {
            Some("cargo-deny is not installed (cargo install --locked cargo-deny)".to_owned())
        }
        _ => None,
    }
}

/// One round of the suite.
struct Round {
    /// Whether the boards are built while the emulator's tests run.
    at_once: bool,
    beside: Option<Background>,
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
    fn start(at_once: bool) -> Result<Self, String> {
        println!("This checks the whole repository. It builds into target/ and firmware/target/,");
        println!("starts brokers and gateways on free ports of 127.0.0.1 and ends them again, and");
        println!("installs missing programs with apt when it is root or may use sudo unasked.");
        let missing = tools::ensure()?;
        Ok(Self {
            at_once,
            beside: None,
            missing,
            took: Vec::new(),
        })
    }

    fn go(mut self, steps: Vec<&'static Step>, long: bool, fuzzes: bool) -> Result<(), String> {
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

    fn perform(&mut self, step: &Step, long: bool) -> Verdict {
        if let Some(why) = obstacle(step) {
            println!("  !! SKIPPED: {why}");
            return Verdict::Skipped;
        }
        if let Err(why) = look_at_boards(step) {
            println!("!! {}: {why}", step.name);
            return Verdict::Fails;
        }
        let more = long && !step.long.is_empty();
        for text in if more { step.long } else { step.lines } {
            if let Err(why) = self.run_line(text) {
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

    fn run_line(&mut self, text: &'static str) -> Result<(), String> {
        println!("$ {text}");
        if let Some(begun) = self.beside.take_if(|_| text == BOARDS) {
            return begun.finish();
        }
        let mut command = line(text);
        command.env("AISLECAST_MISSING", self.missing.join(" "));
        finish(command)?;
        if self.at_once && text == EMULATED {
            self.start_boards();
        }
        Ok(())
    }

    /// Building boards wants the processor, and the emulator's tests wait for time to
    /// pass: at once they take little more than either.
    fn start_boards(&mut self) {
        // What is missing is said when their turn comes.
        if firmware::prepare_real().is_ok() {
            println!("$ {BOARDS} &");
            self.beside = Background::start(BOARDS, &firmware::built().join("boards.txt")).ok();
        }
    }

    fn summary(self) -> Result<(), String> {
        println!("\n== summary");
        overdue::tell();
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
