//! Sizes and words of the code. What has become better must not become worse.

use std::{collections::BTreeMap, fs, process::Command};
use tests::house;
use toml::Table;

/// No house of ours is larger than this, whatever `tidy.toml` says.
const LIMITS: [(&str, &str, usize); 7] = [
    ("file_lines", "median", 200),
    ("file_lines", "p90", 400),
    ("file_lines", "max", 600),
    ("function_lines", "p90", 40),
    ("function_lines", "max", 70),
    // A table of values is long and still read at a glance.
    ("test_function_lines", "p90", 40),
    ("test_function_lines", "max", 100),
];

/// Never in code that users run.
const NOT_IN_CODE: [&str; 6] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("db", "g!("),
    concat!(".unw", "rap()"),
    concat!("#[all", "ow("),
    concat!("#![all", "ow("),
];

/// Never in any file: paths and places of one machine.
const NOT_ANYWHERE: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/.car", "go/registry"),
];

fn tracked(ending: &str) -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(house::root())
        .output()
        .expect("git is there");
    assert!(listed.status.success(), "this is a git repository");
    let names = String::from_utf8(listed.stdout).expect("names are text");
    names
        .split('\0')
        .filter(|name| !name.is_empty() && name.ends_with(ending))
        // A file that is deleted but not yet committed is listed too.
        .filter_map(|name| {
            let bytes = fs::read(house::root().join(name)).ok()?;
            Some((name.to_owned(), String::from_utf8(bytes).ok()?))
        })
        .collect()
}

/// The part of a file that users run: no tests.
fn without_tests(text: &str) -> &str {
    let mut at = 0;
    for (above, line) in text.lines().zip(text.lines().skip(1)) {
        if above == "#[cfg(test)]" && line.contains("mod ") && line.ends_with('{') {
            return &text[..at];
        }
        at += above.len() + 1;
    }
    text
}

/// Whether a file holds nothing but tests: by its folder, or because whoever
/// declares it as a module does so for tests only.
fn is_test(name: &str, code: &[(String, String)]) -> bool {
    if name.starts_with("tests/") || name.contains("/tests/") {
        return true;
    }
    let declared_by = |(parent, text): &(String, String)| {
        let folder = ["/mod.rs", "/lib.rs", "/main.rs", ".rs"]
            .iter()
            .find_map(|end| parent.strip_suffix(end))
            .unwrap_or(parent);
        let child = name.strip_prefix(folder)?.strip_prefix('/')?;
        let module = child.split('/').next()?.trim_end_matches(".rs");
        let declares = format!("mod {module};");
        let mut lines = text.lines().zip(text.lines().skip(1));
        lines
            .any(|(above, line)| above == "#[cfg(test)]" && line.ends_with(&declares))
            .then_some(())
    };
    code.iter().any(|file| declared_by(file).is_some())
}

/// The same text with comments, strings and characters blanked out, line by line.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = skip(rest);
        if skipped > 0 {
            let gone = &rest[..skipped];
            out.extend(gone.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[skipped..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            // A name that ends in `r` or `b` starts no raw string.
            if first.is_alphanumeric() || first == '_' {
                let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                let (word, after) = rest.split_at(word.unwrap_or(rest.len()));
                out.push_str(word);
                rest = after;
            }
        }
    }
    out
}

/// Length of the comment, string or character at the start of `text`, or 0.
fn skip(text: &str) -> usize {
    let whole = text.len();
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(whole);
    }
    if text.starts_with("/*") {
        return text.find("*/").map_or(whole, |at| at + 2);
    }
    let hashes = text
        .trim_start_matches('b')
        .strip_prefix('r')
        .map(|rest| rest.len() - rest.trim_start_matches('#').len());
    if let Some(hashes) = hashes
        && text[..text.len().min(hashes + 3)].contains('"')
    {
        let close = format!("\"{}", "#".repeat(hashes));
        let open = text.find('"').unwrap_or(0) + 1;
        return text[open..]
            .find(&close)
            .map_or(whole, |at| open + at + close.len());
    }
    if text.starts_with('"') || text.starts_with("b\"") || text.starts_with("c\"") {
        return quoted(text, '"').unwrap_or(whole);
    }
    if text.starts_with('\'') || text.starts_with("b'") {
        // A lifetime has no closing quote close by.
        let body = text.trim_start_matches('b');
        let lifetime = body.chars().nth(1) != Some('\\') && body.chars().nth(2) != Some('\'');
        return if lifetime {
            0
        } else {
            quoted(text, '\'').unwrap_or(whole)
        };
    }
    0
}

fn quoted(text: &str, quote: char) -> Option<usize> {
    let open = text.find(quote)? + 1;
    let mut escaped = false;
    for (at, c) in text[open..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(open + at + 1),
            _ => {}
        }
    }
    None
}

/// Name, first line and number of lines of every function in bare text.
fn functions(bare: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in bare.match_indices("fn ") {
        let before = bare[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &bare[at + 3..];
        let name: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        // A type has no name, a signature of a trait no body.
        let Some(open) = body(rest).filter(|_| !name.is_empty()) else {
            continue;
        };
        let mut depth = 0_usize;
        for (end, c) in rest[open..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let first = bare[..at].matches('\n').count() + 1;
                let lines = rest[..open + end].matches('\n').count() + 1;
                found.push((name, first, lines));
                break;
            }
        }
    }
    found
}

