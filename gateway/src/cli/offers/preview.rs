//! `aislecast offers preview`: offers as the screens' own page paints them.

use crate::{
    cli::{Failure, installed::usual_shop},
    http,
};
use anyhow::{Context as _, anyhow};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use config::{Display, Shop};
use protocol::screen::Creative;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What screens are, where nothing else is known: lying, standing, a tablet.
const SIZES: [(u32, u32); 3] = [(1_920, 1_080), (1_080, 1_920), (1_280, 800)];
/// Programs that are Chromium.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Preview {
    /// Only these offers; all if left out.
    #[arg(value_name = "OFFER")]
    offer: Vec<String>,
    /// The shop: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop())]
    shop: PathBuf,
    /// Where the files go.
    #[arg(long, value_name = "DIR", default_value = "preview")]
    out: PathBuf,
    /// A size in pixels, such as 1080x1920; may be given again.
    #[arg(long, value_name = "WxH")]
    size: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  aislecast offers preview iced-tea-noon
  aislecast offers preview --shop config/ --size 1080x1920 --out preview-tall

Every file is whole by itself: open it in any browser, at any size. One for each language of an
offer, with that language first. PNG of each size is made by Chromium, if it is installed.

Exit codes: 0 made, 1 not, 2 the shop's files are wrong.";

impl Preview {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let shop = config::load(&self.shop).map_err(Failure::Files)?;
        let sizes = self.sizes(&shop)?;
        fs::create_dir_all(&self.out)
            .with_context(|| format!("failed to make {}", self.out.display()))?;
        let browser = browser();
        let mut made = 0;
        for offer in &shop.plan.offers {
            let name = offer.id.as_str();
            if !self.offer.is_empty() && !self.offer.iter().any(|o| o == name) {
                continue;
            }
            for creative in by_language(&offer.creative) {
                let language = creative.texts.first().map_or("", |t| t.language.as_str());
                let stem = self.out.join(format!("{name}-{language}"));
                let html = page(&offer.title, &creative, &shop.shell.creatives_dir)?;
                let file = stem.with_extension("html");
                fs::write(&file, html)
                    .with_context(|| format!("failed to write {}", file.display()))?;
                made += 1;
                for size in &sizes {
                    if let Some(browser) = &browser {
                        shoot(browser, &file, &stem, *size)?;
                    }
                }
            }
        }
        if made == 0 {
            return Err(anyhow!("the shop has no such offer").into());
        }
        let pngs = if browser.is_some() {
            made * sizes.len()
        } else {
            0
        };
        println!("{}: {made} pages, {pngs} pictures", self.out.display());
        if browser.is_none() {
            println!("no PNG was made: no Chromium is installed; the pages show the same");
        }
        Ok(())
    }

    /// Those asked for, or the usual ones and those of the shop's tags.
    fn sizes(&self, shop: &Shop) -> Result<BTreeSet<(u32, u32)>, Failure> {
        if self.size.is_empty() {
            let tags = shop
                .shell
                .screens
                .iter()
                .filter_map(|display| match display {
                    Display::OpenEpaperLink(tag) => Some((tag.width.into(), tag.height.into())),
                    _ => None,
                });
            return Ok(SIZES.into_iter().chain(tags).collect());
        }
        let read = |text: &String| {
            let (width, height) = text.split_once('x')?;
            let within = |n: &u32| (100..=7_680).contains(n);
            let side = |text: &str| text.parse().ok().filter(within);
            Some((side(width)?, side(height)?))
        };
        let sizes: Option<BTreeSet<_>> = self.size.iter().map(read).collect();
        sizes
            .ok_or_else(|| Failure::Usage(anyhow!("a size is written 1080x1920, 100 to 7680 each")))
    }
}

/// The creative with each of its languages first.
fn by_language(creative: &Creative) -> Vec<Creative> {
    let first = |at: usize| {
        let mut creative = creative.clone();
        let text = creative.texts.remove(at);
        creative.texts.insert(0, text);
        creative
    };
    (0..creative.texts.len()).map(first).collect()
}

/// One page that needs nothing beside it.
fn page(title: &str, creative: &Creative, pictures: &Path) -> Result<String, Failure> {
    let picture = match creative.image.as_deref() {
        Some(name) => embedded(&pictures.join(name), name)?,
        None => Value::Null,
    };
    let data = json!({"title": title, "creative": creative, "picture": picture});
    // A text must not end the script that it stands in.
    let data = data.to_string().replace('<', "\\u003c");
    Ok(http::still(&data))
}

fn embedded(path: &Path, name: &str) -> Result<Value, Failure> {
    let bytes = fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
    let kind = match name.rsplit_once('.').map(|(_, kind)| kind) {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    };
    Ok(Value::from(format!(
        "data:{kind};base64,{}",
        STANDARD.encode(bytes)
    )))
}

fn browser() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let programs = BROWSERS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file())
}

fn shoot(
    browser: &Path,
    page: &Path,
    stem: &Path,
    (width, height): (u32, u32),
) -> Result<(), Failure> {
    let name = stem.file_name().unwrap_or_default().to_string_lossy();
    let out = stem.with_file_name(format!("{name}-{width}x{height}.png"));
    let page = fs::canonicalize(page).context("failed to find the page again")?;
    let mut command = Command::new(browser);
    command
        .args(["--headless=new", "--disable-gpu", "--no-first-run"])
        .args(["--hide-scrollbars", "--force-device-scale-factor=1"])
        .args(["--virtual-time-budget=3000", "--disable-dev-shm-usage"])
        .arg(format!("--window-size={width},{height}"))
        .arg(format!("--screenshot={}", out.display()))
        .arg(format!("file://{}", page.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if rustix::process::geteuid().is_root() {
        // Chromium refuses root its sandbox; the page is ours and loads nothing.
        command.arg("--no-sandbox");
    }
    let done = command.status();
    let done = done.with_context(|| format!("failed to start {}", browser.display()))?;
    if done.success() && out.is_file() {
        return Ok(());
    }
    Err(anyhow!("Chromium could not paint {}", page.display()).into())
}
