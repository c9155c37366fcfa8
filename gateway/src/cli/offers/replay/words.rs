//! A replay in a marketer's words.

use super::{
    report::{Attention, Different, OfferChange, Report, RunReport, ScreenChange, Status},
    vouchers,
};
use engine::replay::{CannotTell, Estimate, WEIGHT_MAX};
use std::fmt::Write as _;

/// Changes below this are told as none, s: one showing of the shortest kind.
const NOTHING_S: f64 = 1.0;

/// Everything.
pub(super) fn of(report: &Report) -> String {
    let mut text = String::new();
    let signals: u64 = report.runs.iter().map(|run| run.signals).sum();
    let decisions: u64 = report.runs.iter().map(|run| run.decisions).sum();
    let _ = writeln!(
        text,
        "{}: {decisions} decisions from {signals} signals, decided again in {:.1} s",
        report.day, report.took_s
    );
    for run in &report.runs {
        tell_run(&mut text, run);
    }
    if let Some(different) = &report.difference {
        tell_difference(&mut text, different);
    }
    text
}

fn tell_run(text: &mut String, run: &RunReport) {
    let began = run.began.as_deref().unwrap_or("an unknown hour");
    let _ = write!(text, "  from {began}: ");
    let _ = match &run.otherwise {
        None => writeln!(
            text,
            "all {} decisions came out as they did live, hash {}",
            run.decisions, run.hash
        ),
        Some(otherwise) if run.taken_out > 0 => writeln!(
            text,
            "{} people have been taken out since, because they took a consent back; from decision \
             {} on it comes out otherwise",
            run.taken_out, otherwise.decision
        ),
        Some(otherwise) => writeln!(
            text,
            "decision {} at {} on {} came out otherwise than live: was the gateway updated since?",
            otherwise.decision,
            otherwise.at.as_deref().unwrap_or("an unknown hour"),
            otherwise.screen.as_ref().map_or("a screen", |s| s.as_str())
        ),
    };
    if let Some(damage) = &run.damage {
        let _ = writeln!(text, "    {damage}");
    } else if !run.ended_in_order {
        let _ = writeln!(
            text,
            "    its end is missing: it is still going on, or the gateway was killed"
        );
    }
}

fn tell_difference(text: &mut String, different: &Different) {
    let _ = writeln!(text, "\nWith the other offers, on the same day:");
    for offer in &different.offers {
        tell_offer(text, offer);
    }
    let moved = |screen: &&ScreenChange| (screen.seconds.1 - screen.seconds.0).abs() >= NOTHING_S;
    for screen in different.screens.iter().filter(moved) {
        let _ = writeln!(
            text,
            "  screen {}: {} with offers, {} with the other ones",
            screen.screen,
            lasting(screen.seconds.0),
            lasting(screen.seconds.1)
        );
    }
    tell_winners(text, &different.offers);
    vouchers::tell(text, &different.vouchers);
    for offer in &different.uncounted {
        let _ = writeln!(
            text,
            "  How many enrolled shoppers {offer} is for was not counted that day: the guard let it \
             pass only where enough people were about."
        );
    }
    match &different.attention {
        Attention::Estimated(estimate) => tell_estimate(text, estimate),
        Attention::CannotTell(why) => {
            let _ = writeln!(text, "\nWhat a showing would have brought: {}", cannot(why));
        }
    }
}

fn tell_offer(text: &mut String, offer: &OfferChange) {
    let status = match offer.status {
        Status::New => " (new)",
        Status::Gone => " (gone)",
        Status::Kept => "",
    };
    let _ = writeln!(
        text,
        "  {}{status}: shown {} times instead of {}, {} on screens instead of {}, seen by {} \
         shoppers instead of {}",
        offer.offer,
        offer.showings.1,
        offer.showings.0,
        lasting(offer.seconds.1),
        lasting(offer.seconds.0),
        offer.people.1,
        offer.people.0
    );
    for ((before, after), what) in [
        (offer.guard_blocks, "stopped by the guard"),
        (
            offer.cap_hits,
            "stopped because everybody had seen it often enough",
        ),
        (offer.budget_ends, "stopped because its budget was used up"),
    ] {
        if before != after {
            let _ = writeln!(text, "    {what} {after} times instead of {before}");
        }
    }
}

fn tell_winners(text: &mut String, offers: &[OfferChange]) {
    let gain = |offer: &OfferChange| offer.person_seconds.1 - offer.person_seconds.0;
    let named = |wins: bool| {
        let of_kind = offers.iter().filter(|offer| {
            let gain = gain(offer);
            gain.abs() >= NOTHING_S && (gain > 0.0) == wins
        });
        let told = of_kind.map(|offer| format!("{} ({})", offer.offer, lasting(gain(offer).abs())));
        told.collect::<Vec<_>>().join(", ")
    };
    let (winners, losers) = (named(true), named(false));
    if winners.is_empty() && losers.is_empty() {
        let _ = writeln!(text, "  Nothing changes.");
        return;
    }
    let or_none = |names: String| {
        if names.is_empty() {
            "none".to_owned()
        } else {
            names
        }
    };
    let _ = writeln!(text, "  Won attention:  {}", or_none(winners));
    let _ = writeln!(text, "  Lost attention: {}", or_none(losers));
}

fn tell_estimate(text: &mut String, told: &Estimate) {
    let _ = writeln!(
        text,
        "\nWhat a showing brought: {:.1} s of attention. With the other offers: {:.1} s, between {:.1} \
         and {:.1} (95 %), from {} draws that are worth {:.0}.",
        told.yesterday, told.snips, told.low, told.high, told.draws, told.effective
    );
    if told.clipped > 0 {
        let _ = writeln!(
            text,
            "{} draws weighed more than {WEIGHT_MAX:.0} and were cut to that.",
            told.clipped
        );
    }
}

fn cannot(why: &CannotTell) -> String {
    match why {
        CannotTell::FewDraws { draws } => {
            format!("cannot tell, there were only {draws} draws that day; rehearse on a longer one")
        }
        CannotTell::NoOverlap { overlap } => format!(
            "cannot tell, only {:.0} % of what the other offers would show was ever shown that day \
             in such moments; put them live on a small share first",
            overlap * 100.0
        ),
        CannotTell::FewEffective { effective } => format!(
            "cannot tell, the draws that are like theirs come to {effective:.0}; let more be \
             explored, or rehearse on a longer day"
        ),
    }
}

/// A time as people say it.
fn lasting(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match (whole / 3_600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        for (seconds, words) in [
            (0.4, "0 s"),
            (59.6, "1 min 0 s"),
            (3_599.0, "59 min 59 s"),
            (7_260.0, "2 h 1 min"),
        ] {
            assert_eq!(lasting(seconds), words);
        }
    }

    #[test]
    fn what_cannot_be_told_says_what_to_do() {
        let words = cannot(&CannotTell::NoOverlap { overlap: 0.31 });
        assert!(words.contains("only 31 %") && words.contains("put them live"));
        assert!(cannot(&CannotTell::FewDraws { draws: 3 }).contains("only 3 draws"));
    }
}
