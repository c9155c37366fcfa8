use super::*;
use crate::display::tag::{Memory, Tag};
use std::path::Path;
use tests::displays::access_point::{AccessPoint, Mood};

const MAC: &str = "0000021F12345678";

struct Label {
    bench: Bench<Tag>,
    access_point: AccessPoint,
    dir: tempfile::TempDir,
}

fn mind(dir: &Path) -> Option<Tag> {
    let printer = printer(296, 128)?;
    let house = printer.print(&creative("Chào mừng")).unwrap();
    Some(Tag::new(
        MAC.to_owned(),
        printer,
        house,
        Memory::new(dir, MAC),
    ))
}

/// A tag that was just put up; `None` without a font.
fn fresh() -> Option<Label> {
    let dir = tempfile::tempdir().unwrap();
    let access_point = AccessPoint::start(MAC);
    let client = Client::new(&access_point.address());
    Some(Label {
        bench: Bench::new(mind(dir.path())?, client),
        access_point,
        dir,
    })
}

/// A tag that shows the house picture.
async fn settled() -> Option<Label> {
    let mut label = fresh()?;
    label.bench.pass(20).await;
    label.fetch().await;
    assert_eq!(label.bench.news(), [News::Sent(0)]);
    Some(label)
}

impl Label {
    /// The access point draws, the tag fetches, and its display flickers.
    async fn fetch(&mut self) {
        self.access_point.draw();
        self.access_point.tag_asks(MAC);
        self.bench.pass(60).await;
    }

    fn shows(&self, order: &ScreenCommand) -> bool {
        let ScreenAction::Show { creative, .. } = &order.action else {
            return false;
        };
        let label = printer(296, 128).unwrap().print(creative).unwrap();
        self.access_point.glass(MAC).as_deref() == Some(&label.jpeg[..])
    }
}

#[tokio::test]
async fn a_picture_is_sent_when_taken_and_painted_only_once_the_tag_has_it() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(120).await;
    assert_eq!(label.bench.news(), [News::Sent(5)]);
    label.access_point.draw();
    label.bench.pass(300).await;
    assert_eq!(label.bench.news(), [], "it waits for the tag");
    label.access_point.tag_asks(MAC);
    assert!(label.shows(&show(5)));
    label.bench.pass(12).await;
    assert_eq!(label.bench.news(), [], "the tag still draws");
    label.bench.pass(60).await;
    assert_eq!(label.bench.news(), [News::Painted(5)]);
    assert!(label.bench.lives > 10);
}

#[tokio::test]
async fn when_its_time_is_over_the_house_picture_comes_back_by_itself() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.fetch().await;
    label.bench.pass(1_700).await;
    assert!(label.shows(&show(5)));
    let before = label.access_point.uploads();
    label.bench.pass(120).await;
    label.fetch().await;
    assert_eq!(label.access_point.uploads(), before + 1);
    assert!(!label.shows(&show(5)));
}

#[tokio::test]
async fn a_busy_access_point_is_asked_again_with_growing_patience() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.access_point.is(Mood::Busy);
    label.bench.order(&show(5));
    label.bench.pass(300).await;
    let failures = label
        .bench
        .told
        .iter()
        .filter(|n| **n == News::Failed)
        .count();
    assert!((4..=14).contains(&failures), "{failures}");
    assert_eq!(label.bench.trouble, Some("the access point is busy"));
    assert_eq!(label.bench.news(), []);
    label.access_point.is(Mood::Well);
    label.bench.pass(150).await;
    label.fetch().await;
    assert_eq!(label.bench.news(), [News::Sent(5), News::Painted(5)]);
    assert_eq!(label.bench.trouble, None);
}

#[tokio::test]
async fn an_error_with_status_200_proves_nothing() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.access_point.is(Mood::Lying);
    label.bench.order(&show(5));
    label.bench.pass(200).await;
    label.fetch().await;
    assert_eq!(label.bench.news(), []);
    assert!(label.bench.trouble.unwrap().contains("200"));
}

#[tokio::test]
async fn an_answer_of_nothing_is_believed_only_by_the_record() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.access_point.is(Mood::Terse);
    label.bench.order(&show(5));
    label.bench.pass(2).await;
    assert_eq!(label.bench.news(), []);
    label.bench.pass(10).await;
    assert_eq!(label.bench.news(), [News::Sent(5)]);
}

