//! Between a node or a gateway and its broker: passes bytes on, may add some, and
//! may break the line.

use rustix::net::sockopt::set_socket_linger;
use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Passed on at once, bytes.
const PIECE: usize = 512;

/// What a line is like, from the client.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// It breaks after so many bytes.
    after: usize,
    /// Between two pieces.
    pause: Duration,
}

/// A proxy before a broker of this machine.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    client: Arc<Mutex<Option<TcpStream>>>,
    cuts: Arc<AtomicU64>,
}

impl Proxy {
    /// Passes every connection on to this port.
    pub fn before(broker_port: u16) -> Self {
        Self::breaking(broker_port, usize::MAX)
    }

    /// The same from a port that was free, at so many bytes a second from the client.
    pub fn slow(port: u16, broker_port: u16, bytes_per_s: u32) -> Self {
        let line = Line {
            after: usize::MAX,
            pause: Duration::from_secs(PIECE as u64) / bytes_per_s,
        };
        Self::listening(port, broker_port, line)
    }

    /// The same, and resets each connection after so many bytes from the client,
    /// in the middle of whatever they are.
    pub fn breaking(broker_port: u16, after: usize) -> Self {
        let pause = Duration::ZERO;
        Self::listening(0, broker_port, Line { after, pause })
    }

    /// The same for whoever listens already.
    pub fn at(listener: TcpListener, broker_port: u16) -> Self {
        let (after, pause) = (usize::MAX, Duration::ZERO);
        Self::of(listener, broker_port, Line { after, pause })
    }

    fn listening(port: u16, broker_port: u16, line: Line) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        Self::of(listener, broker_port, line)
    }

    fn of(listener: TcpListener, broker_port: u16, line: Line) -> Self {
        let address = listener.local_addr().expect("it has just been bound");
        let client = Arc::new(Mutex::new(None));
        let cuts = Arc::new(AtomicU64::new(0));
        let (held, counted) = (client.clone(), cuts.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Without a broker behind it the line is closed at once.
                let _ = pass(&stream, broker_port, &held, (line, counted.clone()));
            }
        });
        Self {
            port: address.port(),
            client,
            cuts,
        }
    }

    /// How many connections it has reset.
    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::Relaxed)
    }

    /// Where it is.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Says bytes to the client that the broker never said.
    pub fn rave(&self, bytes: &[u8]) {
        let mut client = self.client.lock().expect("nobody panics while holding it");
        // A client that has just gone will not hear it.
        let _ = client.as_mut().map(|client| client.write_all(bytes));
    }
}

fn pass(
    client: &TcpStream,
    port: u16,
    held: &Arc<Mutex<Option<TcpStream>>>,
    (line, cuts): (Line, Arc<AtomicU64>),
) -> io::Result<()> {
    let broker = TcpStream::connect(("127.0.0.1", port))?;
    *held.lock().expect("nobody panics while holding it") = Some(client.try_clone()?);
    let (mut near, mut far) = (client.try_clone()?, broker.try_clone()?);
    let (held, is_cut) = (held.clone(), Arc::new(AtomicBool::new(false)));
    let told = is_cut.clone();
    thread::spawn(move || {
        if copy(&mut near, &mut far, line).is_ok_and(|all| all) {
            cuts.fetch_add(1, Ordering::Relaxed);
            told.store(true, Ordering::Relaxed);
            // Closed like this, and without a goodbye, it is a reset. It is closed
            // when nobody holds it any more.
            let _ = set_socket_linger(&near, Some(Duration::ZERO));
            *held.lock().expect("nobody panics while holding it") = None;
        }
        let _ = far.shutdown(Shutdown::Both);
    });
    let (mut near, mut far) = (client.try_clone()?, broker);
    thread::spawn(move || {
        let _ = io::copy(&mut far, &mut near);
        if !is_cut.load(Ordering::Relaxed) {
            let _ = near.shutdown(Shutdown::Both);
        }
    });
    Ok(())
}

/// Says whether as many bytes came as the line passes on.
fn copy(from: &mut TcpStream, to: &mut TcpStream, line: Line) -> io::Result<bool> {
    let mut left = line.after;
    let mut buffer = [0; PIECE];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(false);
        }
        let part = read.min(left);
        to.write_all(&buffer[..part])?;
        if !line.pause.is_zero() {
            // Not a wait for something: a slow line takes so long.
            thread::sleep(line.pause);
        }
        left -= part;
        if left == 0 {
            return Ok(true);
        }
    }
}
