//! `aislecast offers new`.

use super::template::{NAMES, Wanted, fill};
use crate::cli::{Failure, ask::asked, installed::usual_shop};
use anyhow::{Context as _, anyhow};
use clap::Args;
use config::Shop;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// How long an offer runs unless somebody says otherwise, days.
const DAYS: i32 = 28;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct New {
    /// Name of the offer, and of its file: a-z, 0-9 and '-'. Asked for if left out.
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The shop: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop())]
    shop: PathBuf,
    /// weather, clearance, segment, crowd or voucher.
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// Name as marketers read it.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// On which screen; the shop's first if left out.
    #[arg(long, value_name = "NAME")]
    screen: Option<String>,
    /// Last day, included; four weeks from now if left out.
    #[arg(long, value_name = "DATE")]
    last_day: Option<String>,
    /// Print it instead of writing it into the shop's folder `offers`.
    #[arg(long)]
    print: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast offers new
  aislecast offers new iced-coffee --template weather --title 'Iced coffee' --screen drinks

What is left out is asked for where somebody sits before it.

Exit codes: 0 the offer is there and passes `aislecast offers check`, 1 it is not,
2 the shop's files are wrong.";

impl New {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let shop = config::load(&self.shop).map_err(Failure::Files)?;
        let first = shop.plan.screens.first().map(|s| s.id.to_string());
        let name = asked(self.name, "name (a-z, 0-9 and -)", None)?;
        name.parse::<protocol::id::OfferId>()
            .map_err(|why| Failure::Usage(anyhow!("{name:?}: {why}")))?;
        let kinds = format!("template ({})", NAMES.join(", "));
        let template = asked(self.template, &kinds, Some(NAMES[3]))?;
        let title = asked(self.title, "title", Some(&name))?;
        let screen = asked(self.screen, "screen", first.as_deref())?;
        let last_day = asked(self.last_day, "last day", Some(&in_four_weeks()))?;
        let wanted = Wanted {
            template: &template,
            id: &name,
            title: &title,
            screen: &screen,
            last_day: &last_day,
        };
        let text = fill(&shop, &wanted).map_err(|what| Failure::Usage(anyhow!(what)))?;
        if self.print {
            print!("{text}");
            return Ok(());
        }
        keep(&folder_of(&self.shop), &self.shop, &name, &text)
    }
}

/// Writes the file, and takes it back if the shop is wrong with it.
fn keep(folder: &Path, shop: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = folder.join("offers").join(format!("{name}.toml"));
    let about = || format!("failed to write {}", path.display());
    fs::create_dir_all(folder.join("offers")).with_context(about)?;
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .open(&path)
        .with_context(about)?;
    file.write_all(text.as_bytes()).with_context(about)?;
    let wrong = match config::load(shop) {
        Ok(shop) => failing(&shop, name),
        Err(problems) => Some(problems.to_string()),
    };
    if let Some(wrong) = wrong {
        fs::remove_file(&path).with_context(about)?;
        return Err(anyhow!("the offer does not fit this shop and was not kept\n\n{wrong}").into());
    }
    println!(
        "{}: it passes check; change it, then preview and plan it",
        path.display()
    );
    Ok(())
}

fn failing(shop: &Shop, name: &str) -> Option<String> {
    let file = format!("offers/{name}.toml");
    let problems = shop.rehearse();
    let of_it = problems.iter().filter(|p| p.file == file);
    let texts: Vec<String> = of_it.map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn folder_of(shop: &Path) -> PathBuf {
    if shop.is_dir() {
        return shop.to_owned();
    }
    shop.parent().unwrap_or(Path::new(".")).to_owned()
}

fn in_four_weeks() -> String {
    let today = jiff::Zoned::now().date();
    let last = today.saturating_add(jiff::Span::new().days(DAYS));
    last.to_string()
}
