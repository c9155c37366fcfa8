//! What the documents say is so: commands run, links lead somewhere, words mean
//! something.

use std::{collections::BTreeSet, fs, path::Path, process::Command};
use tests::house;

const DOCUMENTS: [&str; 19] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/access.md",
    "docs/broker.md",
    "docs/devices.md",
    "docs/displays.md",
    "docs/hardware.md",
    "docs/install.md",
    "docs/lift.md",
    "docs/outward.md",
    "docs/privacy.md",
    "docs/reliability.md",
    "docs/replay.md",
    "docs/vouchers.md",
    "docs/benchmarks.md",
    "firmware/README.md",
];

/// Commands in blocks marked `sh run` that something else here runs.
const RUN_ELSEWHERE: [(&str, &str); 2] = [
    ("cargo suite", "is what runs this"),
    ("cargo demo", "is run by the step `demo` of the suite"),
];

fn document(name: &str) -> String {
    fs::read_to_string(house::root().join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// Lines of the blocks that are marked to be run.
fn commands(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        match line {
            "```sh run" => inside = true,
            "```" => inside = false,
            _ if inside => found.push(line),
            _ => {}
        }
    }
    found
}

#[test]
fn every_command_that_a_document_tells_to_run_runs() {
    let all: BTreeSet<String> = DOCUMENTS
        .iter()
        .flat_map(|name| {
            let text = document(name);
            commands(&text)
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(
        all.len() > RUN_ELSEWHERE.len(),
        "there are commands: {all:?}"
    );
    for command in &all {
        if RUN_ELSEWHERE.iter().any(|(known, _)| known == command) {
            continue;
        }
        let built = command
            .strip_prefix("target/debug/")
            .unwrap_or_else(|| panic!("nothing runs `{command}`"));
        let mut words = built.split_whitespace();
        let program = words.next().expect("a command has a program");
        let output = Command::new(house::program(program))
            .args(words)
            .current_dir(house::root())
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{command}: {output:?}");
    }
    for (known, _) in RUN_ELSEWHERE {
        assert!(all.contains(known), "no document tells to run {known}");
    }
}

/// Subcommands and flags of every line that the marketer's and the operator's page tell
/// to type.
#[test]
fn every_command_of_the_pages_for_everybody_is_one() {
    let [offers, install] = ["docs/offers.md", "docs/install.md"].map(document);
    let typed = offers
        .lines()
        .filter_map(|l| l.strip_prefix("$ aislecast "));
    let typed = typed.chain(install.lines().filter_map(|l| l.strip_prefix("aislecast ")));
    let mut tried = 0;
    for line in typed {
        let words: Vec<&str> = line.split_whitespace().collect();
        let has_more = ["account", "enroll", "offers"].contains(&words[0]);
        let depth = if has_more { 2 } else { 1 };
        let output = Command::new(house::program("aislecast"))
            .args(&words[..depth])
            .arg("--help")
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{line}: {output:?}");
        let help = String::from_utf8_lossy(&output.stdout);
        let flags = words.iter().filter(|word| word.starts_with("--"));
        for flag in flags {
            assert!(help.contains(flag), "{line}: {flag} is no option");
        }
        tried += 1;
    }
    assert!(tried >= 17, "{tried}");
}

/// The block of a page that begins with this line.
fn block(page: &str, begins: &str) -> String {
    let (_, behind) = page.split_once(begins).expect("the page has it");
    let (block, _) = behind.split_once("\n```").expect("it ends");
    block.to_owned()
}

#[test]
fn what_the_marketers_page_shows_of_a_described_audience_is_what_is_said() {
    let page = document("docs/offers.md");
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let config = house::root().join("config");
    std::os::unix::fs::symlink(config, folder.path().join("config")).expect("it is empty");
    let situation = block(&page, "```toml situation\n");
    fs::write(folder.path().join("saturday.toml"), situation).expect("it is empty");
    let command = "$ aislecast offers explain --situation saturday.toml\n";
    let arguments = command
        .trim_start_matches("$ aislecast ")
        .split_whitespace();
    let output = Command::new(house::program("aislecast"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let shown = block(&page, command);
    assert!(shown.lines().count() > 4, "{shown}");
    for line in shown.lines() {
        assert!(said.lines().any(|l| l == line), "{line}\nis not in\n{said}");
    }
}

#[test]
fn every_link_inside_the_repository_leads_to_a_file() {
    let mut broken = Vec::new();
    for name in DOCUMENTS {
        let folder = Path::new(name).parent().expect("a file is in a folder");
        for link in links(&document(name)) {
            let path = link.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            if !house::root().join(folder).join(path).exists() {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

fn links(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        .collect()
}

/// Rust code that users run, as one text.
fn code() -> String {
    let mut text = String::new();
    let mut folders: Vec<_> = [
        "protocol",
        "dialect",
        "engine",
        "config",
        "link",
        "gateway",
        "simulator",
    ]
    .iter()
    .map(|folder| house::root().join(folder).join("src"))
    .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a crate has a src") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                text += &fs::read_to_string(&path).expect("code is text");
            }
        }
    }
    text
}

/// What stands in backticks in the third column of the glossary.
fn glossary(text: &str) -> Vec<String> {
    let part = text
        .split("## Glossary")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("there is a glossary");
    part.lines()
        .filter_map(|line| line.split('|').nth(3))
        .filter_map(|cell| cell.trim().strip_prefix('`')?.strip_suffix('`'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_word_of_the_glossary_is_a_word_of_the_code() {
    let code = code();
    let words: BTreeSet<&str> = code
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .collect();
    let glossary = glossary(&document("ARCHITECTURE.md"));
    assert!(glossary.len() > 15, "{glossary:?}");
    let strange: Vec<_> = glossary
        .iter()
        .filter(|word| !words.contains(word.as_str()))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// The map lists the folders that there are.
#[test]
fn every_crate_is_on_the_map() {
    let text = document("ARCHITECTURE.md");
    let workspace: toml::Table = document("Cargo.toml").parse().unwrap();
    let members = workspace["workspace"]["members"].as_array().unwrap();
    for member in members.iter().filter_map(toml::Value::as_str) {
        let row = format!("\n| `{member}` |");
        assert!(text.contains(&row), "{member} is not on the map");
    }
}

#[test]
fn blocks_links_and_words_are_found() {
    let text = "a [b](c.md#d) ![e](f.png)\n```sh run\none\ntwo\n```\n```sh\nthree\n```\n";
    assert_eq!(commands(text), ["one", "two"]);
    assert_eq!(links(text), ["c.md#d", "f.png"]);
    let text = "## Glossary\n| w | m | `X` |\n|---|---|---|\n## Next\n| a | b | `Y` |\n";
    assert_eq!(glossary(text), ["X"]);
}
