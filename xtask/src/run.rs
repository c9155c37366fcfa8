//! Running other programs from the root of the repository.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder in the root")
        .to_owned()
}

/// Where Cargo puts what it builds: `CARGO_TARGET_DIR` or `target`.
pub(crate) fn target_dir() -> PathBuf {
    let dir = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(dir)
}

/// The Cargo that runs us, or the one in the path.
pub(crate) fn cargo() -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Splits a command line without quotes. `cargo` is the Cargo that runs us,
/// `target/..` what it built.
pub(crate) fn line(text: &str) -> Command {
    let (program, arguments) = text.split_once(' ').unwrap_or((text, ""));
    let mut command = match program.strip_prefix("target/") {
        Some(built) => Command::new(target_dir().join(built)),
        None if program == "cargo" => cargo(),
        None => Command::new(program),
    };
    command
        .args(arguments.split_whitespace())
        .current_dir(root());
    command
}

/// Runs to the end; the error says what failed.
pub(crate) fn finish(mut command: Command) -> Result<(), String> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|why| format!("failed to start {}: {why}", command.get_program().display()))?;
    if status.success() {
        Ok(())
    } else {
        Err(status.to_string())
    }
}

/// Whether a program is in the path.
pub(crate) fn exists(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        // Debian keeps mosquitto where only root looks.
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .any(|dir| dir.join(program).is_file())
}
