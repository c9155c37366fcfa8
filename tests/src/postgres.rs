//! Debian's `PostgreSQL` in a folder of its own, asked through `psql`.

use crate::{child::Process, house, wait};
use std::{
    env,
    fs::{self, Permissions},
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};
use tempfile::TempDir;

/// A server of a test, which listens on a socket in its folder and nowhere else.
#[derive(Debug)]
pub struct Postgres {
    _process: Process,
    temp: TempDir,
}

/// Where Debian keeps what only the server's own tools call.
fn programs() -> Option<PathBuf> {
    house::tool("psql")?;
    let versions = fs::read_dir("/usr/lib/postgresql").ok();
    let newest = versions.into_iter().flatten().flatten();
    let newest = newest.map(|entry| entry.path().join("bin"));
    let newest = newest.filter(|bin| bin.join("initdb").is_file()).max();
    if newest.is_none() {
        let excused = env::var("AISLECAST_MISSING").unwrap_or_default();
        assert!(
            excused.split(' ').any(|missing| missing == "psql"),
            "PostgreSQL is not installed: `apt install postgresql`"
        );
        eprintln!("SKIPPED: PostgreSQL is not installed");
    }
    newest
}

/// The server refuses to be run by root.
fn as_somebody(program: &Path) -> Command {
    if rustix::process::getuid().is_root() {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Postgres {
    /// Starts one; `None` where it may be missing and is.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let temp = tempfile::tempdir().expect("the temporary folder can be written");
        fs::set_permissions(temp.path(), Permissions::from_mode(0o777)).expect("it is ours");
        let data = temp.path().join("data");
        let made = as_somebody(&programs.join("initdb"))
            .args(["--auth=trust", "--username=hub", "--encoding=UTF8"])
            .arg(&data)
            .output()
            .expect("initdb starts");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "initdb: {said}");
        let mut command = as_somebody(&programs.join("postgres"));
        command
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(temp.path())
            .args(["-c", "listen_addresses="]);
        let process = Process::start(command, temp.path());
        wait::until("PostgreSQL takes connections", || {
            temp.path().join(".s.PGSQL.5432").exists().then_some(())
        });
        Some(Self {
            _process: process,
            temp,
        })
    }

    fn psql(&self) -> Command {
        let mut command = Command::new("psql");
        command
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"])
            .args(["-U", "hub", "-d", "postgres", "-h"])
            .arg(self.temp.path());
        command
    }

    /// Runs statements to their end; what they return, a row a line.
    pub fn run(&self, sql: &str) -> String {
        let ran = wait::until("PostgreSQL answers", || {
            let ran = self.psql().args(["-c", sql]).output().expect("psql starts");
            let starting = String::from_utf8_lossy(&ran.stderr).contains("starting up");
            (!starting).then_some(ran)
        });
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{sql}: {said}");
        String::from_utf8_lossy(&ran.stdout).trim_end().to_owned()
    }

    /// One session, for many statements.
    pub fn session(&self) -> Session {
        let mut child = self
            .psql()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql starts");
        Session {
            asked: child.stdin.take().expect("it is piped"),
            told: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
        }
    }
}

/// A `psql` that is asked one statement after the other.
#[derive(Debug)]
pub struct Session {
    child: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Session {
    /// Runs a statement that returns one row, in a transaction of its own.
    pub fn row(&mut self, sql: &str) -> String {
        writeln!(self.asked, "{sql}").expect("psql lives");
        let mut line = String::new();
        let read = self.told.read_line(&mut line).expect("psql lives");
        assert!(read > 0, "psql has ended: {sql}");
        line.trim_end().to_owned()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
