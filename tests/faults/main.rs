//! What breaks a shop's gateway from outside, each with its figure: `cargo suite
//! faults`, and with more of each by `--long`.
//!
//! Ignored elsewhere: minutes of real time pass, and some of it needs root.
mod damage;
mod full;
mod line;
mod power;
mod uplink;

/// How often, by the environment if it says so.
fn times(variable: &str, usually: usize) -> usize {
    let wanted = std::env::var(variable).ok();
    let wanted = wanted.map(|text| {
        let number = text.parse();
        number.unwrap_or_else(|_| panic!("{variable} is a number, and not {text:?}"))
    });
    wanted.unwrap_or(usually)
}
