//! A bare MQTT 3.1.1 client that may say anything, at full speed.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A connected client.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
}

/// A user's name, and the password if one is given.
pub type Login<'l> = (&'l str, Option<&'l str>);

impl Client {
    /// Connects with a clean session.
    pub fn connect(port: u16, name: &str) -> io::Result<Self> {
        Self::open(port, name, None, None)
    }

    /// Connects with a clean session and a will: topic and payload, retained.
    pub fn connect_with_will(port: u16, name: &str, will: (&str, &[u8])) -> io::Result<Self> {
        Self::open(port, name, Some(will), None)
    }

    /// Connects with a clean session, and says who it is.
    pub fn log_in(port: u16, name: &str, login: Login<'_>) -> io::Result<Self> {
        Self::open(port, name, None, Some(login))
    }

    /// Connects with a will, and says who it is.
    pub fn log_in_with_will(port: u16, login: Login<'_>, will: (&str, &[u8])) -> io::Result<Self> {
        Self::open(port, login.0, Some(will), Some(login))
    }

    fn open(
        port: u16,
        name: &str,
        will: Option<(&str, &[u8])>,
        login: Option<Login<'_>>,
    ) -> io::Result<Self> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        // Variable header of CONNECT: protocol, level 4, flags (clean session;
        // will of quality 1, retained), no keep-alive.
        let mut flags = if will.is_some() {
            0b0010_1110
        } else {
            0b0000_0010
        };
        if let Some((_, password)) = login {
            flags |= 0b1000_0000 | if password.is_some() { 0b0100_0000 } else { 0 };
        }
        let mut body = b"\0\x04MQTT\x04".to_vec();
        body.extend([flags, 0, 0]);
        body.extend(text(name.as_bytes()));
        if let Some((topic, payload)) = will {
            body.extend(text(topic.as_bytes()));
            body.extend(text(payload));
        }
        if let Some((user, password)) = login {
            body.extend(text(user.as_bytes()));
            body.extend(password.into_iter().flat_map(|p| text(p.as_bytes())));
        }
        stream.write_all(&packet(0x10, &body))?;
        let mut acknowledgement = [0; 4];
        stream.read_exact(&mut acknowledgement)?;
        if acknowledgement == [0x20, 2, 0, 0] {
            Ok(Self { stream })
        } else {
            Err(io::Error::other("the broker refused the connection"))
        }
    }

    /// Publishes at quality 0 and asks the broker to keep it.
    pub fn publish_retained(&mut self, topic: &str, payload: &[u8]) -> io::Result<()> {
        let mut body = text(topic.as_bytes());
        body.extend(payload);
        self.stream.write_all(&packet(0x31, &body))
    }

    /// Subscribes at quality 0, and waits until that is granted.
    pub fn subscribe(&mut self, filter: &str) -> io::Result<()> {
        let mut body = vec![0, 1];
        body.extend(text(filter.as_bytes()));
        body.push(0);
        self.stream.write_all(&packet(0x82, &body))?;
        while self.read()?.0 != 0x90 {}
        Ok(())
    }

    /// From now on waits no longer than this for the first byte of a message.
    pub fn patience(&self, limit: Duration) -> io::Result<()> {
        self.stream.set_read_timeout(Some(limit))
    }

    /// The next message: topic and payload.
    pub fn message(&mut self) -> io::Result<(String, Vec<u8>)> {
        loop {
            let (kind, body) = self.read()?;
            if kind & 0xF0 == 0x30 && body.len() >= 2 {
                let length = usize::from(u16::from_be_bytes([body[0], body[1]]));
                let (topic, payload) = body[2..].split_at(length.min(body.len() - 2));
                return Ok((
                    String::from_utf8_lossy(topic).into_owned(),
                    payload.to_vec(),
                ));
            }
        }
    }

    fn read(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte)?;
        let kind = byte[0];
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            self.stream.read_exact(&mut byte)?;
            length |= usize::from(byte[0] & 0x7F) << shift;
            shift += 7;
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((kind, body))
    }

    /// Publishes at quality 0.
    pub fn publish(&mut self, topic: &str, payload: &[u8]) -> io::Result<()> {
        let mut body = text(topic.as_bytes());
        body.extend(payload);
        self.stream.write_all(&packet(0x30, &body))
    }

    /// Waits until the broker has read everything so far: it answers a ping in order.
    pub fn flush(&mut self) -> io::Result<()> {
        self.stream.write_all(&[0xC0, 0])?;
        let mut answer = [0; 2];
        self.stream.read_exact(&mut answer)?;
        if answer == [0xD0, 0] {
            Ok(())
        } else {
            Err(io::Error::other("a message came where an answer was due"))
        }
    }

    /// Says `bytes`, whatever they are.
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }
}

/// A length-prefixed string.
fn text(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("topics and names are short");
    [&length.to_be_bytes(), bytes].concat()
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    let mut rest = body.len();
    loop {
        let low = u8::try_from(rest % 128).expect("a remainder of 128 is a byte");
        rest /= 128;
        bytes.push(if rest > 0 { low | 0x80 } else { low });
        if rest == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}
