//! Recordings that come in parts, as published folders do.

use crate::cli::Desk;
use std::fmt::Write as _;

const SENSORS: &str = "mac,sensor,x,y,z\na,west,5,9,2\nb,east,16,9,2\n";

/// A tag that stands at `x` for five seconds.
fn track(name: &str, begin_s: u32, x: u32) -> String {
    let mut rows = String::new();
    for t_s in begin_s..begin_s + 5 {
        writeln!(rows, "{name},{t_s},west,{},{x},9,1", -50 - (x as i32)).unwrap();
        writeln!(rows, "{name},{t_s},east,{},{x},9,1", -70 + (x as i32)).unwrap();
    }
    rows
}

fn tracks(of: &[(&str, u32, u32)]) -> String {
    let each = of
        .iter()
        .map(|(name, begin_s, x)| track(name, *begin_s, *x));
    format!("track,t,sensor,rssi,x,y,z\n{}", each.collect::<String>())
}

fn survey(rssi: i32) -> String {
    format!("set,x,y,z,sensor,rssi,n\ns,5,9,1,west,{rssi},3\n")
}

#[test]
fn every_file_of_walks_goes_with_the_survey_beside_it() {
    let desk = Desk::new();
    desk.put("tetam/sensors.csv", SENSORS);
    desk.put("tetam/dev/fingerprint_hist.csv", &survey(-51));
    desk.put(
        "tetam/dev/tracks.csv",
        &tracks(&[("one", 10, 5), ("two", 30, 16)]),
    );
    // Compressed beside plain is the same file.
    desk.put("tetam/dev/tracks.csv.gz", "no gzip at all");
    desk.put("tetam/held/fingerprint_hist.csv", &survey(-61));
    desk.put("tetam/held/tracks.csv", &tracks(&[("three", 50, 16)]));
    // One walk is known, one has only the name of another; no survey lies beside.
    desk.put(
        "tetam/more/tracks.csv",
        &tracks(&[("one", 10, 5), ("two", 70, 5)]),
    );
    desk.put("tetam/rest/fingerprint_hist.csv", &survey(-71));

    let said = desk.run("convert tetam --from tetam --out out");
    assert!(said.fine, "{}", said.err);
    for told in [
        "more/tracks.csv: \"one\" is in another file, too; it counts once",
        "rest/fingerprint_hist.csv: left out, for no walks lie beside it",
        "out/tetam: 30 sightings, 1 survey rows, 15 true moments",
        "out/tetam-2: 10 sightings, 1 survey rows, 5 true moments",
    ] {
        assert!(said.out.contains(told), "{told:?} in {}", said.out);
    }
    let truth = desk.read("out/tetam/truth.csv");
    for walk in ["one", "two", "two-2"] {
        assert!(truth.contains(&format!(",{walk},")), "{walk:?} in {truth}");
    }
    assert!(desk.read("out/tetam/survey.csv").contains("-51"));
    assert!(desk.read("out/tetam-2/survey.csv").contains("-61"));
}

#[test]
fn walks_of_several_files_survey_each_other() {
    let desk = Desk::new();
    desk.put("flat/anchors.csv", "id,x,y,z\n1,5.5,2.4,2\n2,0.8,6.8,2\n");
    let walk = |path: &str, x: f64| {
        let row = |t_s: u32| format!("{path},{t_s}.0,{x},5.0,-60,{}\n", -50 - (t_s as i32));
        let rows: String = (0..4).map(row).collect();
        format!("path,t,x,y,rssi_1,rssi_2\n{rows}")
    };
    desk.put("flat/dev/fingerprints.csv", &walk("calib1", 1.0));
    desk.put("flat/held/fingerprints.csv", &walk("test1", 4.0));
    let said = desk.run("convert flat --from flat --out out");
    assert!(said.fine, "{}", said.err);
    assert!(
        desk.read("out/flat-test1/survey.csv")
            .contains("1.250,5.250,anchor-1,-60,4")
    );
    assert!(
        desk.read("out/flat-calib1/survey.csv")
            .contains("4.250,5.250,anchor-1,-60,4")
    );
}

#[test]
fn tags_and_places_of_several_files_are_put_together() {
    let desk = Desk::new();
    let tags = |name: &str, zone: &str| {
        let row = |s: u64| format!("{name},{zone},{},-70,-80\n", s * 1_000);
        let rows: String = (0..12).map(row).collect();
        format!("name,locationStatus,timestamp,rssiOne,rssiTwo\n{rows}")
    };
    desk.put("vestibule/a/filtered_rssi.csv", &tags("F1", "INSIDE"));
    desk.put("vestibule/b/filtered_rssi.csv", &tags("F2", "OUTSIDE"));
    desk.put("vestibule/c/filtered_rssi.csv", &tags("F2", "OUTSIDE"));
    let said = desk.run("convert vestibule --from vestibule --out out");
    assert!(
        said.out
            .contains("c/filtered_rssi.csv: \"F2 2\" is in another"),
        "{}",
        said.out
    );
    assert!(
        desk.read("out/vestibule-5s-2/truth.csv")
            .contains("outside")
    );
    assert!(!desk.path("out/vestibule-5s-3").exists());

    let scans = |x: f64, rssi: i32| format!("x,y,r0\n1.0,1.0,-60\n{x},1.0,{rssi}\n");
    desk.put("uji/lib_beacons.csv", "id,x,y\n1,2,2\n");
    desk.put("uji/lib_obstacles.csv", "id,x,y,type\n");
    desk.put("uji/a/lib.csv", &scans(3.0, -65));
    desk.put("uji/b/lib.csv", &scans(3.0, -66));
    let said = desk.run("convert uji --from uji --out out");
    assert!(
        said.out
            .contains("b/lib.csv: 1 places are in another file, too; they count once"),
        "{}",
        said.out
    );
    // Two scans at the place that is not surveyed.
    assert!(
        said.out
            .contains("uji-lib: 2 sightings, 1 survey rows, 2 true moments"),
        "{}",
        said.out
    );
}

#[test]
fn a_place_that_is_none_is_told_with_its_line() {
    let desk = Desk::new();
    desk.put("tetam/sensors.csv", SENSORS);
    let rows = "point,sensor,t,rssi\n5_9_1,west,1,-60\nhere,west,2,-60\n5_9_1,west,3,-60\n";
    desk.put("tetam/stationary_raw_6points.csv", rows);
    let said = desk.run("evaluate --data tetam").err;
    assert!(
        said.contains("stationary_raw_6points.csv:3: \"here\" is no place"),
        "{said}"
    );
}
