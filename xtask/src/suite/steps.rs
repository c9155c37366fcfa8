//! Every check there is, in the order in which they fail fastest.

/// One named check: command lines that must all succeed.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) lines: &'static [&'static str],
    /// Instead of them with `--long`, where that is more.
    pub(super) long: &'static [&'static str],
}

const WORKSPACE_LINTS: &str = "cargo clippy --workspace --all-targets --locked -- -D warnings";

pub(super) const STEPS: [Step; 14] = [
    Step {
        name: "fmt",
        says: "the code is formatted",
        lines: &[
            "cargo fmt --all --check",
            "cargo fmt --all --check --manifest-path firmware/Cargo.toml",
            "cargo fmt --all --check --manifest-path tests/peers/Cargo.toml",
            "cargo fmt --all --check --manifest-path tests/stores/Cargo.toml",
        ],
        long: &[],
    },
    Step {
        name: "clippy",
        says: "no lint speaks",
        lines: &[WORKSPACE_LINTS],
        // From nothing a minute for the peers and two for the stores, whose crates are
        // built for them alone.
        long: &[
            WORKSPACE_LINTS,
            "cargo clippy --all-targets --locked --manifest-path tests/peers/Cargo.toml --target-dir target -- -D warnings",
            "cargo clippy --all-targets --locked --manifest-path tests/stores/Cargo.toml --target-dir target -- -D warnings",
        ],
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
        // More at a time than there are cores: those of `tests`, two thirds of the time,
        // wait for programs.
        lines: &["cargo test --workspace --locked -- --test-threads=5"],
        long: &[],
    },
    Step {
        name: "emulator",
        says: "the node's real firmware, in an emulator: from a walking shopper to her offer",
        lines: &[
            EMULATED,
            // Most of it waits for time to pass in an emulator.
            "cargo test --workspace --locked --test firmware -- --ignored --nocapture --test-threads=4",
        ],
        long: &[],
    },
    Step {
        name: "faults",
        says: "power cuts, kills, damaged files, a full disk, wrong clocks, a broken line to a hub: nothing is lost",
        lines: &[
            // Most of it waits: for time to pass, for programs to start, for a disk.
            "cargo test --workspace --locked --test faults -- --ignored --nocapture --test-threads=6 \
             --skip line:: --skip withdrawal::",
            // These say how soon something happens: in seconds, and in milliseconds.
            "cargo test --workspace --locked --test faults -- --ignored --nocapture --test-threads=4 \
             line::",
            "cargo test --workspace --locked --test faults -- --ignored --nocapture withdrawal::",
            "cargo test --workspace --locked --lib -- --ignored --nocapture a_week_without",
        ],
        long: &[
            "env AISLECAST_WEEK=../target/week cargo test --workspace --locked --lib -- \
             --ignored --nocapture a_week_without",
            "env AISLECAST_WEEK=../target/week AISLECAST_CUTS=200 AISLECAST_KILLS=500 AISLECAST_DAMAGES=600 AISLECAST_EVENTS=20000 AISLECAST_DAYS=7 AISLECAST_FRAMES=1000000 cargo test --workspace --locked \
             --test faults -- --ignored --nocapture --test-threads=1",
        ],
    },
    Step {
        name: "boards",
        says: "the firmware of real boards compiles, links, and stays within its budget",
        lines: &[BOARDS],
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
            "target/debug/aislecast-sim run --seeds 1..1000 --shoppers 40 --hours 0.12 --faults all",
            "target/debug/aislecast-sim money --seeds 1..250",
        ],
    },
    Step {
        name: "fuzz",
        says: "every input the fuzzer ever liked; a minute each with libFuzzer if named, or --long",
        // As a part of the workspace: alone, its dependencies would be built once more.
        lines: &["cargo test --workspace --locked --test replay"],
        long: &[],
    },
    Step {
        name: "demo",
        says: "the first command of the README builds, shows an offer, ends with Ctrl-C",
        lines: &["cargo test --workspace --locked --test demo -- --ignored --nocapture"],
        long: &[],
    },
    Step {
        name: "package",
        says: "the Debian package runs a shop on a machine that systemd started",
        lines: &["cargo test --workspace --locked --test suite -- --ignored --nocapture packaged"],
        long: &[],
    },
    Step {
        name: "canaries",
        says: "no customer, key, address or password is in what all those programs said",
        lines: &["cargo test --workspace --locked --test suite -- --ignored --nocapture canaries"],
        long: &[],
    },
    Step {
        name: "deny",
        says: "licences, sources and bans, by cargo-deny",
        lines: &["cargo deny --workspace --locked check bans licenses sources"],
        long: &[],
    },
];

/// What the emulator's tests run.
pub(super) const EMULATED: &str = "cargo firmware --lint qemu-an386";
/// What nothing here can run.
pub(super) const BOARDS: &str = "cargo firmware --lint nrf52840 esp32c3";
