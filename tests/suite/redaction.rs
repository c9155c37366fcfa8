//! Secrets and references of customers are types that show nothing of themselves:
//! no struct prints one as bare text or bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};
use tests::house;

/// Names of fields that hold what nobody should read.
const SECRET: [&str; 11] = [
    "customer",
    "password",
    "secret",
    "token",
    "irk",
    "credential",
    "claim",
    "session",
    "evidence",
    "passphrase",
    "cookie",
];
/// What prints all that it holds.
const BARE: [&str; 8] = [
    "String", "&str", "&'", "Box<str>", "Vec<u8>", "[u8", "&[u8]", "Arc<str>",
];
/// By struct and field: names that mean something else.
const HARMLESS: [&str; 1] = [
    // Says which profile field of a loyalty receipt is the customer's: a path.
    "Till.customer",
];

/// Every `struct` and `enum` of a text that derives `Debug`, with its body.
fn printed(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for part in text.split("#[derive(").skip(1) {
        let Some((derived, rest)) = part.split_once(")]") else {
            continue;
        };
        let head = rest.split(['{', ';']).next().unwrap_or_default();
        let mut words = head.split_whitespace();
        let is_type = words.any(|word| word == "struct" || word == "enum");
        let name = words
            .next()
            .map(|n| n.split(['<', '(', ':']).next().unwrap_or(n));
        if let (true, true, Some(name)) = (is_type, derived.contains("Debug"), name) {
            found.push((name, body(&rest[head.len()..])));
        }
    }
    found
}

/// What stands between the first brace and the one that closes it.
fn body(text: &str) -> &str {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// Fields of a text's types that would print a secret.
fn leaks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, body) in printed(text) {
        for line in body.lines() {
            let Some((field, kind)) = line.trim().trim_end_matches(',').split_once(": ") else {
                continue;
            };
            let field = field.rsplit(' ').next().unwrap_or(field);
            let kind = kind.trim_start_matches("Option<");
            let is_bare = BARE.iter().any(|bare| kind.starts_with(bare));
            let place = format!("{name}.{field}");
            if is_bare && SECRET.contains(&field) && !HARMLESS.contains(&&*place) {
                found.push(place);
            }
        }
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_type_prints_a_secret() {
    let mut files = Vec::new();
    for part in ["protocol", "dialect", "engine", "config", "link", "gateway"] {
        sources(&house::root().join(part).join("src"), &mut files);
    }
    assert!(files.len() > 200, "{} files", files.len());
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source can be read");
        found.extend(
            leaks(&text)
                .into_iter()
                .map(|place| format!("{}: {place}", file.display())),
        );
    }
    assert!(
        found.is_empty(),
        "give them a type whose Debug says nothing: {found:#?}"
    );
}

#[test]
fn a_type_that_would_print_a_secret_is_found() {
    let text = "#[derive(Clone, Debug)]\n#[serde(default)]\npub struct Asked<'a> {\n    \
                pub(super) token: Option<String>,\n    name: String,\n}\n\
                #[derive(Clone)]\nstruct Quiet {\n    token: String,\n}\n\
                #[derive(Debug)]\nenum Said {\n    In {\n        password: &'a str,\n    },\n}\n\
                #[derive(Debug)]\nstruct Fine {\n    password: Plain,\n}\n";
    assert_eq!(leaks(text), ["Asked.token", "Said.password"]);
}
