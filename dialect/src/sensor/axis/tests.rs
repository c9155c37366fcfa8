use super::*;
use crate::testing::check;

fn reads(data: &str, expected: &[&str]) {
    let payload = format!(
        r#"{{"topic":"axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario2","timestamp":1700000000000,"serial":"B8A44F941234","message":{{"source":{{}},"key":{{}},"data":{data}}}}}"#
    );
    let from = "from - B8A44F941234 at 1700000000000";
    let expected: Vec<_> = std::iter::once(from)
        .chain(expected.iter().copied())
        .collect();
    check(
        data,
        |sink| read("axis/x/event/y", payload.as_bytes(), sink),
        &expected,
    );
}

#[test]
fn people_are_counted_apart_from_vehicles() {
    for (data, expected) in [
        (
            r#"{"scenario":"Crossline","reason":"human","total":"48","totalHuman":"41","totalCar":"4","totalBike":"3"}"#,
            &[
                "reason=human",
                "passages.2 41",
                "objects.2 48",
                "vehicles.2 7",
            ][..],
        ),
        // AxisCommunications/tutorial-axis-object-analytics-to-grafana, issue 2.
        (
            r#"{"startTime":"2022-12-06T22:01:25Z","reason":"car","total":"20960","totalBus":"0","totalCar":"18103","totalHuman":"0","totalMotorcycle/bicycle":"0","totalTruck":"2857","totalUnknown":"0"}"#,
            &[
                "reason=car",
                "counting_since=2022-12-06T22:01:25Z",
                "passages.2 0",
                "objects.2 20960",
                "vehicles.2 20960",
            ],
        ),
        // Nobody has crossed yet: absent, and the total is all vehicles.
        (
            r#"{"total":"4","totalCar":"4"}"#,
            &["objects.2 4", "vehicles.2 4"],
        ),
        (r#"{"total":5}"#, &["passages.2 5", "objects.2 5"]),
        (
            r#"{"scenario":"Occupancy","total":"3","human":"2","car":"1"}"#,
            &["occupants.2 2", "objects.2 3"],
        ),
        (r#"{"active":"0"}"#, &["motion.2 false"]),
        (
            r#"{"in":"12","out":"9"}"#,
            &["passages_in.2 12", "passages_out.2 9"],
        ),
    ] {
        reads(data, expected);
    }
}

#[test]
fn the_camera_may_be_named_by_the_topic_alone() {
    check(
        "no serial",
        |sink| {
            let topic = "shop/axis/B8A44F941234/event/tns:axis/x/Device1Scenario1";
            read(topic, br#"{"message":{"data":{"total":"1"}}}"#, sink)
        },
        &["from - B8A44F941234", "passages.1 1", "objects.1 1"],
    );
    assert!(read("x", br#"{"serial":"y"}"#, &mut |_| {}).is_err());
}
