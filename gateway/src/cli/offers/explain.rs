//! `aislecast offers explain`, `aislecast offers why-not`: of a running shop, of
//! people whom somebody describes, or of a recorded day.

mod described;
mod print;
mod recorded;

use crate::{
    cli::{Failure, api::Gateway},
    waterfall,
};
use anyhow::anyhow;
use clap::Args;
use described::Described;
use engine::plan::{OfferIx, StorePlan};
use recorded::Recording;
use serde_json::{Value, json};
use std::fmt::Write as _;

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(in crate::cli) struct Explain {
    #[command(flatten)]
    gateway: Gateway,
    /// Which screen; a file may say it instead.
    #[arg(long, value_name = "NAME")]
    screen: Option<String>,
    #[command(flatten)]
    about: About,
}

/// What is asked about.
#[derive(Debug, Args)]
struct About {
    /// When. Of described people `2026-11-28 14:30` or `saturday 14:30`, of a
    /// recorded day `14:30` or `14:30:05`, both by the shop's clock; else as
    /// 2026-11-28T14:30:00+07:00, with nobody in view and the sensors as they
    /// are now.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    described: Described,
    #[command(flatten)]
    recording: Recording,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  aislecast offers explain --screen dairy
  aislecast offers explain --screen dairy --at 2026-11-23T17:30:00+07:00
  aislecast offers explain --screen drinks --at 'saturday 14:30' \\
      --person zone=drinks,dwell=40s,visits=3,segments=student --person zone=drinks \\
      --crowd drinks=6 --sensor 'outside-temperature=28 °C'
  aislecast offers explain --situation saturday.toml --offers spring/
  aislecast offers explain --screen dairy --day yesterday --at 14:30:05

Described people are asked of the files in --shop, no gateway need run: they are held out from
nothing and have seen nothing yet, and every budget is untouched. A recorded day says what was
decided there, last before that time.";

#[derive(Debug, Args)]
#[command(after_help = WHY_EXAMPLES)]
pub(in crate::cli) struct WhyNot {
    #[command(flatten)]
    gateway: Gateway,
    /// Which offer.
    #[arg(value_name = "OFFER")]
    offer: String,
    /// Only on this screen.
    #[arg(long, value_name = "NAME")]
    screen: Option<String>,
    #[command(flatten)]
    about: About,
}

const WHY_EXAMPLES: &str = "\
Examples:
  aislecast offers why-not iced-tea-noon
  aislecast offers why-not iced-tea-noon --screen drinks
  aislecast offers why-not iced-tea-noon --screen drinks --at 'saturday 14:30' --person zone=drinks
  aislecast offers why-not iced-tea-noon --day yesterday --at 12:10

Rules are asked in a fixed order: what is said is the first that stops the offer, and after
`needed:` the smallest change that would mend it. When that is mended, the next may stop it.

Exit codes: 0 some screen would show it then, 1 none would.";

impl Explain {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let told = self.told()?;
        if self.about.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else {
            print::of_screen(&told);
        }
        Ok(())
    }

    fn told(&self) -> Result<Value, Failure> {
        let about = &self.about;
        if about.described.is_asked() {
            let asked = about.described.ask(self.screen.as_deref(), about.at())?;
            let assumed = Some(waterfall::DESCRIBED);
            let needed = &asked.needed;
            return Ok(waterfall::of_screen(
                &asked.plan,
                &asked.decision,
                needed,
                assumed,
            ));
        }
        let screen = self.screen.as_deref();
        let screen = screen.ok_or_else(|| usage("name the screen: --screen NAME"))?;
        if about.recording.is_asked() {
            return about
                .recording
                .of_screen(about.described.shop(), screen, about.at());
        }
        let mut path = format!("/api/v1/offers/explain?screen={}", plain(screen));
        if let Some(at) = about.at() {
            path.push_str("&at=");
            path.push_str(&plain(at));
        }
        Ok(serde_json::from_str(&self.gateway.api()?.get(&path)?)?)
    }
}

impl About {
    fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }
}

impl WhyNot {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let mut told = self.told()?;
        if let (Some(only), Some(screens)) = (&self.screen, told["screens"].as_array_mut()) {
            screens.retain(|screen| screen["screen"] == only.as_str());
        }
        let screens = told["screens"].as_array().into_iter().flatten();
        let is_shown = screens.clone().any(|screen| screen["chosen"] == true);
        if self.about.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else {
            print::of_offer(&told);
        }
        if is_shown { Ok(()) } else { Err(Failure::Said) }
    }

    fn told(&self) -> Result<Value, Failure> {
        let about = &self.about;
        if about.described.is_asked() {
            let asked = about.described.ask(self.screen.as_deref(), about.at())?;
            let offer = offer_of(&asked.plan, &self.offer)?;
            let needed = asked.needed[offer.at()].as_ref();
            let screen = waterfall::of_offer(&asked.plan, &asked.decision, offer, needed);
            let title = &asked.plan.offers[offer.at()].title;
            return Ok(json!({
                "offer": self.offer,
                "title": title,
                "assumed": waterfall::DESCRIBED,
                "screens": [screen],
            }));
        }
        if about.recording.is_asked() {
            let shop = about.described.shop();
            return about.recording.of_offer(shop, &self.offer, about.at());
        }
        if about.at.is_some() {
            return Err(usage(
                "--at needs --person, --situation, --day or --file beside it",
            ));
        }
        let path = format!("/api/v1/offers/{}/why", plain(&self.offer));
        Ok(serde_json::from_str(&self.gateway.api()?.get(&path)?)?)
    }
}

/// An offer by its name.
fn offer_of(plan: &StorePlan, name: &str) -> Result<OfferIx, Failure> {
    let at = plan
        .offers
        .iter()
        .position(|offer| offer.id.as_str() == name);
    let at = at.ok_or_else(|| anyhow!("there is no offer {name:?}"))?;
    Ok(OfferIx(at as u16))
}

fn usage(what: &'static str) -> Failure {
    Failure::Usage(anyhow!(what))
}

/// As it can stand in an address.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._:".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            write!(plain, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    plain
}
