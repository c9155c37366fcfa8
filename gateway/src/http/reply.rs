//! Answers in one shape: JSON, and `{"error": ".."}` when something is wrong.

use crate::{privacy::receipt::Receipt, shop::Closed};
use axum::{
    Json,
    extract::rejection::BytesRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engine::event::Outcome;
use serde::Serialize;

/// Something is wrong with a request, or with us.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: String,
    id: Option<String>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    error: &'a str,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The engine says.
    Outcome(Outcome),
    /// Somebody was forgotten.
    Erased(Box<Receipt>),
    /// Put in at the door; nothing more is said of it.
    Taken,
}

#[derive(Serialize)]
struct AnswerBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Box<Receipt>>,
}

impl Refusal {
    /// With a sentence for whoever asked.
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            id: None,
        }
    }

    /// The request cannot be read.
    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// No such thing.
    pub(super) fn missing(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// In answer to the message with this id.
    #[must_use]
    pub(super) fn to(mut self, id: Option<String>) -> Self {
        self.id = id;
        self
    }

    /// The status a machine reads.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The sentence.
    pub(super) fn sentence(&self) -> &str {
        &self.error
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            id: self.id.as_deref(),
            error: &self.error,
        };
        (self.status, Json(body)).into_response()
    }
}

impl From<Closed> for Refusal {
    fn from(closed: Closed) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, closed.to_string())
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        let status = rejection.status();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::new(status, "the body is too large");
        }
        Self::new(status, "the body could not be read to its end")
    }
}

/// What became of a request, with the status a machine expects and the id the
/// sender gave it.
pub(super) fn answer(id: Option<String>, answer: Answer) -> Response {
    let (status, outcome, receipt) = match answer {
        Answer::Taken => (StatusCode::ACCEPTED, None, None),
        Answer::Outcome(outcome) => (status_of(outcome), Some(outcome), None),
        Answer::Erased(receipt) => (StatusCode::OK, Some(Outcome::Done), Some(receipt)),
    };
    let body = AnswerBody {
        id,
        outcome,
        receipt,
    };
    (status, Json(body)).into_response()
}

fn status_of(outcome: Outcome) -> StatusCode {
    match outcome {
        // An older version than the one known is what a repetition looks like.
        // A code is answered in words of its own (`codes.rs`).
        Outcome::Done | Outcome::Stale | Outcome::Offered(_) | Outcome::Code(_) => StatusCode::OK,
        Outcome::Unknown => StatusCode::NOT_FOUND,
        Outcome::Forgotten | Outcome::KeyTaken => StatusCode::CONFLICT,
        Outcome::Full | Outcome::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
    }
}
