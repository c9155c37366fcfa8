//! What breaks a shop's gateway from outside, each with its figure: `cargo suite
//! faults`, and with more of each by `--long`.
//!
//! Ignored elsewhere: minutes of real time pass, and some of it needs root.
#![expect(clippy::print_stderr, reason = "every fault says its figure")]

mod clock;
mod damage;
mod drain;
mod full;
mod kill;
mod line;
mod power;
mod radio;
mod readers;
mod silence;
mod soak;
mod strangers;
mod uplink;
mod withdrawal;

/// The one of these, in order, that so many percent of them do not exceed.
fn share<T: Copy>(ordered: &[T], percent: usize) -> T {
    let rank = (ordered.len() * percent).div_ceil(100);
    ordered[rank.max(1) - 1]
}

/// How often, by the environment if it says so.
fn times(variable: &str, usually: usize) -> usize {
    let wanted = std::env::var(variable).ok();
    let wanted = wanted.map(|text| {
        let number = text.parse();
        number.unwrap_or_else(|_| panic!("{variable} is a number, and not {text:?}"))
    });
    wanted.unwrap_or(usually)
}
