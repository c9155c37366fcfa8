//! What lies in the memory of a process.

use crate::house;
use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    process::Command,
};

const EMPTY: [u8; 4_096] = [0; 4_096];

/// A core dump, and what took it: registers and all memory of a process that goes on.
/// Pages of zeros are left out. Where there is no `gcore`, the memory that it can write to, read through `/proc`.
/// Nothing where neither is allowed.
pub fn of(process: u32, dir: &Path) -> Option<(&'static str, Vec<u8>)> {
    if house::tool("gcore").is_some() {
        let prefix = dir.join("core");
        let taken = Command::new("gcore")
            .arg("-o")
            .arg(&prefix)
            .arg(process.to_string())
            .output();
        let file = prefix.with_extension(process.to_string());
        if let Ok(bytes) = fs::read(&file) {
            fs::remove_file(&file).expect("it was just written");
            return Some(("core dump", without_empty_pages(&bytes)));
        }
        eprintln!("gcore wrote nothing: {taken:?}");
    }
    Some(("memory", writable(process)?))
}

/// Most of what a process may use it never wrote to.
fn without_empty_pages(bytes: &[u8]) -> Vec<u8> {
    let pages = bytes.chunks(EMPTY.len());
    let written = pages.filter(|page| *page != &EMPTY[..page.len()]);
    written.collect::<Vec<_>>().concat()
}

fn writable(process: u32) -> Option<Vec<u8>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut all = Vec::new();
    for line in maps.lines() {
        let mut words = line.split(' ');
        let (Some((from, to)), Some(rights)) = (words.next()?.split_once('-'), words.next()) else {
            continue;
        };
        let end = |text| u64::from_str_radix(text, 16).ok();
        let (from, to) = (end(from)?, end(to)?);
        if rights.starts_with("rw") {
            memory.seek(SeekFrom::Start(from)).ok()?;
            // Some of what is mapped cannot be read; what was read counts.
            let _ = (&memory).take(to - from).read_to_end(&mut all);
        }
    }
    (!all.is_empty()).then_some(all)
}
