//! What pages of documents tell to type.

use crate::house;
use std::{fs, path::Path, process::Command};

/// Runs the block of a page that is marked to be run in order, in a folder that
/// has the shop's files as `config`; what each command printed.
pub fn perform(page: &str, folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(house::root().join(page)).expect("the page is there");
    let (_, block) = text.split_once("```sh in order\n").expect("it has a block");
    let (block, _) = block.split_once("```").expect("the block ends");
    let config = house::root().join("config");
    std::os::unix::fs::symlink(config, folder.join("config")).expect("the folder is empty");
    block.lines().map(|line| run(line, folder)).collect()
}

fn run(line: &str, folder: &Path) -> String {
    let mut words = line.split_whitespace();
    let program = words.next().expect("a command has a program");
    let program = program.strip_prefix("target/debug/").expect("it is ours");
    let output = Command::new(house::program(program))
        .args(words)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{line}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
