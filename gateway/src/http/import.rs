//! Many profiles in one request: one JSON message a line in, one JSON answer a
//! line out, in the same order.
//!
//! Lines are asked without waiting for each other's answer, so that one
//! `fdatasync` of the ledger covers many of them. Answers are kept until the
//! body has been read: a client that sends everything before it reads anything
//! would otherwise stand still with us.

use super::{App, desk, reply::Refusal};
use crate::{
    dialect::desk::{self as messages, Request},
    shop::{Ask, Input},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::{
    event::{Malformed, Outcome},
    shopper::MAX_ENROLLED,
};
use protocol::topic::Desk;
use serde::Serialize;
use std::{collections::VecDeque, time::Duration};
use tokio::{sync::oneshot, time::timeout};
use tokio_stream::StreamExt as _;

/// Longest line, bytes: a profile of the largest size takes about 6 KiB.
pub(super) const LINE_MAX: usize = 16 * 1024;
/// Most lines: nobody can enrol more shoppers.
const LINES_MAX: usize = MAX_ENROLLED;
/// Most lines that say what is wrong with them; a file of another kind is
/// given up after so many.
const ERRORS_MAX: usize = 1_000;
/// Lines asked and not yet answered: at 50 ms a group commit, 20,000 a second.
const UNANSWERED_MAX: usize = 1_024;
/// A client that sends nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Serialize)]
struct LineAnswer<'a> {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// Takes the whole body and answers it.
pub(super) async fn run(app: &App, body: Body) -> Response {
    let mut import = Import::new(app);
    let ended = import.read(body).await;
    let settled = import.settle(0).await;
    import.respond(ended.and(settled).err())
}

struct Import<'a> {
    app: &'a App,
    lines: usize,
    errors: usize,
    answers: String,
    unanswered: VecDeque<(usize, oneshot::Receiver<Outcome>)>,
    /// The line that has begun.
    begun: Vec<u8>,
}

impl<'a> Import<'a> {
    fn new(app: &'a App) -> Self {
        Self {
            app,
            lines: 0,
            errors: 0,
            answers: String::new(),
            unanswered: VecDeque::new(),
            begun: Vec::new(),
        }
    }

    async fn read(&mut self, body: Body) -> Result<(), Refusal> {
        let mut chunks = body.into_data_stream();
        loop {
            match timeout(PATIENCE, chunks.next()).await {
                Ok(Some(Ok(chunk))) => self.take(chunk).await?,
                Ok(None) => break,
                Ok(Some(Err(_))) => return Err(Refusal::bad("the body broke off")),
                Err(_) => {
                    let text = "nothing more came for 30 s";
                    return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, text));
                }
            }
        }
        let last = std::mem::take(&mut self.begun);
        self.line(&last).await
    }

    async fn take(&mut self, chunk: Bytes) -> Result<(), Refusal> {
        let mut rest = &chunk[..];
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let (head, tail) = rest.split_at(end);
            rest = &tail[1..];
            if self.begun.is_empty() {
                self.line(head).await?;
            } else {
                let mut whole = std::mem::take(&mut self.begun);
                whole.extend_from_slice(head);
                self.line(&whole).await?;
            }
        }
        // What is over the limit is refused when the line ends; its bytes are
        // not kept until then.
        let room = (LINE_MAX + 1).saturating_sub(self.begun.len());
        self.begun.extend_from_slice(&rest[..rest.len().min(room)]);
        Ok(())
    }

    async fn line(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.lines += 1;
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        if self.lines > LINES_MAX {
            let text = format!("more than {LINES_MAX} lines: nobody can enrol so many shoppers");
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, text));
        }
        if bytes.len() > LINE_MAX {
            return self.refuse("the line is longer than 16 KiB").await;
        }
        let App {
            pseudonym, shop, ..
        } = self.app;
        let message = messages::read(Desk::Profile, bytes, pseudonym, &shop.plan());
        match message.request {
            Ok(Request::Upsert(enrolment, profile, given)) => {
                let (reply, answer) = oneshot::channel();
                let ask = Ask::Upsert(enrolment, profile, given);
                shop.put(Input::Ask(ask, reply)).await?;
                self.unanswered.push_back((self.lines, answer));
                self.settle(UNANSWERED_MAX).await
            }
            Ok(_) => self.refuse("the line is no profile").await,
            Err(refusal) => self.refuse(&refusal.to_string()).await,
        }
    }

    async fn refuse(&mut self, error: &str) -> Result<(), Refusal> {
        desk::count(self.app, Malformed::Desk).await?;
        // In order: what was asked before is answered before.
        self.settle(0).await?;
        self.tell(self.lines, None, Some(error));
        self.errors += 1;
        if self.errors < ERRORS_MAX {
            return Ok(());
        }
        let text = format!("given up after {ERRORS_MAX} lines that are no profiles");
        Err(Refusal::bad(text))
    }

    /// Waits for answers until at most so many are missing.
    async fn settle(&mut self, missing: usize) -> Result<(), Refusal> {
        while self.unanswered.len() > missing {
            let Some((line, answer)) = self.unanswered.pop_front() else {
                break;
            };
            match timeout(PATIENCE, answer).await {
                Ok(Ok(outcome)) => {
                    self.tell(line, Some(outcome), None);
                    if outcome == Outcome::NoRoom {
                        let text = "the disk is full: free space on it, then send the rest again";
                        return Err(Refusal::new(StatusCode::INSUFFICIENT_STORAGE, text));
                    }
                }
                Ok(Err(_)) => return Err(crate::shop::Closed.into()),
                Err(_) => {
                    let text = "the gateway did not get it done in time; send the rest again";
                    return Err(Refusal::new(StatusCode::GATEWAY_TIMEOUT, text));
                }
            }
        }
        Ok(())
    }

    fn tell(&mut self, line: usize, outcome: Option<Outcome>, error: Option<&str>) {
        let answer = LineAnswer {
            line,
            outcome,
            error,
        };
        let json = serde_json::to_string(&answer).expect("numbers and sentences are JSON");
        self.answers.push_str(&json);
        self.answers.push('\n');
    }

    fn respond(mut self, refusal: Option<Refusal>) -> Response {
        let mut status = StatusCode::OK;
        if let Some(refusal) = refusal {
            status = refusal.status();
            self.tell(self.lines, None, Some(refusal.sentence()));
        }
        let kind = HeaderValue::from_static("application/x-ndjson");
        (status, [(header::CONTENT_TYPE, kind)], self.answers).into_response()
    }
}
