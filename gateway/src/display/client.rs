//! Just enough HTTP/1.1 to ask a display something: one request, one
//! connection, one deadline. Dropping the future hangs up.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Method,
    body::Bytes,
    client::conn::http1,
    header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use std::{fmt, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// Longest wait for an answer. An access point on a microcontroller takes a few
/// seconds for a picture; who says nothing for so long says nothing.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest answer read, bytes: a player's list of a thousand assets.
const ANSWER_MAX: usize = 2 << 20;

/// What to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Path and query.
    pub(super) path: String,
    /// Media type and bytes.
    pub(super) body: Option<(String, Vec<u8>)>,
}

impl Request {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
        }
    }

    pub(super) fn with_body(
        method: Method,
        path: impl Into<String>,
        kind: &str,
        body: Vec<u8>,
    ) -> Self {
        Self {
            method,
            path: path.into(),
            body: Some((kind.to_owned(), body)),
        }
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    #[error("nobody listens there")]
    Unreachable,
    #[error("it did not answer in time")]
    Late,
    #[error("it hung up, or speaks no HTTP")]
    Broken,
    #[error("its answer has no end")]
    TooLong,
    /// A newer order came first.
    #[error("a newer order came")]
    Overtaken,
}

/// Asks one display. `Debug` shows no password.
#[derive(Clone)]
pub(super) struct Client {
    /// `host:port`.
    authority: String,
    authorization: Option<HeaderValue>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// For `http://host` or `http://host:port`, as checked by `config`.
    pub(super) fn new(address: &str) -> Self {
        let place = address.strip_prefix("http://").unwrap_or(address);
        let authority = if place.contains(':') {
            place.to_owned()
        } else {
            format!("{place}:80")
        };
        Self {
            authority,
            authorization: None,
        }
    }

    /// With a user name and password in every request (RFC 7617).
    pub(super) fn with_login(mut self, user: &str, password: &str) -> Self {
        let both = BASE64_STANDARD.encode(format!("{user}:{password}"));
        let value = HeaderValue::from_str(&format!("Basic {both}"));
        self.authorization = value.ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        self
    }

    pub(super) async fn ask(&self, request: Request) -> Result<Answer, Failure> {
        timeout(PATIENCE, self.exchange(request))
            .await
            .unwrap_or(Err(Failure::Late))
    }

    async fn exchange(&self, request: Request) -> Result<Answer, Failure> {
        let stream = TcpStream::connect(&self.authority).await;
        let stream = stream.map_err(|_| Failure::Unreachable)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_| Failure::Broken)?;
        let request = self.spelled(request);
        let answer = async {
            let answer = sender.send_request(request).await;
            let answer = answer.map_err(|_| Failure::Broken)?;
            let status = answer.status().as_u16();
            let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
            let body = body.map_err(|why| {
                if why.is::<LengthLimitError>() {
                    Failure::TooLong
                } else {
                    Failure::Broken
                }
            })?;
            Ok(Answer {
                status,
                body: body.to_bytes().to_vec(),
            })
        };
        let mut answer = std::pin::pin!(answer);
        tokio::select! {
            biased;
            answer = &mut answer => answer,
            // The connection may end once the answer is in its hands.
            _ = connection => answer.await,
        }
    }

    fn spelled(&self, request: Request) -> hyper::Request<Full<Bytes>> {
        let mut builder = hyper::Request::builder()
            .method(request.method)
            .uri(request.path)
            .header(HOST, &self.authority)
            .header(CONNECTION, "close");
        if let Some(authorization) = &self.authorization {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        let (kind, body) = request.body.unzip();
        if let Some(kind) = kind {
            builder = builder.header(CONTENT_TYPE, kind);
        }
        let body = Full::new(Bytes::from(body.unwrap_or_default()));
        builder
            .body(body)
            .expect("paths and media types are our own words")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_the_request_and_in_no_debug_line() {
        let client = Client::new("http://10.0.0.31").with_login("me", "canary-password");
        let request = client.spelled(Request::get("/api/v2/assets"));
        // printf 'me:canary-password' | base64
        let expected = "Basic bWU6Y2FuYXJ5LXBhc3N3b3Jk";
        assert_eq!(request.headers()[AUTHORIZATION], expected);
        assert_eq!(request.headers()[HOST], "10.0.0.31:80");
        let told = format!("{client:?} {request:?}");
        assert!(!told.contains("bWU6") && !told.contains("canary"), "{told}");
    }
}
