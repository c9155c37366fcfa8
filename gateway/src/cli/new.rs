//! `aislecast new`: a shop to begin with.

mod layout;

use super::{
    Failure,
    ask::{asked, asked_for},
    installed,
};
use anyhow::{Context as _, anyhow};
use clap::Args;
use jiff::{civil::Time, tz::TimeZone};
use layout::{Size, Wanted};
use std::{
    env, fs,
    io::{self, Write as _},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process,
};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct New {
    /// Folder of the shop.
    #[arg(value_name = "DIR", default_value = installed::SHOP)]
    dir: PathBuf,
    /// Name as people read it.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Its clock, by its name in the IANA time zone database.
    #[arg(long, value_name = "NAME", value_parser = zone_name)]
    time_zone: Option<String>,
    /// When it is open, every day. Outside, screens show the house loop.
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = hours)]
    hours: Option<String>,
    /// Metres from west to east and from south to north.
    #[arg(long, value_name = "WIDTHxDEPTH", value_parser = size)]
    size: Option<Size>,
    /// Its parts, as people call them, besides the entrance in the south.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    zones: Vec<String>,
    /// How many scanners there are.
    #[arg(long, value_name = "N", value_parser = count)]
    scanners: Option<usize>,
    /// How many screens there are.
    #[arg(long, value_name = "N", value_parser = count)]
    screens: Option<usize>,
    /// Where console and screens are opened: 127.0.0.1:8080 on this machine alone,
    /// 0.0.0.0:8080 from the whole network.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<SocketAddr>,
}

const EXAMPLES: &str = "\
Examples:
  aislecast new
  aislecast new shop --name 'Corner shop' --size 12x8 --zones Fruit,Bread,Drinks \\
      --scanners 4 --screens 2 --listen 0.0.0.0:8080

What is left out is asked for where somebody sits before it. Nothing that is there is
overwritten.";

/// Most scanners or screens asked for: more are written into the file by hand.
const COUNT_MAX: usize = 32;

impl New {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let file = self.dir.join("store.toml");
        if file.exists() {
            return Err(Failure::Usage(anyhow!(
                "{} is there: change it, or name another folder",
                file.display()
            )));
        }
        let is_installed = self.dir == Path::new(installed::SHOP);
        // Before anybody answers anything.
        make_folders(&self.dir)?;
        let wanted = self.wanted(is_installed)?;
        keep(&file, &layout::store_toml(&wanted))?;
        say(&file, &wanted, is_installed);
        Ok(())
    }

    /// What was given, and what is answered to the rest.
    fn wanted(self, is_installed: bool) -> Result<Wanted, Failure> {
        let clock = TimeZone::system();
        let clock = clock.iana_name().unwrap_or("Etc/UTC");
        let zones = Some(self.zones).filter(|zones| !zones.is_empty());
        let data = if is_installed {
            installed::DATA
        } else {
            "data"
        };
        Ok(Wanted {
            name: asked(self.name, "name of the shop", None)?,
            time_zone: asked_for(self.time_zone, "its time zone", clock, zone_name)?,
            hours: asked_for(self.hours, "open every day", "08:00-20:00", hours)?,
            size: asked_for(
                self.size,
                "metres from west to east and from south to north",
                "12x8",
                size,
            )?,
            zones: asked_for(zones, "its parts besides the entrance", "Shop", names)?,
            scanners: asked_for(self.scanners, "scanners", "4", count)?,
            screens: asked_for(self.screens, "screens", "1", count)?,
            listen: asked_for(
                self.listen,
                "console and screens: 127.0.0.1:8080 for this machine alone, 0.0.0.0:8080 for \
                 the network",
                "127.0.0.1:8080",
                address,
            )?,
            language: language(env::var("LANG").ok().as_deref()),
            data: data.to_owned(),
        })
    }
}

/// Makes the folders of a shop, which the service's user must be able to look into,
/// whatever root's umask is.
fn make_folders(dir: &Path) -> Result<(), Failure> {
    let make = || {
        for folder in [dir, &dir.join("offers"), &dir.join("creatives")] {
            if !folder.is_dir() {
                fs::create_dir_all(folder)?;
                fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
            }
        }
        Ok::<_, io::Error>(())
    };
    Ok(make().with_context(|| {
        format!(
            "failed to make the folder {}: as root, or name another folder",
            dir.display()
        )
    })?)
}

