//! Logs, to standard error. Spans carry ids, messages are constants, values
//! are fields; nothing about a shopper is written above DEBUG.

use config::LogFormat;
use std::io::{self, IsTerminal as _};
use tracing_subscriber::{EnvFilter, fmt};

/// What is written unless `RUST_LOG` says otherwise. sled's own errors are ours
/// to report, with a remedy.
const DEFAULT: &str = "info,sled=off,mqtt5=warn";

/// Begins to write logs. Later calls change nothing.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    // Whoever read the logs may be gone, and then a word about that, to the same place,
    // would be a panic: a shop goes on without a log.
    let logs = fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .log_internal_errors(false);
    // An error says that a test or an embedding program has begun already.
    let _ = match format {
        LogFormat::Human => logs
            .with_target(false)
            .with_ansi(io::stderr().is_terminal())
            .try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
}
