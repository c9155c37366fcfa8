//! The node's firmware: building it for boards, and showing it at work.

mod clang;
mod clippy;
mod demo;
mod rust;
mod size;

pub(crate) use demo::run as demo;

use crate::{
    run::{cargo, exists, finish, root, target_dir},
    tools,
};
use rust::Rust;
use std::{path::PathBuf, process::Command};

/// One board: a workspace of its own below `firmware/boards`, and its target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Board {
    pub(crate) name: &'static str,
    target: &'static str,
    /// What it may take, KiB: flash and RAM, without the stack.
    room_kib: (u64, u64),
}

/// The board that runs in an emulator.
pub(crate) const EMULATED: Board = Board {
    name: "qemu-an386",
    target: "thumbv7em-none-eabihf",
    // As the nRF52840 has them; see its memory.x.
    room_kib: (1_024, 256),
};

/// Nothing here can run these. More than their budget is not yet more than the
/// chip has (1,024 and 256 KiB; 4,096 and 400 KiB): it is more than anybody has
/// thought about.
const NRF52840: Board = Board {
    name: "nrf52840",
    target: "thumbv7em-none-eabihf",
    room_kib: (256, 64),
};
const ESP32C3: Board = Board {
    name: "esp32c3",
    target: "riscv32imc-unknown-none-elf",
    room_kib: (1_024, 288),
};

pub(crate) const BOARDS: [Board; 3] = [EMULATED, NRF52840, ESP32C3];

/// `cargo firmware [--lint] [BOARD]..`: builds the firmware of these boards, or of
/// all; with `--lint`, after clippy has had its say.
pub(crate) fn run(words: impl Iterator<Item = String>) -> Result<(), String> {
    let (flags, names): (Vec<String>, Vec<String>) = words.partition(|w| w.starts_with("--"));
    if let Some(flag) = flags.iter().find(|flag| *flag != "--lint") {
        return Err(format!("unknown flag {flag}; there is --lint"));
    }
    if let Some(name) = names.iter().find(|n| BOARDS.iter().all(|b| b.name != **n)) {
        let known: Vec<_> = BOARDS.iter().map(|board| board.name).collect();
        return Err(format!("no board {name}; there are {}", known.join(", ")));
    }
    for board in BOARDS {
        if names.is_empty() || names.iter().any(|name| name == board.name) {
            if !flags.is_empty() {
                board.lint()?;
            }
            board.build()?;
        }
    }
    Ok(())
}

/// Installs what the emulated board needs where that is possible. The error says what
/// is missing.
pub(crate) fn prepare() -> Result<(), String> {
    prepare_rust(&[EMULATED])?;
    for program in ["qemu-system-arm", "mosquitto"] {
        if !exists(program) {
            tools::install(&[program])?;
        }
        if !exists(program) {
            return Err(format!("no {program}: apt-get install {program}"));
        }
    }
    Ok(())
}

/// Installs what the boards need that are only linked, where that is possible.
/// The error says what is missing.
pub(crate) fn prepare_real() -> Result<(), String> {
    prepare_rust(&[NRF52840, ESP32C3])?;
    let absent = clang::absent();
    if !absent.is_empty() {
        tools::install(&absent)?;
    }
    match clang::absent() {
        missing if missing.is_empty() => Ok(()),
        missing => Err(format!("apt-get install {}", missing.join(" "))),
    }
}

/// The boards' compiler and its clippy.
fn prepare_rust(boards: &[Board]) -> Result<(), String> {
    let is_ready = boards.iter().all(|board| rust::has_target(board.target));
    if !is_ready && rust::may_install() {
        tools::install(&rust::DEBIAN_PACKAGES)?;
    }
    for board in boards {
        let rust = rust::ready(board.target)?;
        if matches!(rust, Rust::Debian { .. }) && !clippy::is_there(&rust) {
            tools::install(&[clippy::DEBIAN_PACKAGE])?;
        }
    }
    Ok(())
}

/// The boards' manifests: each is a workspace of its own.
pub(crate) fn manifests() -> Vec<String> {
    let manifest = |board: &Board| format!("firmware/boards/{}/Cargo.toml", board.name);
    BOARDS.iter().map(manifest).collect()
}

impl Board {
    /// Builds it, says how big it is, and where it is.
    pub(crate) fn build(&self) -> Result<PathBuf, String> {
        finish(self.cargo_build(&rust::ready(self.target)?))
            .map_err(|why| format!("failed to build {}: {why}", self.name))?;
        let elf = built().join(self.target).join("release").join(self.name);
        let size = size::of(&elf)?;
        let (flash, ram) = self.room_kib;
        println!("{}: {}", elf.display(), size.against(flash, ram)?);
        Ok(elf)
    }

    /// Lets clippy speak, where it is. The build must follow.
    fn lint(&self) -> Result<(), String> {
        let rust = rust::ready(self.target)?;
        let mut build = self.cargo_build(&rust);
        match clippy::apply(&mut build, &rust) {
            Ok(()) => finish(build).map_err(|why| format!("clippy on {}: {why}", self.name)),
            Err(remedy) => {
                println!("  !! SKIPPED: clippy on {}: {remedy}", self.name);
                Ok(())
            }
        }
    }

    fn cargo_build(&self, rust: &Rust) -> Command {
        let mut build = cargo();
        rust.apply(&mut build, self.target);
        // Its .cargo/config.toml counts only in its folder.
        build.current_dir(root().join("firmware/boards").join(self.name));
        build.args(["build", "--release", "--locked", "--target", self.target]);
        build.arg("--target-dir").arg(built());
        build
    }
}

/// Where boards are built.
pub(crate) fn built() -> PathBuf {
    target_dir().join("firmware")
}
