//! The whole router, asked as browsers, tills and attackers ask.

mod desk;
mod documents;
mod door;
mod entrance;
mod guessing;
mod keep;
mod listen;
mod matrix;
mod screens;
pub(crate) mod shop;
mod tail;
mod takeover;
mod till;
mod watch;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use std::time::Duration;
use tokio_stream::StreamExt as _;
use tower::ServiceExt as _;

/// Long enough for a machine under load; nothing waits so long when it works.
const DEADLINE: Duration = Duration::from_secs(20);

/// An answer, read to its end.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{:?} is no JSON", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// A request as the operator's browser on this machine sends it.
fn asked(method: &str, path: &str) -> axum::http::request::Builder {
    by_nobody(method, path).header("authorization", format!("Bearer {}", shop::TOKEN))
}

/// A request of somebody who shows nothing.
fn by_nobody(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:8080")
}

async fn send(router: &Router, request: Request<Body>) -> Got {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 64 << 20).await.unwrap();
    Got {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

async fn get(router: &Router, path: &str) -> Got {
    send(router, asked("GET", path).body(Body::empty()).unwrap()).await
}

async fn post(router: &Router, path: &str, body: impl Into<Body>) -> Got {
    send(router, asked("POST", path).body(body.into()).unwrap()).await
}

/// A stream of events, read one by one.
struct Told {
    chunks: axum::body::BodyDataStream,
    rest: String,
}

impl Told {
    async fn open(router: &Router, path: &str) -> Self {
        Self::open_by(router, asked("GET", path)).await
    }

    async fn open_by(router: &Router, request: axum::http::request::Builder) -> Self {
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            chunks: response.into_body().into_data_stream(),
            rest: String::new(),
        }
    }

    /// The next event and its data; nothing at the end.
    async fn next(&mut self) -> Option<(String, String)> {
        while !self.rest.contains("\n\n") {
            let chunk: Option<Result<Bytes, _>> =
                tokio::time::timeout(DEADLINE, self.chunks.next())
                    .await
                    .expect("an event or the end comes in time");
            self.rest += std::str::from_utf8(&chunk?.unwrap()).unwrap();
        }
        let (event, rest) = self.rest.split_once("\n\n").unwrap();
        let field = |name: &str| {
            let lines = event.lines();
            lines
                .filter_map(|line| line.strip_prefix(name))
                .map(|value| value.trim_start_matches(": ").to_owned())
                .next()
                .unwrap_or_default()
        };
        let told = (field("event"), field("data"));
        self.rest = rest.to_owned();
        Some(told)
    }

    /// The next event of this name.
    async fn next_named(&mut self, name: &str) -> String {
        loop {
            let (event, data) = self.next().await.expect("the stream goes on");
            if event == name {
                return data;
            }
        }
    }
}
