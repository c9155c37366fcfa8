//! What is heard becomes estimates, and estimates become figures.

use crate::cli::{Desk, tetam, west_then_east};
use serde_json::Value;
use std::fs;

/// `(t_s, zone, event)` of estimates.
fn rows(estimates: &str) -> Vec<(f64, String, String)> {
    let rows = estimates.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 7, "{line}");
        (
            fields[0].parse().unwrap(),
            fields[4].to_owned(),
            fields[6].to_owned(),
        )
    });
    rows.collect()
}

#[test]
fn somebody_who_changes_sides_is_said_to_within_seconds() {
    let desk = Desk::new();
    let estimates = desk.locate(&west_then_east());
    assert!(estimates.starts_with("t_s,tag,x_m,y_m,zone,p_zone,event\n"));
    let rows = rows(&estimates);
    let zone_at = |t_s: f64| &rows.iter().find(|r| r.0 >= t_s).unwrap().1;
    assert_eq!(
        (zone_at(50.0).as_str(), zone_at(80.0).as_str()),
        ("west", "east")
    );
    let entered: Vec<_> = rows.iter().filter(|r| r.2 == "enter").collect();
    assert_eq!(entered.len(), 2, "{entered:?}");
    assert!(rows.iter().any(|r| r.2 == "dwell"));

    let rows = (1..120).map(|s| {
        let (x, zone) = if s < 60 { (2, "west") } else { (10, "east") };
        format!("{s},fob,{x},2,{zone}")
    });
    let truth = rows.collect::<Vec<_>>().join("\n");
    desk.put("t.csv", &format!("t_s,tag,x_m,y_m,zone\n{truth}"));
    let said = desk.run("score --estimates e.csv --truth t.csv --site store.toml --json");
    let card: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(card["moments"], 119);
    assert_eq!(card["changes"]["truly"], 1);
    assert_eq!(card["changes"]["missed"], 0);
    assert!(
        card["zone_accuracy"]["is"].as_f64().unwrap() > 0.85,
        "{card}"
    );
    assert!(
        card["reliability"]["brier"].as_f64().unwrap() < 0.15,
        "{card}"
    );
    let words = desk
        .run("score --estimates e.csv --truth t.csv --site store.toml")
        .out;
    assert!(words.contains("zone right"), "{words}");
}

#[test]
fn an_estimate_uses_nothing_heard_later() {
    let desk = Desk::new();
    let sightings = fs::read_to_string(tetam().join("sightings.csv")).unwrap();
    fs::copy(tetam().join("store.toml"), desk.path("store.toml")).unwrap();
    let until = |t_s: f64| -> String {
        let early = |line: &&str| {
            let t = line.split(',').next().unwrap().parse::<f64>();
            t.is_err() || t.unwrap() <= t_s
        };
        sightings
            .lines()
            .filter(early)
            .flat_map(|l| [l, "\n"])
            .collect()
    };
    let whole = desk.locate(&sightings);
    let whole = rows(&whole);
    for t_s in [12.0, 25.0, 40.0] {
        let part = desk.locate(&until(t_s));
        let part: Vec<_> = rows(&part).into_iter().filter(|r| r.0 <= t_s).collect();
        assert!(!part.is_empty());
        assert_eq!(part, whole[..part.len()], "until {t_s}");
    }
}

#[test]
fn the_order_of_rows_and_the_hour_do_not_matter() {
    let desk = Desk::new();
    let sightings = west_then_east();
    let in_order = desk.locate(&sightings);
    let (header, body) = sightings.split_once('\n').unwrap();
    let mut lines: Vec<&str> = body.lines().collect();
    lines.reverse();
    let reversed = desk.locate(&format!("{header}\n{}\n", lines.join("\n")));
    assert_eq!(in_order, reversed);
    let later = |line: &str| {
        let (t, rest) = line.split_once(',').unwrap();
        format!("{},{rest}", t.parse::<f64>().unwrap() + 1_600_000_000.0)
    };
    let later: Vec<String> = body.lines().map(later).collect();
    let later = rows(&desk.locate(&format!("{header}\n{}\n", later.join("\n"))));
    let said = |rows: Vec<(f64, String, String)>| -> Vec<_> {
        rows.into_iter().map(|r| (r.1, r.2)).collect()
    };
    assert_eq!(said(later), said(rows(&in_order)));
}

#[test]
fn several_tags_are_followed_apart_and_hours_of_silence_cost_nothing() {
    let desk = Desk::new();
    let one = west_then_east();
    let other = one.lines().skip(1).map(|line| {
        let (t, rest) = line.split_once(',').unwrap();
        let rest = rest.replace("fob", "other");
        format!("{},{rest}", t.parse::<f64>().unwrap() + 1e9)
    });
    let other = other.collect::<Vec<_>>().join("\n");
    let estimates = desk.locate(&format!("{one}{other}\n"));
    let tags = |tag: &str| estimates.lines().filter(|l| l.contains(tag)).count();
    assert!(tags(",fob,") >= 120 && tags(",other,") >= 119);
    assert!(estimates.lines().any(|l| l.contains(",fob,,,,,leave")));
}

#[test]
fn a_recorded_walk_is_followed_better_than_by_chance() {
    let desk = Desk::new();
    let tetam = tetam();
    let tetam = tetam.display();
    let said = desk.run(&format!(
        "locate --site {tetam} --sightings {tetam}/sightings.csv --survey {tetam}/survey.csv \
         --out e.csv"
    ));
    assert!(said.fine, "{}", said.err);
    assert!(said.out.contains("survey of 972 means"), "{}", said.out);
    let score = format!("score --estimates e.csv --truth {tetam}/truth.csv --site {tetam} --json");
    let card: Value = serde_json::from_str(&desk.run(&score).out).unwrap();
    let figure = |name: &str| card[name]["is"].as_f64().unwrap();
    // Loose: one walk of 47 s. Guessing the middle of the hall gives 5 m and .08.
    assert!(figure("error_mean_m") < 3.5, "{card}");
    assert!(figure("zone_accuracy") > 0.4, "{card}");
}
