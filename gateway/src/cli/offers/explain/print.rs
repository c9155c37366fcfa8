//! What is told, for people.

use serde_json::Value;

/// The whole waterfall of one screen.
pub(super) fn of_screen(told: &Value) {
    println!("{}: {}", word(told, "screen"), word(told, "why"));
    say_about(told);
    for offer in told["offers"].as_array().into_iter().flatten() {
        let mark = if offer["chosen"] == true { "*" } else { " " };
        let score = offer["score"]["total"].as_f64();
        let score = score.map_or_else(|| "   -".to_owned(), |score| format!("{score:4.0}"));
        println!(
            "{mark} {score} {:32} {}{}",
            word(offer, "offer"),
            word(offer, "words"),
            needed(offer)
        );
    }
}

/// One offer, screen by screen.
pub(super) fn of_offer(told: &Value) {
    println!(
        "{} (\u{201c}{}\u{201d})",
        word(told, "offer"),
        word(told, "title")
    );
    say_about(told);
    for screen in told["screens"].as_array().into_iter().flatten() {
        let (name, words) = (word(screen, "screen"), word(screen, "words"));
        println!("  {name:24} {words}{}", needed(screen));
    }
}

/// When it was, and what is not as it is in the shop.
fn say_about(told: &Value) {
    if let Some(decided) = told["decided"].as_str() {
        println!("decided: {decided}");
    }
    if let Some(doubt) = told["doubt"].as_str() {
        println!("doubt: {doubt}");
    }
    if let Some(assumed) = told["assumed"].as_str() {
        println!("assumed: {assumed}");
    }
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("?")
}

/// What would have to change, after the words that say what is wrong.
fn needed(told: &Value) -> String {
    let words = told["needed"]["words"].as_str();
    words.map_or_else(String::new, |words| format!("; needed: {words}"))
}
