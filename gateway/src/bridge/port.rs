//! A serial port: a terminal in raw mode that nobody else may use meanwhile.

use rustix::{
    fs::{FlockOperation, Mode, OFlags},
    io::Errno,
    termios::{self, OptionalActions, QueueSelector},
};
use std::{
    fs, io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, unix::AsyncFd};

/// Of a node behind a UART; over USB it does not matter. A full frame a second
/// takes an eighth of it.
const BITS_PER_S: u32 = 115_200;
/// Where Linux names ports by what is plugged in, so that the name stays.
const BY_ID: &str = "/dev/serial/by-id";

/// Why a port cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// No such file.
    #[error("failed to open {}: there is no such port. {found}", .path.display())]
    Missing {
        /// Its name.
        path: PathBuf,
        /// What there is instead.
        found: String,
    },
    /// Permissions.
    #[error(
        "failed to open {}: this user may not. Ports belong to a group, on Debian `dialout`: \
         `sudo usermod --append --groups dialout $USER`, then log in anew",
        .0.display()
    )]
    Denied(PathBuf),
    /// Somebody else has it open.
    #[error(
        "failed to open {}: another program uses it; `fuser --verbose` with its name says which",
        .0.display()
    )]
    Busy(PathBuf),
    /// A file, but no port.
    #[error("failed to use {}: it is no serial port", .0.display())]
    NoPort(PathBuf),
    /// Anything else.
    #[error("failed to open {}: {}", .0.display(), .1)]
    Other(PathBuf, #[source] io::Error),
}

/// An open port. It reads as ended, or fails, when it is unplugged.
#[derive(Debug)]
pub(crate) struct Port(AsyncFd<OwnedFd>);

impl Port {
    /// Opens it for nobody but us.
    pub(crate) fn open(path: &Path) -> Result<Self, PortError> {
        let failed = |errno| PortError::of(path, errno);
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(failed)?;
        let mut terminal = termios::tcgetattr(&fd).map_err(failed)?;
        // One keeps out those who ask first, the other everybody but root.
        rustix::fs::flock(&fd, FlockOperation::NonBlockingLockExclusive).map_err(failed)?;
        termios::ioctl_tiocexcl(&fd).map_err(failed)?;
        terminal.make_raw();
        terminal.set_speed(BITS_PER_S).map_err(failed)?;
        termios::tcsetattr(&fd, OptionalActions::Now, &terminal).map_err(failed)?;
        // What was said before somebody listened.
        termios::tcflush(&fd, QueueSelector::IOFlush).map_err(failed)?;
        #[expect(
            deprecated,
            reason = "what replaces it is unsafe; an OwnedFd keeps what that asks for"
        )]
        AsyncFd::new(fd)
            .map(Self)
            .map_err(|error| PortError::Other(path.to_owned(), error))
    }
}

impl PortError {
    fn of(path: &Path, errno: Errno) -> Self {
        let path = path.to_owned();
        match errno {
            // A port whose driver is there, but not the port itself.
            Errno::NOENT | Errno::NXIO | Errno::NODEV => Self::Missing {
                path,
                found: found(Path::new(BY_ID)),
            },
            Errno::ACCESS | Errno::PERM => Self::Denied(path),
            Errno::BUSY | Errno::WOULDBLOCK => Self::Busy(path),
            Errno::NOTTY | Errno::ISDIR | Errno::INVAL => Self::NoPort(path),
            other => Self::Other(path, other.into()),
        }
    }
}

/// What is plugged in, in a sentence.
fn found(folder: &Path) -> String {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().display().to_string())
        .collect();
    names.sort();
    if names.is_empty() {
        "No serial port is plugged in; `dmesg` tells what was".to_owned()
    } else {
        format!("There are: {}", names.join(", "))
    }
}

impl AsyncRead for Port {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut guard = ready!(self.0.poll_read_ready(cx))?;
            let read = guard.try_io(|fd| Ok(rustix::io::read(fd, buffer.initialize_unfilled())?));
            if let Ok(read) = read {
                buffer.advance(read?);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Port {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            let mut guard = ready!(self.0.poll_write_ready(cx))?;
            if let Ok(written) = guard.try_io(|fd| Ok(rustix::io::write(fd, bytes)?)) {
                return Poll::Ready(written);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_port_is_said_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "text").unwrap();
        for (path, words) in [
            (dir.path().join("none"), "there is no such port"),
            (file, "is no serial port"),
            (dir.path().to_owned(), "is no serial port"),
        ] {
            let error = Port::open(&path).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
            assert!(error.contains(&path.display().to_string()), "{error}");
        }
        let denied = PortError::of(Path::new("/dev/ttyACM0"), Errno::ACCESS).to_string();
        assert!(denied.contains("dialout"), "{denied}");
    }

    #[test]
    fn ports_that_are_there_are_named() {
        let dir = tempfile::tempdir().unwrap();
        assert!(found(dir.path()).contains("No serial port"));
        fs::write(dir.path().join("usb-Aislecast_node-if00"), "").unwrap();
        assert!(found(dir.path()).ends_with("usb-Aislecast_node-if00"));
    }
}
