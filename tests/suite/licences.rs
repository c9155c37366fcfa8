//! What we link: licences, sources, and nothing banned. The lists are those of
//! `deny.toml`; `cargo deny check` reads the same file and knows more.

use serde_json::Value;
use std::{collections::BTreeSet, fs, process::Command};
use tests::house;
use toml::Table;

/// Most crates in the tree of one workspace (issue: at most 350).
const CRATES_MAX: usize = 350;

/// Manifests of what we ship, each with the platform it is for. A board of the
/// firmware says which in its own Cargo configuration.
fn shipped() -> Vec<(String, String)> {
    let host = ["Cargo.toml", "firmware/Cargo.toml"]
        .map(|manifest| (manifest.to_owned(), "x86_64-unknown-linux-gnu".to_owned()));
    let boards = fs::read_dir(house::root().join("firmware/boards")).expect("there are boards");
    let boards = boards.map(|board| {
        let folder = board.expect("a folder can be read").path();
        let config = fs::read_to_string(folder.join(".cargo/config.toml"));
        let config: Table = config.expect("a board has one").parse().expect("TOML");
        let platform = config["build"]["target"].as_str().expect("a board has one");
        let name = folder.file_name().expect("it has just been read");
        let manifest = format!("firmware/boards/{}/Cargo.toml", name.display());
        (manifest, platform.to_owned())
    });
    host.into_iter().chain(boards).collect()
}

fn metadata(manifest: &str, platform: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", platform])
        .arg("--manifest-path")
        .arg(house::root().join(manifest))
        .output()
        .expect("cargo is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let mut all: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let Value::Array(packages) = all["packages"].take() else {
        panic!("metadata lists packages");
    };
    packages
}

fn deny() -> Table {
    let text = fs::read_to_string(house::root().join("deny.toml")).expect("deny.toml is there");
    text.parse().expect("deny.toml is TOML")
}

fn words<'t>(table: &'t Table, section: &str, key: &str) -> BTreeSet<&'t str> {
    let list = table[section][key].as_array().expect("a list");
    list.iter()
        .map(|entry| entry.as_str().or_else(|| entry.get("crate")?.as_str()))
        .map(|word| word.expect("a name"))
        .collect()
}

/// Whether an SPDX expression can be met with the licences in `allowed`. Binds
/// as SPDX does: WITH, then AND, then OR; `/` is how old manifests spell OR.
fn met(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let held = any_of(&tokens, &mut at, allowed);
    held && at == tokens.len()
}

fn any_of(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut held = all_of(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        held |= all_of(tokens, at, allowed);
    }
    held
}

fn all_of(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut held = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        held &= one(tokens, at, allowed);
    }
    held
}

fn one(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let Some(first) = tokens.get(*at) else {
        return false;
    };
    *at += 1;
    if *first == "(" {
        let held = any_of(tokens, at, allowed);
        *at += 1;
        return held;
    }
    if tokens.get(*at) == Some(&"WITH") {
        let whole = format!("{first} WITH {}", tokens.get(*at + 1).unwrap_or(&""));
        *at += 2;
        return allowed.contains(&*whole);
    }
    allowed.contains(first)
}

/// What a crate is under: an SPDX expression, of its own or, where it brings a text
/// without a name, what `deny.toml` calls that.
fn licence(package: &Value, deny: &Table) -> String {
    let named = |entry: &toml::Value| {
        let file = entry["license-files"][0]["path"].as_str();
        let is_it = entry["crate"].as_str() == package["name"].as_str()
            && file == package["license_file"].as_str();
        is_it.then(|| entry["expression"].as_str().map(str::to_owned))?
    };
    let clarified = || {
        let list = deny["licenses"]["clarify"].as_array();
        list.into_iter().flatten().find_map(named)
    };
    let own = package["license"].as_str().map(str::to_owned);
    own.or_else(clarified).unwrap_or_else(|| "none".to_owned())
}

/// Crates that may have a licence which others may not, as `deny.toml` has them.
fn excepted(deny: &Table) -> BTreeSet<(&str, &str)> {
    let list = deny["licenses"].get("exceptions");
    let list = list.and_then(|list| list.as_array()).into_iter().flatten();
    let allowed = list.flat_map(|entry| {
        let name = entry["crate"].as_str().expect("a name");
        let licences = entry["allow"].as_array().expect("a list");
        licences
            .iter()
            .map(move |l| (name, l.as_str().expect("a licence")))
    });
    allowed.collect()
}

