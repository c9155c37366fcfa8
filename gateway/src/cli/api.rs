//! Talking to a running gateway over its HTTP API.

use super::{Failure, installed};
use anyhow::{Context as _, anyhow};
use clap::Args;
use std::{env, fs, path::PathBuf, time::Duration};
use ureq::Agent;

/// Longest wait for an answer. A batch of profiles waits for the disk.
const PATIENCE: Duration = Duration::from_mins(2);
/// Longest answer read, bytes.
const ANSWER_MAX: u64 = 16 << 20;

/// Where a gateway is unless its files say otherwise.
const HERE: &str = "http://127.0.0.1:8080";

/// Where the gateway is.
#[derive(Debug, Args)]
pub(super) struct Gateway {
    /// The gateway's address; the service's of this machine, or <http://127.0.0.1:8080>.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// File that holds an access token; beside the gateway, access/local-token in its data
    /// folder. Without it, what `AISLECAST_TOKEN_FILE` names, or that of the service here.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// Asks one gateway.
pub(super) struct Api {
    agent: Agent,
    url: String,
    bearer: Option<String>,
}

impl Gateway {
    pub(super) fn api(&self) -> Result<Api, Failure> {
        let named = || env::var_os("AISLECAST_TOKEN_FILE").map(PathBuf::from);
        let mut file = self.token_file.clone().or_else(named);
        let url = match (&self.url, installed::gateway()) {
            (Some(url), _) => url.clone(),
            (None, None) => HERE.to_owned(),
            (None, Some(service)) => {
                file = file.or(Some(service.token_file));
                service.url
            }
        };
        if !url.starts_with("http://") {
            return Err(Failure::Usage(anyhow!(
                "--url {url}: begins with http://; over untrusted networks use an SSH tunnel"
            )));
        }
        let bearer = file.map(|file| {
            let token = fs::read_to_string(&file)
                .with_context(|| format!("failed to read the access token {}", file.display()))?;
            Ok::<_, Failure>(format!("Bearer {}", token.trim()))
        });
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        Ok(Api {
            agent,
            url: url.trim_end_matches('/').to_owned(),
            bearer: bearer.transpose()?,
        })
    }
}

impl Api {
    pub(super) fn get(&self, path: &str) -> Result<String, Failure> {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(bearer) = &self.bearer {
            request = request.header("Authorization", bearer);
        }
        self.answer(request.call())
    }

    pub(super) fn post(&self, path: &str, content: &str, body: &[u8]) -> Result<String, Failure> {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.url))
            .content_type(content);
        if let Some(bearer) = &self.bearer {
            request = request.header("Authorization", bearer);
        }
        self.answer(request.send(body))
    }

    fn answer(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<String, Failure> {
        let mut answer = answer.with_context(|| {
            format!(
                "failed to reach the gateway at {}: start it, or name it with --url",
                self.url
            )
        })?;
        let text = answer
            .body_mut()
            .with_config()
            .limit(ANSWER_MAX)
            .read_to_string();
        let text = text.context("failed to read the gateway's answer")?;
        match answer.status().as_u16() {
            200..=299 => Ok(text),
            // An outcome is an answer, whatever its status.
            _ if field(&text, "outcome").is_some() => Ok(text),
            401 => Err(anyhow!(
                "the gateway asks who you are: name an access token with --token-file; on its \
                     own machine that is access/local-token in its data folder, which only the \
                     gateway's user and root may read"
            )
            .into()),
            status => Err(anyhow!("the gateway answers {status}: {}", sentence(&text)).into()),
        }
    }
}

fn sentence(text: &str) -> String {
    field(text, "error").unwrap_or_else(|| "without a reason".to_owned())
}

/// A text field of a JSON object.
fn field(text: &str, name: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    value[name].as_str().map(str::to_owned)
}
