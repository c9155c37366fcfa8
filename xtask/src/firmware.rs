//! The node's firmware: building it for boards, and showing it at work.

mod clang;
mod demo;
mod rust;
mod size;

pub(crate) use demo::run as demo;

use crate::{
    run::{cargo, exists, finish, root, target_dir},
    tools,
};
use std::path::PathBuf;

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

/// `cargo firmware [BOARD]..`: builds the firmware of these boards, or of all.
pub(crate) fn run(names: impl Iterator<Item = String>) -> Result<(), String> {
    let names: Vec<String> = names.collect();
    if let Some(name) = names.iter().find(|n| BOARDS.iter().all(|b| b.name != **n)) {
        let known: Vec<_> = BOARDS.iter().map(|board| board.name).collect();
        return Err(format!("no board {name}; there are {}", known.join(", ")));
    }
    for board in BOARDS {
        if names.is_empty() || names.iter().any(|name| name == board.name) {
            board.build()?;
        }
    }
    Ok(())
}

/// Installs what the emulated board needs where that is possible, and builds
/// it. The error says what is missing.
pub(crate) fn prepare() -> Result<(), String> {
    if !rust::has_target(EMULATED.target) && rust::may_install() {
        tools::install(&["rustc-web", "rust-web-src", "lld"])?;
    }
    if !exists("qemu-system-arm") {
        tools::install(&["qemu-system-arm"])?;
    }
    if !exists("qemu-system-arm") {
        return Err("no qemu-system-arm: apt-get install qemu-system-arm".to_owned());
    }
    if !exists("mosquitto") {
        return Err("no mosquitto: apt-get install mosquitto".to_owned());
    }
    EMULATED.build().map(drop)
}

/// Installs what the boards need that are only linked, where that is possible.
/// The error says what is missing.
pub(crate) fn prepare_real() -> Result<(), String> {
    if !BOARDS.iter().all(|board| rust::has_target(board.target)) && rust::may_install() {
        tools::install(&["rustc-web", "rust-web-src", "lld"])?;
    }
    for board in BOARDS {
        rust::ready(board.target)?;
    }
    let absent = clang::absent();
    if !absent.is_empty() {
        tools::install(&absent)?;
    }
    match clang::absent() {
        missing if missing.is_empty() => Ok(()),
        missing => Err(format!("apt-get install {}", missing.join(" "))),
    }
}

/// The boards' manifests: each is a workspace of its own.
pub(crate) fn manifests() -> Vec<String> {
    let manifest = |board: &Board| format!("firmware/boards/{}/Cargo.toml", board.name);
    BOARDS.iter().map(manifest).collect()
}

impl Board {
    /// Builds it, says how big it is, and where it is.
    pub(crate) fn build(&self) -> Result<PathBuf, String> {
        let mut build = cargo();
        rust::ready(self.target)?.apply(&mut build, self.target);
        let folder = root().join("firmware/boards").join(self.name);
        // Its .cargo/config.toml counts only in its folder.
        build.current_dir(&folder);
        let target_dir = target_dir().join("firmware");
        build.args(["build", "--release", "--locked", "--target", self.target]);
        build.arg("--target-dir").arg(&target_dir);
        finish(build).map_err(|why| format!("failed to build {}: {why}", self.name))?;
        let elf = target_dir.join(self.target).join("release").join(self.name);
        let size = size::of(&elf)?;
        let (flash, ram) = self.room_kib;
        println!("{}: {}", elf.display(), size.against(flash, ram)?);
        Ok(elf)
    }
}
