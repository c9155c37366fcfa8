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

impl Client {
    /// Connects with a clean session.
    pub fn connect(port: u16, name: &str) -> io::Result<Self> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        // Variable header of CONNECT: protocol, level 4, clean session, no keep-alive.
        let mut body = b"\0\x04MQTT\x04\x02\0\0".to_vec();
        body.extend(text(name.as_bytes()));
        stream.write_all(&packet(0x10, &body))?;
        let mut acknowledgement = [0; 4];
        stream.read_exact(&mut acknowledgement)?;
        if acknowledgement == [0x20, 2, 0, 0] {
            Ok(Self { stream })
        } else {
            Err(io::Error::other("the broker refused the connection"))
        }
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
        self.stream.read_exact(&mut answer)
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