/// Writes the file once the shop is right with it.
fn keep(file: &Path, text: &str) -> Result<(), Failure> {
    let trial = file.with_file_name(format!(".store-{}.toml", process::id()));
    let is_right = write_new(&trial, text)
        .and_then(|()| config::load(&trial).map(|_| ()).map_err(Failure::Files));
    fs::remove_file(&trial).with_context(|| format!("failed to remove {}", trial.display()))?;
    is_right?;
    write_new(file, text)
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let write = || {
        let mut file = fs::File::create_new(path)?;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    Ok(write().with_context(|| format!("failed to write {}", path.display()))?)
}

fn say(file: &Path, wanted: &Wanted, is_installed: bool) {
    let dir = file.parent().unwrap_or(Path::new(".")).display();
    println!(
        "{}: it passes check.\n\n\
         Where parts of the floor, scanners and screens are is a guess: set it right there, and\n  \
         aislecast check {dir}\n\
         says what is wrong with it. All it may say besides: aislecast print-config.\n",
        file.display(),
    );
    if is_installed && installed::has_service() {
        println!(
            "Devices need a broker: docs/broker.md of /usr/share/doc/aislecast. Then start the shop,\n\
             and become its first operator with the code:\n  \
             systemctl start aislecast\n  \
             aislecast account code\n\
             The console is at http://{}/enter.",
            installed::for_others(wanted.listen)
        );
    } else {
        println!("Then start it:\n  aislecast run --config {dir}");
    }
}

fn zone_name(text: &str) -> Result<String, String> {
    match TimeZone::get(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("{text:?} is no time zone, as Europe/Berlin is")),
    }
}

fn names(text: &str) -> Result<Vec<String>, String> {
    let names = text.split(',').map(str::trim);
    let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err("names with commas between them, as Fruit, Bread".to_owned());
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

fn hours(text: &str) -> Result<String, String> {
    let is_moment = |text: &str| text == "24:00" || Time::strptime("%H:%M", text).is_ok();
    match text.split_once('-') {
        Some((from, to)) if is_moment(from) && is_moment(to) => Ok(text.to_owned()),
        _ => Err(format!("{text:?} is no opening time, as 08:00-20:00 is")),
    }
}

fn size(text: &str) -> Result<Size, String> {
    Size::read(text).ok_or_else(|| format!("{text:?} is no size in metres of 2 to 500, as 12x8 is"))
}

fn count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|n| (1..=COUNT_MAX).contains(n));
    count.ok_or_else(|| format!("{text:?} is no number from 1 to {COUNT_MAX}"))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.port() < 1024 => {
            Err(format!("{text}: only root may listen at ports below 1024"))
        }
        Ok(address) => Ok(address),
        Err(_) => Err(format!(
            "{text:?} is no address with a port, as 0.0.0.0:8080 is"
        )),
    }
}

/// The language that a locale such as `vi_VN.UTF-8` names.
fn language(locale: Option<&str>) -> String {
    let locale = locale.unwrap_or_default();
    let end = locale.find(|c: char| !c.is_ascii_lowercase());
    let language = &locale[..end.unwrap_or(locale.len())];
    if (2..=3).contains(&language.len()) {
        language.to_owned()
    } else {
        "en".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_a_language() {
        for (locale, named) in [
            (Some("vi_VN.UTF-8"), "vi"),
            (Some("de"), "de"),
            (Some("C.UTF-8"), "en"),
            (Some("POSIX"), "en"),
            (Some(""), "en"),
            (None, "en"),
        ] {
            assert_eq!(language(locale), named, "{locale:?}");
        }
    }

    #[test]
    fn nothing_is_overwritten_and_nothing_wrong_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("store.toml");
        make_folders(dir.path()).unwrap();
        assert!(keep(&file, "nonsense").is_err());
        let names = || {
            let entries = fs::read_dir(dir.path()).unwrap();
            let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(), ["creatives", "offers"]);
        keep(&file, config::DEFAULT_STORE_TOML).unwrap_err();
        fs::write(&file, "mine").unwrap();
        keep(&file, &layout::store_toml(&layout::tests::corner_shop())).unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        assert_eq!(names(), ["creatives", "offers", "store.toml"]);
    }
}
