//! Files as they come: empty, torn, from another shop.

use crate::cli::{Desk, west_then_east};

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let desk = Desk::new();
    for (sightings, told) in [
        ("", "s.csv: the file is empty"),
        ("t_s,scanner,rssi_dbm\n", "s.csv:1: there is no column tag"),
        (
            "t_s,scanner,tag,rssi_dbm\n1,s-west,a,-60\n2,s-west,a,loud\n",
            "s.csv:3: rssi_dbm is \"loud\", not a number",
        ),
        (
            "t_s,scanner,tag,rssi_dbm\n,s-west,a,-60\n",
            "s.csv:2: t_s is missing",
        ),
        (
            "t_s,scanner,tag,rssi_dbm\n1,s-west,a\n",
            "s.csv:2: the row ends before rssi_dbm",
        ),
    ] {
        desk.put("s.csv", sightings);
        let said = desk.run("locate --site store.toml --sightings s.csv --out e.csv");
        assert!(!said.fine, "{sightings}");
        assert!(said.err.contains(told), "{}", said.err);
    }
}

#[test]
fn what_can_be_read_but_not_used_is_counted() {
    let desk = Desk::new();
    let odd = "\
        5,s-attic,fob,-60\n\
        NaN,s-west,fob,-60\n\
        6,s-west,fob,NaN\n\
        6,s-west,fob,100\n";
    desk.put("s.csv", &format!("{}{odd}", west_then_east()));
    let said = desk.run("locate --site store.toml --sightings s.csv --out e.csv");
    assert!(said.fine, "{}", said.err);
    for fact in [
        "1 rows by scanners that are not in store.toml: s-attic (1)",
        "1 rows whose time is no time",
        "2 sightings no receiver can mean",
        "rows out of order",
    ] {
        assert!(said.out.contains(fact), "{fact}:\n{}", said.out);
    }
    let clean = Desk::new();
    assert_eq!(desk.read("e.csv"), clean.locate(&west_then_east()));
}

#[test]
fn a_file_with_a_header_only_gives_a_file_with_a_header_only() {
    let desk = Desk::new();
    let estimates = desk.locate("t_s,scanner,tag,rssi_dbm\n");
    assert_eq!(estimates, "t_s,tag,x_m,y_m,zone,p_zone,event\n");
}

#[test]
fn columns_may_stand_in_any_order_and_among_others() {
    let desk = Desk::new();
    let plain = desk.locate(&west_then_east());
    let rows = west_then_east();
    let turned = rows.lines().map(|line| {
        let f: Vec<&str> = line.split(',').collect();
        format!("{},note,{},{},{}\r\n", f[3], f[2], f[1], f[0])
    });
    let turned: String = turned.collect();
    assert_eq!(desk.locate(&format!("\u{feff}{turned}")), plain);
}

#[test]
fn a_truth_or_a_site_that_is_wrong_says_what_to_do() {
    let desk = Desk::new();
    desk.locate(&west_then_east());
    let score = "score --estimates e.csv --truth t.csv --site store.toml";
    desk.put("t.csv", "t_s,tag,x_m,y_m,zone\n1,fob,2,2,cellar\n");
    let said = desk.run(score).err;
    assert!(said.contains("t.csv:2"), "{said}");
    assert!(
        said.contains("no zone \"cellar\"") && said.contains("west, east"),
        "{said}"
    );
    desk.put("t.csv", "t_s,tag,x_m,y_m,zone\n");
    assert!(desk.run(score).err.contains("there is no true moment"));
    desk.put("store.toml", "[store]\nid = \"x\"\n");
    let said = desk.run(score).err;
    assert!(said.contains("missing key \"floor\""), "{said}");
}

#[test]
fn a_folder_without_recordings_leaves_only_the_simulated_scenario() {
    let desk = Desk::new();
    let said = desk.run("evaluate --data .");
    assert!(said.fine, "{}", said.err);
    assert!(
        said.out.contains("4 nodes, living-to-bedroom"),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("not in the folder: tetam, flat, vestibule, uji"),
        "{}",
        said.out
    );
    let said = desk.run("convert tetam --from . --out converted");
    assert!(
        said.err.contains("this recording's files are not in there"),
        "{}",
        said.err
    );
}
