//! A Rust that can compile for a bare-metal target.
//!
//! Mostly that is `rustup target add`. Where rustup cannot fetch anything,
//! Debian's `rustc-web` and its sources make the three libraries that a target
//! is, once.

use crate::run::{finish, target_dir};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Debian's compiler, the sources of its libraries, and a linker.
pub(crate) const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "lld"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LIBRARIES: &str = "/usr/lib/rustlib";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/core";
const HOST: &str = "x86_64-unknown-linux-gnu";

/// How Cargo is to compile for a target.
pub(crate) enum Rust {
    /// As it does by itself.
    Plain,
    /// With Debian's compiler and a target made from its sources.
    Debian { sysroot: PathBuf },
}

/// Finds or makes one for `target`.
pub(crate) fn ready(target: &str) -> Result<Rust, String> {
    if has_target(target) {
        return Ok(Rust::Plain);
    }
    if !can_make() {
        return Err(format!(
            "this Rust does not know {target}: `rustup target add {target}`, or on Debian \
             `apt-get install rustc-web rust-web-src lld`"
        ));
    }
    let sysroot = target_dir().join("firmware/rust").join(target);
    if !libraries(&sysroot, target).is_dir() {
        make(target, &sysroot).map_err(|why| format!("failed to make {target}: {why}"))?;
    }
    Ok(Rust::Debian { sysroot })
}

/// Whether Debian's packages are there.
pub(crate) fn can_make() -> bool {
    Path::new(DEBIAN_SOURCES).is_dir() && Path::new(DEBIAN_RUSTC).is_file()
}

/// Whether Debian's packages would put nothing of the system's out of its place.
pub(crate) fn may_install() -> bool {
    !can_make() && !Path::new(DEBIAN_RUSTC).exists()
}

/// Whether the Rust in the path has the target.
pub(crate) fn has_target(target: &str) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", target]);
    let Ok(output) = rustc.output() else {
        return false;
    };
    let folder = String::from_utf8_lossy(&output.stdout);
    output.status.success() && Path::new(folder.trim()).is_dir()
}

impl Rust {
    /// Tells Cargo.
    pub(crate) fn apply(&self, cargo: &mut Command, target: &str) {
        super::clang::point(cargo);
        let Self::Debian { sysroot } = self else {
            return;
        };
        let key = |tail: &str| {
            let target = target.to_uppercase().replace(['-', '.'], "_");
            format!("CARGO_TARGET_{target}_{tail}")
        };
        cargo.env("RUSTC", DEBIAN_RUSTC);
        // Debian's compiler comes without rust-lld.
        cargo.env(key("LINKER"), "ld.lld");
        // Cargo joins these with the flags of the board's own configuration.
        cargo.env(key("RUSTFLAGS"), format!("--sysroot={}", sysroot.display()));
    }
}

fn libraries(sysroot: &Path, target: &str) -> PathBuf {
    sysroot.join("lib/rustlib").join(target).join("lib")
}

/// Compiles core, alloc and `compiler_builtins` and puts them where a compiler
/// looks for them.
fn make(target: &str, sysroot: &Path) -> Result<(), String> {
    println!("making {target} from Debian's sources, once (half a minute) ...");
    let folder = sysroot.join("make");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder"))?;
        fs::write(path, text)
    };
    let manifest = "[package]\nname = \"make\"\nedition = \"2024\"\n[workspace]\n";
    write("Cargo.toml", manifest)
        .and_then(|()| write("src/lib.rs", "#![no_std]\n"))
        .map_err(|why| why.to_string())?;
    let mut build = crate::run::cargo();
    build
        .current_dir(&folder)
        .env("RUSTC", DEBIAN_RUSTC)
        // What -Zbuild-std asks for; nothing of ours is unstable.
        .env("RUSTC_BOOTSTRAP", "1")
        // Without it link-time optimisation finds no bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .args(["build", "--release", "--quiet", "-Zbuild-std=core,alloc"])
        .args(["--target", target, "--target-dir", "target"]);
    finish(build)?;
    collect(&folder.join("target").join(target), sysroot, target).map_err(|why| why.to_string())
}

fn collect(built: &Path, sysroot: &Path, target: &str) -> std::io::Result<()> {
    let wanted = ["libcore-", "liballoc-", "libcompiler_builtins-"];
    let place = libraries(sysroot, target);
    // Under another name until it is whole.
    let begun = place.with_extension("begun");
    fs::create_dir_all(&begun)?;
    for entry in fs::read_dir(built.join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_library = path.extension().is_some_and(|kind| kind == "rlib");
        if is_library && wanted.iter().any(|head| name.starts_with(head)) {
            fs::copy(&path, begun.join(&*name))?;
        }
    }
    let host = sysroot.join("lib/rustlib").join(HOST);
    if !host.exists() {
        std::os::unix::fs::symlink(Path::new(DEBIAN_LIBRARIES).join(HOST), host)?;
    }
    fs::rename(begun, place)?;
    fs::remove_dir_all(sysroot.join("make"))
}
