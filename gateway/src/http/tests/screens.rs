use super::{
    Told, get, post,
    shop::{TestShop, screen, small_plan},
};
use crate::http::streams::{CONSOLES_OF_ONE_MAX, SCREENS_MAX, SCREENS_OF_ONE_MAX};
use axum::http::StatusCode;
use engine::plan::{Screen, StorePlan};
use protocol::screen::{ScreenAction, ScreenCommand};
use std::{fs, sync::Arc};

fn clear(id: &str, revision: u64) -> ScreenCommand {
    ScreenCommand {
        screen: screen(id),
        revision,
        action: ScreenAction::Clear,
    }
}

#[tokio::test]
async fn a_screen_hears_hello_and_its_own_commands_only() {
    let shop = TestShop::open();
    let mut told = Told::open(&shop.router, "/screen/dairy/events").await;
    let hello = told.next().await.unwrap();
    assert_eq!(hello.0, "hello");
    assert_eq!(hello.1, r#"{"screen":"dairy","server":"00000000000000aa"}"#);
    shop.commands.send(clear("bakery", 1)).unwrap();
    shop.commands.send(clear("dairy", 2)).unwrap();
    let (event, data) = told.next().await.unwrap();
    assert_eq!(event, "command");
    assert_eq!(data, r#"{"screen":"dairy","revision":2,"action":"clear"}"#);
}

#[tokio::test]
async fn a_screen_that_lags_behind_must_start_over() {
    let shop = TestShop::open();
    let mut told = Told::open(&shop.router, "/screen/dairy/events").await;
    told.next_named("hello").await;
    for revision in 0..1_000 {
        shop.commands.send(clear("dairy", revision)).unwrap();
    }
    assert_eq!(told.next().await, None);
}

#[tokio::test]
async fn streams_end_when_the_gateway_stops() {
    let shop = TestShop::open();
    let mut screen = Told::open(&shop.router, "/screen/dairy/events").await;
    let mut console = Told::open(&shop.router, "/api/live/events").await;
    screen.next_named("hello").await;
    console.next_named("live").await;
    shop.stopper.request();
    while console.next().await.is_some() {}
    assert_eq!(screen.next().await, None);
}

#[tokio::test]
async fn streams_beyond_the_limit_are_told_so_and_nobody_takes_anothers_seat() {
    let shop = TestShop::open();
    let ids: Vec<_> = (0..=SCREENS_MAX / SCREENS_OF_ONE_MAX)
        .map(|n| format!("wall-{n}"))
        .collect();
    let one = small_plan().screens.remove(0);
    let screens = ids.iter().map(|id| Screen {
        id: screen(id),
        ..one.clone()
    });
    shop.plan.send_replace(Arc::new(StorePlan {
        screens: screens.collect(),
        ..small_plan()
    }));
    let (last, others) = ids.split_last().unwrap();
    let mut seated = Vec::new();
    for id in others {
        let path = format!("/screen/{id}/events");
        for _ in 0..SCREENS_OF_ONE_MAX {
            seated.push(Told::open(&shop.router, &path).await);
        }
        let got = get(&shop.router, &path).await;
        assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    let path = format!("/screen/{last}/events");
    let got = get(&shop.router, &path).await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(got.body.contains("192 screens are connected already"));
    let mut consoles = Vec::new();
    for _ in 0..CONSOLES_OF_ONE_MAX {
        consoles.push(Told::open(&shop.router, "/api/live/events").await);
    }
    let got = get(&shop.router, "/api/live/events").await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    let words = "16 consoles of operator's token are connected already; close one";
    assert!(got.body.contains(words), "{}", got.body);
    seated.pop();
    Told::open(&shop.router, &path).await;
    drop((seated, consoles));
    assert_eq!(shop.app.streams.open(), (0, 0));
}

#[tokio::test]
async fn reports_reach_the_loop_and_nonsense_is_counted() {
    let shop = TestShop::open();
    let painted = r#"{"screen":"dairy","player":"p1","revision":7,"status":"painted"}"#;
    let of_another = painted.replace("dairy", "bakery");
    let extra = painted.replace("\"player\"", "\"zone\":1,\"player\"");
    for (path, body, expected, input) in [
        ("/screen/dairy/report", painted, 204, "Painted"),
        (
            "/screen/dairy/report",
            &of_another,
            400,
            "Malformed(ScreenReport)",
        ),
        (
            "/screen/dairy/report",
            &extra,
            400,
            "Malformed(ScreenReport)",
        ),
        ("/screen/dairy/report", "[]", 400, "Malformed(ScreenReport)"),
        (
            "/screen/bakery/report",
            painted,
            404,
            "Malformed(UnknownDevice)",
        ),
        (
            "/screen/D%C3%A0iry/report",
            painted,
            404,
            "Malformed(UnknownDevice)",
        ),
    ] {
        let got = post(&shop.router, path, body.to_owned()).await;
        assert_eq!(got.status.as_u16(), expected, "{path} {body}");
        let last = shop.inputs().await.pop().unwrap();
        assert!(last.contains(input), "{path} {body}: {last}");
    }
}

#[tokio::test]
async fn an_unknown_screen_gets_a_page_that_lists_those_there_are() {
    let shop = TestShop::open();
    let page = get(&shop.router, "/screen/dairy").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("/assets/player.js"));
    for path in ["/screen/dariy", "/screen/%2e%2e", "/screen/%3Cscript%3E"] {
        let page = get(&shop.router, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.body
                .contains("<a href=\"/screen/dairy\">Dairy aisle</a>")
        );
        assert!(!page.body.contains("<script"), "{path}");
    }
}

#[tokio::test]
async fn a_screen_is_told_its_house_loop() {
    let shop = TestShop::open();
    let house = get(&shop.router, "/screen/dairy/house").await.json();
    assert_eq!(house["label"], "Dairy aisle");
    assert_eq!(house["creatives"][0]["texts"][0]["language"], "vi");
    let got = get(&shop.router, "/screen/other/house").await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pictures_come_from_their_folder_only_and_cannot_run_scripts() {
    let shop = TestShop::open();
    let folder = shop.creatives.path();
    fs::write(
        folder.join("milk.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    .unwrap();
    fs::write(folder.join("notes.txt"), "secret").unwrap();
    fs::create_dir(folder.join("folder.png")).unwrap();
    fs::write(folder.parent().unwrap().join("outside-of-it.svg"), "secret").unwrap();
    let got = get(&shop.router, "/creatives/milk.svg").await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.header("content-type"), "image/svg+xml");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    let policy = got.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';") && policy.contains("sandbox"));
    for path in [
        "/creatives/other.svg",
        "/creatives/notes.txt",
        "/creatives/folder.png",
        "/creatives/..%2foutside-of-it.svg",
        "/creatives/../outside-of-it.svg",
        "/creatives/%2e%2e%2foutside-of-it.svg",
        "/creatives/..%5coutside-of-it.svg",
        "/creatives/%2fetc%2fpasswd",
        "/creatives/milk.svg%00.png",
        "/creatives/",
    ] {
        let got = get(&shop.router, path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!got.body.contains("secret"), "{path}");
    }
    fs::remove_file(folder.parent().unwrap().join("outside-of-it.svg")).unwrap();
}

#[tokio::test]
async fn the_demo_has_its_pictures_without_any_folder() {
    let shop = TestShop::open();
    let plan = config::demo().plan;
    let mut named = plan
        .house_loop
        .iter()
        .chain(plan.offers.iter().map(|o| &o.creative));
    let name = named.find_map(|c| c.image.clone()).unwrap();
    let got = get(&shop.router, &format!("/creatives/{name}")).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.body.contains("<svg"));
}