#[tokio::test]
async fn a_broken_access_point_is_said_and_found_again() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.access_point.is(Mood::Broken);
    let lives = label.bench.lives;
    label.bench.order(&show(5));
    label.bench.pass(600).await;
    assert_eq!(
        label.bench.trouble,
        Some("the access point cannot be reached")
    );
    assert_eq!(label.bench.lives, lives, "nobody vouches for it");
    label.access_point.is(Mood::Well);
    label.bench.pass(150).await;
    label.fetch().await;
    assert_eq!(label.bench.news(), [News::Sent(5), News::Painted(5)]);
}

#[tokio::test]
async fn a_tag_nobody_knows_is_refused_at_once() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.access_point.forget(MAC);
    label.bench.order(&show(5));
    label.bench.pass(5).await;
    assert_eq!(label.bench.news(), [News::Rejected(5)]);
}

#[tokio::test]
async fn nothing_is_uploaded_that_the_tag_shows_also_after_a_restart() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.fetch().await;
    label.bench.order(&show(6));
    label.bench.pass(60).await;
    assert_eq!(label.access_point.uploads(), 2);
    assert!(label.bench.news().ends_with(&[News::Painted(6)]));
    label.bench.order(&clear(7));
    label.bench.pass(10).await;
    label.fetch().await;
    assert_eq!(label.access_point.uploads(), 3);
    let client = Client::new(&label.access_point.address());
    let mut again = Bench::new(mind(label.dir.path()).unwrap(), client);
    again.pass(300).await;
    assert_eq!(label.access_point.uploads(), 3);
    assert!(again.lives >= 10);
}

#[tokio::test]
async fn after_a_restart_an_offer_left_on_the_glass_is_replaced() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.fetch().await;
    assert!(label.shows(&show(5)));
    let client = Client::new(&label.access_point.address());
    label.bench = Bench::new(mind(label.dir.path()).unwrap(), client);
    label.bench.pass(20).await;
    label.fetch().await;
    assert!(!label.shows(&show(5)));
}

#[tokio::test]
async fn a_clear_takes_back_what_waits_for_the_tag() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.access_point.draw();
    assert_eq!(label.access_point.waiting(MAC), 1);
    let cancels = label.access_point.cancels();
    label.bench.order(&clear(6));
    label.bench.pass(1).await;
    assert_eq!(label.access_point.cancels(), cancels + 1);
    assert_eq!(label.access_point.waiting(MAC), 0);
    label.fetch().await;
    assert!(!label.shows(&show(5)));
    label.bench.pass(60).await;
    let news = label.bench.news();
    assert!(news.ends_with(&[News::Painted(6)]), "{news:?}");
    assert!(!news.contains(&News::Painted(5)));
}

#[tokio::test]
async fn a_picture_the_tag_gave_up_on_is_never_painted() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.access_point.draw();
    label.access_point.tag_times_out(MAC);
    label.access_point.tag_asks(MAC);
    label.bench.pass(900).await;
    assert_eq!(label.bench.news(), [News::Sent(5)]);
    // After twenty minutes it is uploaded once more.
    label.bench.pass(400).await;
    label.fetch().await;
    assert_eq!(label.bench.news(), [News::Sent(5), News::Painted(5)]);
}

#[tokio::test]
async fn what_an_access_point_forgot_in_a_restart_is_uploaded_again() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.access_point.draw();
    label.access_point.restart();
    label.bench.pass(60).await;
    label.fetch().await;
    let news = label.bench.news();
    assert!(
        news.ends_with(&[News::Sent(5), News::Painted(5)]),
        "{news:?}"
    );
}

#[tokio::test]
async fn a_glass_that_somebody_else_changed_is_said_and_put_right() {
    let Some(mut label) = settled().await else {
        return;
    };
    label.bench.order(&show(5));
    label.bench.pass(10).await;
    label.fetch().await;
    label.bench.news();
    label
        .access_point
        .stranger_uploads(MAC, b"\xff\xd8\xff\xc0 another");
    label.bench.pass(40).await;
    assert_eq!(label.bench.news()[0], News::Lost);
    label.fetch().await;
    assert!(label.shows(&show(5)));
    label.access_point.tag_restarts(MAC);
    label.bench.pass(40).await;
    assert_eq!(label.bench.news().first(), Some(&News::Sent(5)));
}

#[tokio::test]
async fn words_that_do_not_fit_are_refused() {
    let Some(mut label) = settled().await else {
        return;
    };
    let long = "Mua hai tặng một cho mọi loại trái cây tươi ".repeat(6);
    label.bench.order(&show_words(5, &long));
    label.bench.pass(60).await;
    assert_eq!(label.bench.news(), [News::Rejected(5)]);
    assert!(label.bench.trouble.unwrap().contains("do not fit"));
}
