//! `aislecast offers pause`, `resume`, `safe-now`.

use crate::cli::{Failure, api::Gateway};
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Pause {
    #[command(flatten)]
    gateway: Gateway,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Resume {
    #[command(flatten)]
    gateway: Gateway,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct SafeNow {
    #[command(flatten)]
    gateway: Gateway,
    /// Let the shop go on.
    #[arg(long)]
    end: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// One offer.
    #[arg(value_name = "OFFER")]
    offer: Option<String>,
    /// Every offer of a campaign.
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// Every offer.
    #[arg(long)]
    all: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast offers pause iced-tea-noon
  aislecast offers resume iced-tea-noon
  aislecast offers pause --all
  aislecast offers safe-now
  aislecast offers safe-now --end

Takes effect on every screen at once, is kept over restarts and over changed files, and holds until
it is lifted. Each pause is lifted by its own resume.";

impl Pause {
    pub(super) fn perform(self) -> Result<(), Failure> {
        send(&self.gateway, "/api/v1/offers/pause", &self.what.body())?;
        println!("paused; it holds until `aislecast offers resume`");
        Ok(())
    }
}

impl Resume {
    pub(super) fn perform(self) -> Result<(), Failure> {
        send(&self.gateway, "/api/v1/offers/resume", &self.what.body())?;
        println!("it goes on");
        Ok(())
    }
}

impl SafeNow {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let body = json!({"end": self.end});
        send(&self.gateway, "/api/v1/offers/safe-now", &body)?;
        if self.end {
            println!("offers go on");
        } else {
            println!("every screen shows the house loop until `aislecast offers safe-now --end`");
        }
        Ok(())
    }
}

impl What {
    fn body(&self) -> Value {
        match (&self.offer, &self.campaign) {
            (Some(offer), _) => json!({"offer": offer}),
            (None, Some(campaign)) => json!({"campaign": campaign}),
            (None, None) => json!({"all": true}),
        }
    }
}

fn send(gateway: &Gateway, path: &str, body: &Value) -> Result<(), Failure> {
    let body = body.to_string();
    gateway
        .api()?
        .post(path, "application/json", body.as_bytes())?;
    Ok(())
}
