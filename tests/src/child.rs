//! A process with its output in a file, ended with its owner.

use crate::{canaries, wait};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::{self, File},
    io::{self, PipeWriter},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

static STARTED: AtomicU32 = AtomicU32::new(0);

/// A pipe whose reader has gone away.
pub fn unread() -> PipeWriter {
    let (_, writer) = io::pipe().expect("the system has a pipe left");
    writer
}

/// A running process of a test.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; what it says goes to a file of its own in `dir`.
    pub fn start(command: Command, dir: &Path) -> Self {
        Self::started(command, dir, |command, log| {
            let twin = log.try_clone().expect("a file can be opened twice");
            command.stdout(log).stderr(twin);
        })
    }

    /// The same whose every word goes to a reader who has gone away.
    pub fn start_unread(command: Command, dir: &Path) -> Self {
        Self::started(command, dir, |command, _| {
            command.stdout(unread()).stderr(unread());
        })
    }

    fn started(mut command: Command, dir: &Path, directs: impl FnOnce(&mut Command, File)) -> Self {
        let name = Path::new(command.get_program())
            .file_name()
            .expect("a program has a name")
            .display()
            .to_string();
        let nth = STARTED.fetch_add(1, Ordering::Relaxed);
        let log = dir.join(format!("{name}-{nth}.log"));
        let file = File::create(&log).expect("the test's folder can be written");
        directs(&mut command, file);
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| panic!("failed to start {name}: {why}"));
        Self { child, log }
    }

    /// All it has said so far.
    pub fn said(&self) -> String {
        let bytes = fs::read(&self.log).expect("its output is kept while it lives");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The same for whoever comes late: nothing where the test's folder is gone.
    pub fn last_words(&self) -> Option<String> {
        let bytes = fs::read(&self.log).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status, once it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it is our child")
    }

    /// As `kill -9` does it: no goodbye, no flush.
    pub fn kill(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        self.child.wait().expect("it is our child");
    }

    /// As Ctrl-C does it.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Stops it where it is.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.id()).expect("process ids are small");
        let pid = Pid::from_raw(id).expect("no process has the id 0");
        kill_process(pid, signal).expect("it is our child and has not been waited for");
    }

    /// Waits for its end.
    pub fn finish(&mut self) -> ExitStatus {
        wait::until("the process has ended", || self.ended())
    }
}

impl Process {
    /// Leaves what one of our own programs has said, to be searched after the suite.
    fn leave(&self) {
        let name = self.log.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("aislecast")
            && let Ok(said) = fs::read(&self.log)
        {
            canaries::leave(&name, &said);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        self.leave();
        if std::thread::panicking() {
            eprintln!("---- {} ----\n{}", self.log.display(), self.said());
        }
    }
}
