//! Just enough HTTP/1.1 to ask a gateway something.

use serde_json::Value;
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// The operator's token of the test shop.
pub const TOKEN: &str = include_str!("../shop/token");

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header lines, their names and values in small letters.
    pub headers: String,
    /// The cookie that is set, as it is to be sent back.
    pub cookie: Option<String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; panics when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|why| panic!("not JSON ({why}): {} {}", self.status, self.text()))
    }
}

/// Asks as the operator of the test shop; `None` when nobody answers in full.
pub fn ask(port: u16, method: &str, path: &str, body: &[u8]) -> Option<Answer> {
    ask_by(port, (method, path), &bearer(TOKEN), body)
}

/// The header line of a token.
pub fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {}\r\n", token.trim())
}

/// Asks with these header lines; `None` when nobody answers in full.
pub fn ask_by(
    port: u16,
    (method, path): (&str, &str),
    headers: &str,
    body: &[u8],
) -> Option<Answer> {
    let kind = if headers.contains("Content-Type") {
        ""
    } else {
        "Content-Type: application/json\r\n"
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         {headers}{kind}Content-Length: {}\r\n\r\n",
        body.len()
    );
    ask_raw(port, &[head.as_bytes(), body].concat())
}

/// Says `bytes`, whatever they are, and reads what comes back.
pub fn ask_raw(port: u16, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let limit = Some(Duration::from_secs(20));
    stream.set_read_timeout(limit).ok()?;
    stream.set_write_timeout(limit).ok()?;
    // A server may answer and close before it has read a body it refuses.
    let _ = stream.write_all(bytes);
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    parse(&all)
}

fn parse(all: &[u8]) -> Option<Answer> {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&all[..end]);
    let headers = head.to_ascii_lowercase();
    let at = headers
        .find("set-cookie: ")
        .map(|at| at + "set-cookie: ".len());
    let cookie = at.and_then(|at| head[at..].split([';', '\r']).next());
    let cookie = cookie.map(str::to_owned);
    let status = headers.split(' ').nth(1)?.parse().ok()?;
    let rest = &all[end + 4..];
    let body = if headers.contains("transfer-encoding: chunked") {
        unchunk(rest)?
    } else {
        rest.to_vec()
    };
    Some(Answer {
        status,
        headers,
        cookie,
        body,
    })
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        let chunk = rest.get(end + 2..end + 2 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend(chunk);
        rest = rest.get(end + 4 + size..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        let plain = parse(b"HTTP/1.1 204 No Content\r\nA: b\r\n\r\n").unwrap();
        assert_eq!((plain.status, plain.body.len()), (204, 0));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        assert_eq!(parse(chunked).unwrap().text(), "abc");
        assert!(parse(&chunked[..chunked.len() - 6]).is_none());
        assert!(parse(b"HTTP/1.1 200").is_none());
    }
}
