//! Commands and reports of screens as they stand on the wire. A file in
//! `golden/` is never edited: players in shops keep the code they started with.

use protocol::screen::{
    Creative, CreativeText, ScreenAction, ScreenCommand, ScreenReport, ScreenStatus,
};
use serde_json::Value;

fn full() -> Creative {
    Creative {
        texts: vec![
            CreativeText {
                language: "vi".into(),
                headline: "Sữa tươi giảm 20%".into(),
                body: "Chỉ hôm nay, tại quầy sữa.".into(),
            },
            CreativeText {
                language: "en".into(),
                headline: "20% off fresh milk".into(),
                body: String::new(),
            },
        ],
        price: Some("29.000 ₫".into()),
        price_before: Some("36.000 ₫".into()),
        badge: Some("-20%".into()),
        image: Some("milk.webp".into()),
        colour: "#0a5f8c".into(),
    }
}

fn plain() -> Creative {
    Creative {
        texts: full().texts.split_off(1),
        price: None,
        price_before: None,
        badge: None,
        image: None,
        colour: "#202020".into(),
    }
}

fn show(revision: u64, creative: Creative) -> ScreenCommand {
    ScreenCommand {
        screen: "dairy".parse().expect("a name"),
        revision,
        action: ScreenAction::Show {
            offer: "milk-morning".parse().expect("a name"),
            creative,
            shown_for_ms: 20_000,
            code: None,
        },
    }
}

fn report(revision: u64, status: ScreenStatus) -> ScreenReport {
    ScreenReport {
        screen: "dairy".parse().expect("a name"),
        player: "k7f2".into(),
        revision,
        status,
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn commands_keep_their_bytes_and_read_back() {
    let commands = [
        show(9_007_199_254_740_991, full()),
        show(1, plain()),
        ScreenCommand {
            action: ScreenAction::Clear,
            ..show(2, plain())
        },
    ];
    let golden = lines(include_str!("../golden/screen-command.jsonl"));
    assert_eq!(golden.len(), commands.len());
    for (command, line) in commands.into_iter().zip(golden) {
        assert_eq!(serde_json::to_string(&command).unwrap(), line);
        assert_eq!(
            serde_json::from_str::<ScreenCommand>(line).unwrap(),
            command
        );
    }
}

#[test]
fn reports_keep_their_bytes_and_read_back() {
    let reports = [
        report(0, ScreenStatus::Hello),
        report(7, ScreenStatus::Painted),
        report(7, ScreenStatus::Rejected),
        report(9_007_199_254_740_991, ScreenStatus::Alive),
    ];
    let golden = lines(include_str!("../golden/screen-report.jsonl"));
    assert_eq!(golden.len(), reports.len());
    for (report, line) in reports.into_iter().zip(golden) {
        assert_eq!(serde_json::to_string(&report).unwrap(), line);
        assert_eq!(serde_json::from_str::<ScreenReport>(line).unwrap(), report);
    }
}

#[test]
fn a_report_with_a_word_too_many_or_too_few_is_refused() {
    for line in lines(include_str!("../golden/screen-report.jsonl")) {
        let Value::Object(whole) = serde_json::from_str(line).unwrap() else {
            panic!("a report is an object: {line}");
        };
        let mut more = whole.clone();
        more.insert("customer".into(), Value::Null);
        assert!(serde_json::from_value::<ScreenReport>(more.into()).is_err());
        for key in whole.keys() {
            let mut less = whole.clone();
            less.remove(key);
            assert!(
                serde_json::from_value::<ScreenReport>(less.into()).is_err(),
                "without {key}: {line}"
            );
        }
    }
}
