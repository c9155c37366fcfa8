//! Stories as text: what happens goes in, what the engine wants done comes out.
//!
//! Each file under `told/` is a script; lines that begin with `|` are what
//! the engine answered. `UPDATE_GOLDEN=1 cargo test -p engine --test promises`
//! writes the answers anew, to be read in the diff.
//!
//! ```text
//! offer NAME [zone=Z] [class=C] [segment=S] [dwell=SECONDS] [sure=PERCENT] [cap=VISIT/DAY]
//!            [budget=N] [holdout=PERMILLE] [priority=N] [daily=N] [pacing=even] [stock-min=N] [price=N] [hours=FROM-UNTIL] [shown=SECONDS] [code=GCN]
//!            [visits=MIN-MAX] [away=MIN-MAX] [speaks=TAG] [likes=DEPARTMENT:PERCENT]
//!            [voucher=WORTH/REDEMPTIONS/MINUTES[/stacks]] [group=G] [campaign=0] [hourly=N]
//! enrol NAME PURPOSE,.. [segment=S] [visits=N] [away=DAYS] [speaks=TAG] [likes=DEPARTMENT:PERCENT]
//!            [minor] [version=N] [until=SECONDS] [daily=N]
//! NAME,.. at ZONE for SECONDS     walk there and are heard all the while
//! silence for SECONDS             nobody is heard
//! withdraw NAME [PURPOSE] / forget NAME
//! phone NAME / card NAME          asks on NAME's own phone, or as staff, for what is kept off screens
//! turns are drawn                 by key, as in a shop; else it is always an offer's turn
//! screen hello|mute|talk|rejects|accepts|forgets|paper   what the one screen does
//! disk stops|resumes              whether commits become durable
//! explore PERCENT / learn OFFER FACTOR  what decides besides the rules
//! pause|resume OFFER|all|safe-now  somebody stops something by hand, or lets it go on
//! stock N / price N / door IN OUT           what the sensors say
//! keep NAME                       somebody photographs the voucher on the screen
//! till reserves|commits|releases NAME RECEIPT [attempt=N]
//! money OFFER                     what a restart would find of its vouchers and its campaign
//! wait MINUTES                    time passes unseen
//! till sells|returns N SKU RECEIPT [code shown|foreign] [voucher NAME] [from RECEIPT] / till voids RECEIPT
//!            [arms=NAME,..] [switchback=SECONDS] [ramp=PERMILLE,.. every=SECONDS showings=N]
//! complaint / help / bell         about and near the one screen
//! resume OFFER / results OFFER    of its trial, as a restart would find them
//! tally OFFER                     what a restart would find of its sales
//! buy NAME SKU RECEIPT / census OFFER N / restart / clock lost|found|ahead HOURS / replan without OFFER
//! ```

use crate::shop::Shop;
use std::{env, fs, path::Path};

fn play(script: &str) -> String {
    let mut shop = Shop::new();
    let mut played = String::new();
    for line in script.lines().filter(|l| !l.starts_with('|')) {
        played.push_str(line);
        played.push('\n');
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.is_empty() || words[0].starts_with('#') {
            continue;
        }
        shop.happen(&words);
        for answer in shop.answers() {
            played.push_str("| ");
            played.push_str(&answer);
            played.push('\n');
        }
    }
    played
}

#[test]
fn every_story_ends_as_it_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promises/told");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "story"))
        .collect();
    files.sort();
    assert!(files.len() >= 12, "stories are missing: {}", files.len());
    let mut differing = Vec::new();
    for file in files {
        let told = fs::read_to_string(&file).unwrap();
        let played = play(&told);
        if played == told {
            continue;
        }
        if env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, played).unwrap();
        } else {
            differing.push(format!(
                "--- {}\n{}",
                file.display(),
                first_difference(&told, &played)
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn the_same_story_twice_is_the_same_to_the_byte() {
    let told = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promises/told/walks-by.story"),
    )
    .unwrap();
    assert_eq!(play(&told), play(&told));
}

fn first_difference(told: &str, played: &str) -> String {
    let mut pairs = told.lines().zip(played.lines()).enumerate();
    match pairs.find(|(_, (a, b))| a != b) {
        Some((line, (a, b))) => format!("line {}:\n  told   {a}\n  played {b}", line + 1),
        None => "one is longer than the other".to_owned(),
    }
}
