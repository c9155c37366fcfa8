//! The cable between an emulated board's serial port and a bridge's, which can be
//! pulled, plugged in again, and raved on.

use crate::wire::Wire;
use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, Weak},
    thread,
    time::Duration,
};

const GLANCE: Duration = Duration::from_millis(2);
/// More than a board says in a glance.
const READ_BYTES: usize = 4_096;

/// A cable. Ends with its owner.
#[derive(Debug)]
pub struct Cable {
    address: SocketAddr,
    port: PathBuf,
    ends: Arc<Mutex<Ends>>,
}

#[derive(Debug, Default)]
struct Ends {
    board: Option<TcpStream>,
    /// Nothing while it is pulled: then what the board says is lost.
    bridge: Option<Wire>,
}

impl Cable {
    /// A cable that is plugged in; the bridge finds it at `port`.
    pub fn plugged(port: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = listener.local_addr().expect("it has just been bound");
        let nonblocking = listener.set_nonblocking(true);
        nonblocking.expect("any socket can");
        let ends = Arc::new(Mutex::new(Ends::default()));
        let held = Arc::downgrade(&ends);
        thread::spawn(move || carry(&listener, &held));
        let cable = Self {
            address,
            port: port.to_owned(),
            ends,
        };
        cable.plug();
        cable
    }

    /// Where the board's end is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Pulls it out of the bridge's port, which goes away.
    pub fn pull(&self) {
        self.lock().bridge = None;
    }

    /// Plugs it in again.
    pub fn plug(&self) {
        self.lock().bridge = Some(Wire::plug(&self.port));
    }

    /// Noise on it, at both ends.
    pub fn rave(&self, bytes: &[u8]) {
        let mut ends = self.lock();
        if let Some(board) = &mut ends.board {
            board.write_all(bytes).expect("the board listens");
        }
        if let Some(bridge) = &mut ends.bridge {
            bridge.rave(bytes);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().expect("nobody panics while holding it")
    }
}

/// Carries bytes both ways for as long as there is a cable.
fn carry(listener: &TcpListener, held: &Weak<Mutex<Ends>>) {
    while let Some(ends) = held.upgrade() {
        if let Ok(mut ends) = ends.lock() {
            if let Ok((board, _)) = listener.accept() {
                let _ = board.set_nodelay(true);
                ends.board = Some(board);
            }
            ends.exchange();
        }
        drop(ends);
        thread::sleep(GLANCE);
    }
}

impl Ends {
    fn exchange(&mut self) {
        let mut room = [0; READ_BYTES];
        if let (Some(bridge), Some(board)) = (&mut self.bridge, &mut self.board) {
            let told = bridge.told(&mut room);
            let _ = board.write_all(&room[..told]);
        }
        match heard(self.board.as_mut(), &mut room) {
            Ok(said) => {
                if let Some(bridge) = &mut self.bridge {
                    bridge.rave(&room[..said]);
                }
            }
            // It was switched off.
            Err(_) => self.board = None,
        }
    }
}

/// What the board says now.
fn heard(board: Option<&mut TcpStream>, room: &mut [u8]) -> io::Result<usize> {
    let Some(board) = board else { return Ok(0) };
    board.set_nonblocking(true)?;
    let said = match board.read(room) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Err(why) if why.kind() == io::ErrorKind::WouldBlock => Ok(0),
        said => said,
    };
    board.set_nonblocking(false)?;
    said
}
