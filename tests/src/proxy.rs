//! Between a node and its broker: passes bytes on, and may add some.

use std::{
    io::{self, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A proxy before a broker of this machine.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    client: Arc<Mutex<Option<TcpStream>>>,
}

impl Proxy {
    /// Passes every connection on to this port.
    pub fn before(broker_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = listener.local_addr().expect("it has just been bound");
        let client = Arc::new(Mutex::new(None));
        let held = client.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = pass(&stream, broker_port, &held);
            }
        });
        Self {
            port: address.port(),
            client,
        }
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

fn pass(client: &TcpStream, port: u16, held: &Mutex<Option<TcpStream>>) -> io::Result<()> {
    let broker = TcpStream::connect(("127.0.0.1", port))?;
    *held.lock().expect("nobody panics while holding it") = Some(client.try_clone()?);
    for (from, to) in [(client, &broker), (&broker, client)] {
        let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
    Ok(())
}
