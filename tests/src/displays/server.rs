//! A small HTTP/1.1 server, a thread for each connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Largest request read, bytes.
const REQUEST_MAX: usize = 1 << 20;

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST`, ..
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Header names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What becomes of a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// An answer: status, media type, body.
    Answer(u16, &'static str, String),
    /// Nothing, but the connection stays open.
    Hang,
    /// The connection is closed.
    HangUp,
}

impl Reply {
    /// Plain text.
    pub fn text(status: u16, body: &str) -> Self {
        Self::Answer(status, "text/plain", body.to_owned())
    }

    /// JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Answer(status, "application/json", body.to_string())
    }
}

/// A server that listens until it is dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub port: u16,
    stopping: Arc<AtomicBool>,
}

impl Server {
    /// Starts one.
    pub fn start(answer: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let stopping = Arc::new(AtomicBool::new(false));
        let ends = stopping.clone();
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                let (answer, ends) = (answer.clone(), ends.clone());
                thread::spawn(move || serve(stream, &*answer, &ends));
            }
        });
        Self { port, stopping }
    }

    /// `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // It sees the signal when somebody comes.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(stream: TcpStream, answer: &impl Fn(Request) -> Reply, ends: &AtomicBool) {
    let Ok(copy) = stream.try_clone() else {
        return;
    };
    let Some(request) = read(BufReader::new(copy)) else {
        return;
    };
    let mut stream = stream;
    match answer(request) {
        Reply::HangUp => {}
        Reply::Hang => {
            while !ends.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Reply::Answer(status, kind, body) => {
            let head = format!(
                "HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                body.len()
            );
            // Whoever asked may have hung up.
            let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat());
        }
    }
}

fn read(mut stream: BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut request = Request {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length = request.header("content-length");
    let length: usize = length.map_or(Some(0), |l| l.parse().ok())?;
    request.body = vec![0; length.min(REQUEST_MAX)];
    stream.read_exact(&mut request.body).ok()?;
    Some(request)
}
