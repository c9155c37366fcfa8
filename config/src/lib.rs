//! The text a shop is described in.

mod shell;

pub use shell::{Broker, External, Http, LogFormat, ScannerSource, Shell, Storage, Tls};

use engine::plan::StorePlan;
use std::sync::Arc;

/// A whole shop, checked: what the engine needs and what the shell needs.
#[derive(Debug, Clone)]
pub struct Shop {
    /// For the engine.
    pub plan: Arc<StorePlan>,
    /// For the gateway's adapters.
    pub shell: Shell,
}
