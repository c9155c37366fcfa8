//! What the emulator is told while it runs (QEMU Machine Protocol): one JSON
//! object a line.

use serde_json::{Value, json};
use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    process::Child,
    thread::sleep,
    time::{Duration, Instant},
};

/// How long the emulator may take to call, and to answer.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(super) struct Qmp {
    reader: BufReader<UnixStream>,
}

impl Qmp {
    /// Waits until the emulator calls, or has ended instead.
    pub(super) fn accept(listener: &UnixListener, emulator: &mut Child) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let started = Instant::now();
        let stream = loop {
            match listener.accept() {
                Ok((stream, _)) => break stream,
                Err(why) if why.kind() != io::ErrorKind::WouldBlock => return Err(why),
                Err(_) => {}
            }
            if let Some(status) = emulator.try_wait()? {
                return Err(io::Error::other(format!(
                    "the emulator ended with {status}"
                )));
            }
            if started.elapsed() > PATIENCE {
                return Err(io::ErrorKind::TimedOut.into());
            }
            sleep(GLANCE);
        };
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut qmp = Self {
            reader: BufReader::new(stream),
        };
        qmp.line()?;
        qmp.execute(&json!({"execute": "qmp_capabilities"}))?;
        Ok(qmp)
    }

    /// Sets a property of a device.
    pub(super) fn set(&mut self, path: &str, property: &str, value: i32) -> io::Result<()> {
        self.execute(&json!({
            "execute": "qom-set",
            "arguments": { "path": path, "property": property, "value": value },
        }))
    }

    fn execute(&mut self, command: &Value) -> io::Result<()> {
        writeln!(self.reader.get_mut(), "{command}")?;
        loop {
            let said = self.line()?;
            if let Some(error) = said.get("error") {
                return Err(io::Error::other(format!("the emulator says: {error}")));
            }
            // Events come in between.
            if said.get("return").is_some() {
                return Ok(());
            }
        }
    }

    fn line(&mut self) -> io::Result<Value> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        serde_json::from_str(&line).map_err(io::Error::other)
    }
}
