use super::{
    Told, asked, get, send,
    shop::{TestShop, busy_live, small_plan},
};
use axum::{body::Body, http::StatusCode};
use std::sync::Arc;

#[tokio::test]
async fn the_process_is_alive_also_when_the_shop_is_not() {
    let shop = TestShop::open();
    shop.hang();
    assert_eq!(get(&shop.router, "/healthz").await.body, "alive\n");
}

#[tokio::test]
async fn ready_means_that_loop_broker_and_store_work() {
    let shop = TestShop::open();
    let got = get(&shop.router, "/readyz").await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.body, r#"{"ready":true,"reasons":[]}"#);

    let mut sick = busy_live();
    sick.health.broker = false;
    sick.health.store = false;
    shop.live.send_replace(Arc::new(sick));
    shop.hang();
    let got = get(&shop.router, "/readyz").await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    let reasons = got.json()["reasons"].clone();
    let expected = [
        "the loop of the shop does not turn",
        "the broker is not connected",
        "the store does not take commits",
    ];
    assert_eq!(reasons, serde_json::json!(expected));
}

#[tokio::test]
async fn a_belief_is_told_of_one_visit_or_of_all() {
    let shop = TestShop::open();
    let square = |people| {
        format!(
            r#"{{"square_m":1.0,"squares":[{{"x_m":2.0,"y_m":3.0,"level":0,"people":{people}}}]}}"#
        )
    };
    assert_eq!(get(&shop.router, "/api/heat").await.body, square("2.5"));
    assert_eq!(
        get(&shop.router, "/api/heat?visit=12").await.body,
        square("1.0")
    );
    for wrong in ["/api/heat?visit=mai", "/api/heat?visitor=1"] {
        assert_eq!(
            get(&shop.router, wrong).await.status,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn a_walk_is_taken_step_by_step() {
    let shop = TestShop::open();
    for (body, status, part) in [
        (r#"{"do":"leg","from":[1,2]}"#, 200, r#""is_walking":true"#),
        (r#"{"do":"end"}"#, 409, "no leg is going on"),
        (r#"{"do":"leg"}"#, 400, "missing field `from`"),
        (r#"{"do":"fly"}"#, 400, "unknown variant `fly`"),
    ] {
        let request = asked("POST", "/api/calibration").header("content-type", "application/json");
        let got = send(&shop.router, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(got.status.as_u16(), status, "{body}: {}", got.body);
        assert!(got.body.contains(part), "{body}: {}", got.body);
    }
    assert_eq!(
        get(&shop.router, "/api/calibration").await.json()["packets"],
        7
    );
    let survey = get(&shop.router, "/api/calibration/survey").await;
    assert_eq!(survey.status, StatusCode::CONFLICT);
    let test = get(&shop.router, "/api/selftest").await.json();
    assert_eq!(test["zones"][0]["zone"], "dairy");
}

#[tokio::test]
async fn metrics_are_text_for_prometheus() {
    let shop = TestShop::open();
    let got = get(&shop.router, "/metrics").await;
    assert!(
        got.header("content-type")
            .starts_with("application/openmetrics-text")
    );
    for line in [
        "aislecast_sightings_total 81234",
        "aislecast_recording_on 1",
        "aislecast_recording_bytes 1600000",
        "aislecast_recording_moments_total 224000",
        "aislecast_recording_failures_total 0",
        "aislecast_uplink_waiting_entries 12",
    ] {
        assert!(got.body.contains(&format!("\n{line}\n")), "{line}");
    }
    assert!(got.body.ends_with("# EOF\n"));
}

#[tokio::test]
async fn the_console_gets_plan_picture_and_problems() {
    let shop = TestShop::open();
    let plan = get(&shop.router, "/api/plan").await.json();
    assert_eq!(plan["screens"][0]["label"], "Dairy aisle");
    assert_eq!(plan["zones"][0]["area"][1]["x"], 4.0);
    assert_eq!(plan["demo"], true);
    let live = get(&shop.router, "/api/live").await.json();
    assert_eq!(live["status"]["visits"][0]["visit"], 12);
    assert_eq!(live["counts"]["sightings"], 81_234);
    assert_eq!(get(&shop.router, "/api/problems").await.body, "[]");
}

#[tokio::test]
async fn the_console_follows_the_shop() {
    let shop = TestShop::open();
    let mut told = Told::open(&shop.router, "/api/live/events").await;
    let first = told.next_named("live").await;
    assert!(first.contains("\"visit\":12"));
    assert_eq!(told.next_named("problems").await, "[]");
    let mut sick = busy_live();
    sick.health.broker = false;
    shop.live.send_replace(Arc::new(sick));
    let problems = told.next_named("problems").await;
    assert!(problems.contains("\"key\":\"broker\""), "{problems}");
    shop.plan.send_replace(Arc::new(small_plan()));
    told.next_named("plan").await;
}

#[tokio::test(start_paused = true)]
async fn a_console_gets_at_most_four_pictures_a_second_however_often_they_change() {
    let shop = TestShop::open();
    let mut told = Told::open(&shop.router, "/api/live/events").await;
    let live = shop.live.clone();
    let storm = tokio::spawn(async move {
        loop {
            live.send_modify(|l| *l = Arc::new((**l).clone()));
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    });
    let begin = tokio::time::Instant::now();
    for _ in 0..9 {
        told.next_named("live").await;
    }
    storm.abort();
    let elapsed = begin.elapsed();
    assert!(elapsed >= std::time::Duration::from_secs(2), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_beats_so_that_pages_notice_a_dead_link() {
    let shop = TestShop::open();
    shop.hang();
    let mut told = Told::open(&shop.router, "/screen/dairy/events").await;
    told.next_named("hello").await;
    assert_eq!(told.next().await.unwrap(), ("beat".into(), "-".into()));
}

#[tokio::test]
async fn pages_are_sent_again_only_when_they_are_others() {
    let shop = TestShop::open();
    for path in [
        "/",
        "/assets/console.js",
        "/api/openapi.json",
        "/screen/dairy",
    ] {
        let first = get(&shop.router, path).await;
        assert_eq!(first.status, StatusCode::OK, "{path}");
        let tag = first.header("etag").to_owned();
        let again = asked("GET", path).header("if-none-match", &tag);
        let got = send(&shop.router, again.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (got.status.as_u16(), got.body.as_str()),
            (304, ""),
            "{path}"
        );
    }
}