/// Where the body of the function begins whose name and arguments `rest` holds;
/// a `;` outside of brackets says that it has none.
fn body(rest: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, c) in rest.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Median, 90th percentile and maximum by name, with who is at the top.
fn shape(mut sizes: Vec<(usize, String)>) -> (BTreeMap<&'static str, usize>, Vec<String>) {
    sizes.sort();
    let at = |share: usize| sizes[(sizes.len() - 1) * share / 100].0;
    let shape = BTreeMap::from([("median", at(50)), ("p90", at(90)), ("max", at(100))]);
    let top = sizes.iter().rev().take(5);
    (shape, top.map(|(n, who)| format!("{n} {who}")).collect())
}

#[test]
fn files_and_functions_do_not_grow_past_what_they_were() {
    let text = fs::read_to_string(house::root().join("tests/tidy.toml")).unwrap();
    let agreed: Table = text.parse().unwrap();
    let code = tracked(".rs");
    let files = code
        .iter()
        .map(|(name, text)| (without_tests(text).lines().count(), name.clone()))
        .collect();
    let (mut run, mut tests) = (Vec::new(), Vec::new());
    for (name, text) in &code {
        let all_tests = is_test(name, &code);
        let last = without_tests(text).lines().count();
        for (function, line, lines) in functions(&bare(text)) {
            let for_tests = all_tests || line > last;
            let group = if for_tests { &mut tests } else { &mut run };
            group.push((lines, format!("{name}:{line} {function}")));
        }
    }
    let measured = BTreeMap::from([
        ("file_lines", shape(files)),
        ("function_lines", shape(run)),
        ("test_function_lines", shape(tests)),
    ]);
    let mut wrong = Vec::new();
    for (what, which, limit) in LIMITS {
        let (shape, top) = &measured[what];
        let agreed = agreed[what][which].as_integer().unwrap();
        let agreed = usize::try_from(agreed).unwrap();
        println!("{what}.{which}: {} of {agreed}", shape[which]);
        if agreed > limit {
            wrong.push(format!(
                "tidy.toml allows {what}.{which} = {agreed} > {limit}"
            ));
        }
        if shape[which] > agreed {
            let now = shape[which];
            wrong.push(format!("{what}.{which} grew to {now} > {agreed}: {top:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn code_that_users_run_holds_no_word_of_the_unfinished() {
    let mut found = Vec::new();
    let code = tracked(".rs");
    for (name, text) in &code {
        if is_test(name, &code) {
            continue;
        }
        let bare = bare(without_tests(text));
        for (line, text) in bare.lines().enumerate() {
            let words = NOT_IN_CODE.iter().filter(|word| text.contains(**word));
            found.extend(words.map(|word| format!("{name}:{}: {word}", line + 1)));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_measurements_ask_for_another_guard_than_the_shops() {
    for (name, text) in tracked(".rs") {
        let measures = ["engine/", "simulator/", "tests/suite/tidy.rs"];
        if !measures.iter().any(|folder| name.starts_with(folder)) {
            assert!(!text.contains("measure_guard"), "{name}");
        }
    }
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    let mut found = Vec::new();
    for (name, text) in tracked("") {
        for (line, text) in text.lines().enumerate() {
            let words = NOT_ANYWHERE.iter().filter(|word| text.contains(**word));
            found.extend(words.map(|word| format!("{name}:{}: {word}", line + 1)));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_measure_itself_is_right() {
    let text = "\
// fn not_code() {
fn one<'a>(x: &'a str) -> char { let c = '{'; let s = \"}}\\\"{\"; c }
trait T { fn signature(&self); }
impl T for U {
    fn two(&self) {
        let raw = r#\"fn inner() { \"#;
        let f: fn(u8) -> u8 = three; /* } */
        fn three(a: [u8; 4]) -> u8 {
            a[0]
        }
    }
}
#[cfg(test)]
mod tests {
    fn four() {}
}
";
    assert_eq!(without_tests(text).lines().count(), 12);
    let wider = text.replace("\nmod tests {", "\npub(crate) mod bench {\n");
    assert_eq!(without_tests(&wider), without_tests(text));
    assert_eq!(
        functions(&bare(text)),
        [
            ("one".to_owned(), 2, 1),
            ("two".to_owned(), 5, 7),
            ("three".to_owned(), 8, 3),
            ("four".to_owned(), 15, 1),
        ]
    );
    let of = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let code = [
        of(
            "a/src/lib.rs",
            "#[cfg(test)]\npub(crate) mod only;\nmod real;\n",
        ),
        of("a/src/real.rs", "#[cfg(test)]\nmod deep;\n"),
    ];
    for (name, expected) in [
        ("a/src/only.rs", true),
        ("a/src/only/more.rs", true),
        ("a/src/real.rs", false),
        ("a/src/real/deep.rs", true),
        ("a/src/real/other.rs", false),
        ("a/tests/x.rs", true),
    ] {
        assert_eq!(is_test(name, &code), expected, "{name}");
    }
    let (shape, _) = shape((1..=10).map(|n| (n, String::new())).collect());
    assert_eq!((shape["median"], shape["p90"], shape["max"]), (5, 9, 10));
}
