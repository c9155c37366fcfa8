//! What a node's radio hears: a Bluetooth controller at a TCP port, and whoever
//! sends near it.

use simulator::{dialect::scanner::Packet, hci::Controller};
use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
};

/// The air around one node.
#[derive(Debug)]
pub struct Air {
    address: SocketAddr,
    session: Arc<Mutex<Option<Session>>>,
}

#[derive(Debug)]
struct Session {
    stream: TcpStream,
    controller: Controller,
}

impl Air {
    /// A controller for one firmware after the other.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = listener.local_addr().expect("it has just been bound");
        let session = Arc::new(Mutex::new(None));
        let held = session.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                attend(&stream, &held);
            }
        });
        Self { address, session }
    }

    /// Where it is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether a firmware listens.
    pub fn is_heard(&self) -> bool {
        let session = self.lock();
        session.as_ref().is_some_and(|s| s.controller.is_scanning())
    }

    /// Sends packets, each with the strength at which it arrives. False when
    /// nobody listens.
    pub fn send<'p>(&self, packets: impl IntoIterator<Item = (&'p Packet, i8)>) -> bool {
        let mut session = self.lock();
        let Some(session) = session.as_mut() else {
            return false;
        };
        let mut out = Vec::new();
        let mut all = true;
        for (packet, rssi_dbm) in packets {
            all &= session.controller.report(packet, rssi_dbm, &mut out);
        }
        all && session.stream.write_all(&out).is_ok()
    }

    /// Says bytes that mean nothing, as a controller that has lost its mind.
    pub fn rave(&self, bytes: &[u8]) -> bool {
        let mut session = self.lock();
        let session = session.as_mut();
        session.is_some_and(|s| s.stream.write_all(bytes).is_ok())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Session>> {
        self.session.lock().expect("nobody panics while holding it")
    }
}

fn attend(stream: &TcpStream, held: &Mutex<Option<Session>>) {
    let lock = || held.lock().expect("nobody panics while holding it");
    let (Ok(mut reader), Ok(writer)) = (stream.try_clone(), stream.try_clone()) else {
        return;
    };
    let _ = writer.set_nodelay(true);
    *lock() = Some(Session {
        stream: writer,
        controller: Controller::default(),
    });
    let mut buffer = [0; 512];
    let mut answers = Vec::new();
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        if let Some(session) = lock().as_mut() {
            session.controller.receive(&buffer[..read], &mut answers);
            let _ = session.stream.write_all(&answers);
        }
        answers.clear();
    }
    *lock() = None;
}
