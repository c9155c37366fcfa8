//! Connections to a gateway from other addresses of this machine, that say and read what
//! they want.

use crate::http;
use rustix::net::{
    AddressFamily, SocketAddrV4, SocketFlags, SocketType, bind, connect, socket_with, sockopt,
};
use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::{Duration, Instant},
};

/// Longer than a stream is silent.
const PATIENCE: Duration = Duration::from_secs(20);

/// One of them.
#[derive(Debug)]
pub struct Caller {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Caller {
    /// From 127.0.0.`last`.
    pub fn from(last: u8, port: u16) -> io::Result<Self> {
        Self::with_room(last, port, None)
    }

    /// The same for whom the system keeps no more than so many bytes that were not read.
    pub fn with_room(last: u8, port: u16, room: Option<usize>) -> io::Result<Self> {
        let tcp = SocketType::STREAM;
        let socket = socket_with(AddressFamily::INET, tcp, SocketFlags::CLOEXEC, None)?;
        if let Some(room) = room {
            sockopt::set_socket_recv_buffer_size(&socket, room)?;
        }
        // Where to, with whatever port is free.
        let at = |last, port| SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, last), port);
        bind(&socket, &at(last, 0))?;
        connect(&socket, &at(1, port))?;
        let stream = TcpStream::from(socket);
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            read: Vec::new(),
        })
    }

    /// Says this, whether it is heard or not; whether the other side still listens.
    pub fn says(&mut self, text: &str) -> bool {
        self.stream.write_all(text.as_bytes()).is_ok()
    }

    /// Asks for something, with the operator's token where it is wanted.
    pub fn asks(&mut self, path: &str, is_operator: bool) -> bool {
        let token = if is_operator {
            http::bearer(http::TOKEN)
        } else {
            String::new()
        };
        self.says(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}\r\n"
        ))
    }

    /// Reads until this comes; false where the other side ends before, or says other things
    /// for too long.
    pub fn hears(&mut self, text: &str) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let mut windows = self.read.windows(text.len());
            if let Some(at) = windows.position(|window| window == text.as_bytes()) {
                self.read.drain(..at + text.len());
                return true;
            }
            let mut bytes = [0; 4_096];
            match self.stream.read(&mut bytes) {
                Ok(0) | Err(_) => return false,
                Ok(read) => self.read.extend(&bytes[..read]),
            }
        }
        false
    }

    /// Whether the other side has hung up; what it said before is thrown away.
    pub fn is_hung_up_on(&mut self) -> bool {
        let waiting = self.stream.set_nonblocking(true);
        waiting.expect("a socket can be told");
        let mut bytes = [0; 4_096];
        let ended = loop {
            match self.stream.read(&mut bytes) {
                Ok(0) => break true,
                Ok(_) => {}
                Err(error) => break error.kind() != io::ErrorKind::WouldBlock,
            }
        };
        let again = self.stream.set_nonblocking(false);
        again.expect("a socket can be told");
        ended
    }
}
