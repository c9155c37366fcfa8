use super::*;
use crate::display::{address::Address, anthias::Anthias};
use serde_json::json;
use std::sync::{Arc, Mutex};
use tests::displays::player::Player;

const PAGE: &str = "http://10.0.0.2:8080/screen/till";

struct Screen {
    bench: Bench<Anthias>,
    player: Player,
    page: Arc<Mutex<String>>,
}

fn with(player: Player, login: Option<(&str, &str)>) -> Screen {
    let mut client = Client::new(&player.address());
    if let Some((user, password)) = login {
        client = client.with_login(user, password);
    }
    let page = Arc::new(Mutex::new(PAGE.to_owned()));
    let told = page.clone();
    let address = Address::by(move || told.lock().unwrap().clone());
    let mind = Anthias::new("aislecast till".to_owned(), address);
    Screen {
        bench: Bench::new(mind, client),
        player,
        page,
    }
}

/// A player that knows our page and shows its own playlist.
async fn settled() -> Screen {
    let mut screen = with(Player::start(), None);
    screen.bench.pass(30).await;
    let known = screen.player.with_uri(PAGE);
    assert_eq!(
        (known.len(), known[0]["is_enabled"].clone()),
        (1, json!(false))
    );
    assert!(screen.bench.lives >= 2);
    screen.bench.news();
    screen
}

#[tokio::test]
async fn a_page_whose_key_was_taken_back_makes_way_for_one_with_the_new_key() {
    let mut screen = settled().await;
    let renewed = format!("{PAGE}?key=new");
    screen.page.lock().unwrap().clone_from(&renewed);
    screen.bench.order(&show(5));
    screen.bench.pass(60).await;
    assert_eq!(screen.player.current_uri(), Some(renewed.clone()));
    screen.bench.order(&clear(6));
    screen.bench.pass(30).await;
    assert_eq!(screen.player.with_uri(&renewed).len(), 1);
    let all = screen.player.with_uri(PAGE).len();
    assert_eq!(
        all, 1,
        "the page of before is gone: with_uri knows beginnings"
    );
}

#[tokio::test]
async fn an_offer_brings_our_page_up_and_proves_nothing() {
    let mut screen = settled().await;
    screen.bench.order(&show(5));
    screen.bench.pass(60).await;
    assert_eq!(screen.player.current_uri().as_deref(), Some(PAGE));
    assert_eq!(screen.bench.news(), [News::Sent(5)]);
    let lives = screen.bench.lives;
    screen.bench.pass(60).await;
    assert_eq!(screen.bench.lives, lives, "the page speaks for itself");
}

#[tokio::test]
async fn a_clear_takes_our_page_off_and_is_confirmed_when_it_is_gone() {
    let mut screen = settled().await;
    screen.bench.order(&show(5));
    screen.bench.pass(10).await;
    screen.bench.order(&clear(6));
    screen.bench.pass(3).await;
    assert_ne!(screen.player.current_uri().as_deref(), Some(PAGE));
    assert_eq!(screen.bench.news(), [News::Sent(5), News::Painted(6)]);
    screen.bench.order(&clear(6));
    assert_eq!(
        screen.bench.news(),
        [News::Painted(6)],
        "said again when asked again"
    );
}

#[tokio::test]
async fn when_its_time_is_over_the_playlist_goes_on() {
    let mut screen = settled().await;
    screen.bench.order(&show(5));
    screen.bench.pass(1_825).await;
    assert_eq!(screen.player.current_uri().as_deref(), Some(PAGE));
    screen.bench.pass(20).await;
    assert_ne!(screen.player.current_uri().as_deref(), Some(PAGE));
    assert_eq!(screen.player.with_uri(PAGE)[0]["is_enabled"], json!(false));
}

#[tokio::test]
async fn a_player_that_leaves_our_page_is_noticed_and_brought_back() {
    let mut screen = settled().await;
    screen.bench.order(&show(5));
    screen.bench.pass(10).await;
    screen.bench.news();
    screen.player.goes_on();
    screen.bench.pass(12).await;
    assert_eq!(screen.bench.news().first(), Some(&News::Lost));
    screen.bench.pass(10).await;
    assert_eq!(screen.player.current_uri().as_deref(), Some(PAGE));
}

#[tokio::test]
async fn copies_of_our_page_are_removed_and_a_lost_one_is_made_again() {
    let mut screen = settled().await;
    screen.player.copies(PAGE);
    screen.player.copies(PAGE);
    screen.bench.pass(30).await;
    assert_eq!(screen.player.with_uri(PAGE).len(), 1);
    screen.player.loses_assets();
    screen.bench.order(&show(5));
    screen.bench.pass(10).await;
    assert_eq!(screen.player.current_uri().as_deref(), Some(PAGE));
    assert_eq!(screen.bench.news(), [News::Sent(5)]);
}

#[tokio::test]
async fn a_page_left_up_by_an_earlier_life_is_taken_off() {
    let player = Player::start();
    player.copies(PAGE);
    let mut screen = with(player, None);
    screen.bench.pass(30).await;
    assert_eq!(screen.player.with_uri(PAGE)[0]["is_enabled"], json!(false));
}

#[tokio::test]
async fn a_wrong_password_is_said_and_the_right_one_is_taken() {
    for (password, works) in [
        (None, false),
        (Some("wrong"), false),
        (Some("secret"), true),
    ] {
        let player = Player::start();
        // printf 'me:secret' | base64
        player.asks_for("bWU6c2VjcmV0");
        let mut screen = with(player, password.map(|p| ("me", p)));
        screen.bench.pass(20).await;
        assert_eq!(screen.bench.lives > 0, works, "{password:?}");
        let trouble = screen.bench.trouble.unwrap_or_default();
        assert_eq!(trouble.contains("password"), !works, "{trouble}");
    }
}

#[tokio::test]
async fn a_display_that_is_switched_off_is_dark() {
    let mut screen = settled().await;
    screen.player.power_is(&json!("off"));
    screen.bench.pass(90).await;
    assert!(matches!(screen.bench.news()[..], [News::Dark(Some(_))]));
    screen.player.power_is(&json!("on"));
    screen.bench.pass(90).await;
    assert_eq!(screen.bench.news().last(), Some(&News::Dark(None)));
}

#[tokio::test]
async fn a_failing_player_is_asked_seldom_and_found_again() {
    let mut screen = settled().await;
    screen.player.fails(true);
    let asked = screen.player.log().len();
    screen.bench.order(&show(5));
    screen.bench.pass(600).await;
    let asked = screen.player.log().len() - asked;
    assert!((5..=20).contains(&asked), "{asked}");
    assert_eq!(screen.bench.trouble, Some("the player failed"));
    assert_eq!(screen.bench.news(), []);
    screen.player.fails(false);
    screen.bench.pass(150).await;
    assert_eq!(screen.bench.news(), [News::Sent(5)]);
}
