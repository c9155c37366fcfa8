//! A Debian that systemd has started, in a container on no network but its loopback.

use crate::{child::Process, house, wait};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};
use tempfile::TempDir;

/// What a shop's machine has beside what every Debian has.
const PACKAGES: &str = "systemd,systemd-sysv,mosquitto,mosquitto-clients";
/// To start.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running machine. It is gone, with all in it, when this is dropped.
#[derive(Debug)]
pub struct Machine {
    // First: nothing may run in a folder that is taken away.
    container: Process,
    /// Its first process, by its id out here.
    leader: u32,
    dir: TempDir,
}

impl Machine {
    /// Starts one with a system as it was just installed. Takes root.
    pub fn boot() -> Self {
        let dir = tempfile::tempdir_in(house::target()).expect("the target folder can be written");
        let root = dir.path().join("root");
        fs::create_dir(&root).expect("the folder is new");
        let mut unpack = Command::new("tar");
        unpack.arg("--extract").arg("--file").arg(system());
        unpack.arg("--directory").arg(&root);
        finish(&mut unpack);
        // Every Debian has it; what installs them writes it.
        fs::write(root.join("etc/hosts"), "127.0.0.1 localhost\n").expect("it has /etc");
        let mut container = Command::new("systemd-nspawn");
        container.arg("--directory").arg(&root);
        container.args(["--boot", "--private-network", "--console=passive"]);
        // Out here need be no systemd.
        container.args(["--register=no", "--keep-unit"]);
        let container = Process::start(container, dir.path());
        let mut machine = Self {
            leader: 0,
            container,
            dir,
        };
        wait::within(PATIENCE, || machine.is_up().then_some(())).unwrap_or_else(|| {
            panic!("the machine does not start: {}", machine.container.said());
        });
        machine
    }

    /// Whether all that starts with the system has. On the way there the container's
    /// first process is another one.
    fn is_up(&mut self) -> bool {
        let Some(leader) = first_child(&self.container) else {
            return false;
        };
        self.leader = leader;
        let state = self.run(&["systemctl", "is-system-running"]);
        ["running", "degraded"].contains(&text(&state).trim())
    }

    /// The folder out here of its first process, as long as that lives.
    pub fn process(&self) -> PathBuf {
        format!("/proc/{}", self.leader).into()
    }

    /// A file of the machine, as it is reached from out here.
    pub fn path(&self, path: &str) -> PathBuf {
        let inside = Path::new(path);
        let inside = inside
            .strip_prefix("/")
            .expect("paths in there begin with /");
        self.dir.path().join("root").join(inside)
    }

    /// Runs a command in there, as root.
    pub fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new("nsenter");
        command.arg("--target").arg(self.leader.to_string());
        command.args([
            "--mount", "--pid", "--ipc", "--uts", "--net", "--cgroup", "--",
        ]);
        command.args(words).env_clear();
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.output().expect("util-linux is on every Debian")
    }

    /// What a command in there says, which must succeed.
    pub fn says(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let said = text(&output);
        assert!(output.status.success(), "{words:?}: {said}");
        said
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // Killed by itself systemd-nspawn leaves the system running that it started; with
        // the first process of it all go.
        let leader = i32::try_from(self.leader).ok().and_then(Pid::from_raw);
        if let Some(leader) = leader {
            // It may have ended by itself.
            let _ = kill_process(leader, Signal::KILL);
        }
    }
}

/// Both outputs.
fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// An archive of a Debian 12, fetched once.
fn system() -> PathBuf {
    let dir = house::target().join("machine");
    let archive = dir.join("bookworm.tar");
    if !archive.exists() {
        fs::create_dir_all(&dir).expect("the target folder can be written");
        let begun = dir.join("begun.tar");
        let mut make = Command::new("mmdebstrap");
        make.args([
            "--quiet",
            "--variant=minbase",
            "--include",
            PACKAGES,
            "bookworm",
        ]);
        finish(make.arg(&begun));
        fs::rename(begun, &archive).expect("both are in one folder");
    }
    archive
}

fn finish(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|why| panic!("{command:?}: {why}"));
    assert!(output.status.success(), "{command:?}: {}", text(&output));
}

fn first_child(parent: &Process) -> Option<u32> {
    let id = parent.id();
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
    children.split_whitespace().next()?.parse().ok()
}