#[test]
fn every_crate_has_a_licence_a_source_and_no_ban() {
    let deny = deny();
    let allowed = words(&deny, "licenses", "allow");
    let sources = words(&deny, "sources", "allow-registry");
    let banned = words(&deny, "bans", "deny");
    let mut wrong = Vec::new();
    let excepted = excepted(&deny);
    let shipped = shipped();
    assert!(shipped.len() > 2, "no board: {shipped:?}");
    for (manifest, platform) in &shipped {
        let packages = metadata(manifest, platform);
        println!("{manifest}: {} crates", packages.len());
        if packages.len() > CRATES_MAX {
            wrong.push(format!("{manifest}: {} crates", packages.len()));
        }
        for package in packages {
            let name = package["name"].as_str().expect("a name");
            let licence = licence(&package, &deny);
            if !met(&licence, &allowed) && !excepted.contains(&(name, &*licence)) {
                wrong.push(format!("{name}: the licence {licence} is not allowed"));
            }
            if banned.contains(name) {
                wrong.push(format!("{name} is banned by deny.toml"));
            }
            // A crate of ours has no source.
            let source = package["source"].as_str();
            let source = source.map(|s| s.trim_start_matches("registry+"));
            if source.is_some_and(|source| !sources.contains(source)) {
                wrong.push(format!("{name} comes from {source:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Names and versions of what is linked into the gateway for a platform, our own crates aside.
fn linked(platform: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "gateway", "--edges", "normal"])
        .args(["--prefix", "none", "--locked", "--target", platform])
        .args(["--format", "{p}"])
        .current_dir(house::root())
        .output()
        .expect("cargo is there");
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).expect("names of crates are plain");
    // "serde v1.0.228", "proc (proc-macro)", "engine v0.1.0 (/where/it/is)".
    let foreign = lines.lines().filter(|line| !line.contains(" (/"));
    let named = foreign.filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        Some(format!("  {name} {}", rest.split(' ').next()?))
    });
    named.collect()
}

#[test]
fn the_package_brings_the_licences_of_all_that_is_linked() {
    let told = fs::read_to_string(house::root().join("gateway/debian/third-party.txt")).unwrap();
    let crates = told.lines().filter(|line| line.starts_with("  "));
    let told: BTreeSet<&str> = crates
        .map(|line| line.split(';').next().unwrap_or(line))
        .collect();
    for platform in ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] {
        let linked = linked(platform);
        assert!(linked.len() > 100, "{platform}: {}", linked.len());
        let missing: Vec<_> = linked.iter().filter(|c| !told.contains(&***c)).collect();
        assert!(
            missing.is_empty(),
            "{platform}: not in gateway/debian/third-party.txt, which is made anew as docs/install.md \
             says: {missing:?}"
        );
    }
}

/// The proof on which `deny.toml` ignores the advisories on rustls-webpki 0.102:
/// nobody but rumqttc asks for it, and rustls itself verifies with a newer one.
#[test]
fn the_old_webpki_is_reached_by_nobody_but_rumqttc() {
    let lock = fs::read_to_string(house::root().join("Cargo.lock")).unwrap();
    let lock: Table = lock.parse().unwrap();
    let asks_for = |wanted: &str| -> BTreeSet<String> {
        let packages = lock["package"].as_array().unwrap().iter();
        let dependants = packages.filter(|package| {
            let list = package.get("dependencies").and_then(|d| d.as_array());
            list.is_some_and(|list| list.iter().any(|d| d.as_str() == Some(wanted)))
        });
        let name = |package: &toml::Value| package["name"].as_str().map(str::to_owned);
        dependants.filter_map(name).collect()
    };
    let versions: Vec<&str> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| package["name"].as_str() == Some("rustls-webpki"))
        .filter_map(|package| package["version"].as_str())
        .collect();
    for version in versions {
        let dependants = asks_for(&format!("rustls-webpki {version}"));
        if version.starts_with("0.102.") {
            assert_eq!(dependants, BTreeSet::from(["rumqttc".to_owned()]));
        } else {
            assert!(dependants.contains("rustls"), "{version}: {dependants:?}");
        }
    }
}

/// What is ignored has a reason and a day, and ends with the crate it is about.
#[test]
fn what_is_ignored_has_a_reason_and_an_end() {
    let deny = deny();
    let ignored = deny["advisories"]["ignore"].as_array().expect("a list");
    let lock = fs::read_to_string(house::root().join("Cargo.lock")).expect("it is there");
    for entry in ignored {
        let id = entry["id"].as_str().expect("an advisory");
        let reason = entry["reason"].as_str().expect("a reason");
        let (why, until) = reason.rsplit_once("; until ").expect(id);
        let shape = until.replace(|c: char| c.is_ascii_digit(), "0");
        assert_eq!(shape, "0000-00-00", "{id}: {until}");
        let about = why.split(' ').next().expect("a crate");
        assert!(
            lock.contains(&format!("name = \"{about}\"\n")),
            "{id}: nobody links {about} any more"
        );
    }
}

#[test]
fn licence_expressions_bind_as_spdx_says() {
    let allowed = BTreeSet::from(["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0 OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND (GPL-3.0 OR Zlib)", true),
        ("(MIT OR GPL-3.0) AND GPL-3.0", false),
        ("GPL-3.0 AND MIT OR Zlib", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0 WITH Classpath-exception-2.0 OR GPL-3.0", false),
        ("none", false),
        ("", false),
    ] {
        assert_eq!(met(expression, &allowed), expected, "{expression:?}");
    }
}
