//! Bugs to order, so that it is known that the checker finds such.

/// A gateway with this bug runs instead of the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Planted {
    /// It says that an entry is on the disk when it has only been handed over.
    EarlyAnswer,
    /// A start overlooks that consents ended: withdrawn, forgotten, in doubt.
    LostEnds,
    /// A start overlooks what was charged to caps and budgets.
    LostCharges,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        faults::{Allowed, Fault},
        run::{Options, recorded::stage, run},
    };

    /// The first seed among these at which something breaks, and which promise does.
    fn found(planted: Option<Planted>, seeds: u64) -> Option<(u64, u8)> {
        let stage = stage();
        let faults = vec![Fault::Crash, Fault::Commit, Fault::Store, Fault::Disk];
        (1..=seeds).find_map(|seed| {
            let options = Options {
                seed,
                shoppers: 60,
                customers: None,
                for_ms: 20 * 60_000,
                faults: Allowed::These(faults.clone()),
                record_every_ms: None,
                planted,
            };
            let outcome = run(&stage, &options, None);
            Some((seed, outcome.violations.first()?.promise))
        })
    }

    #[test]
    fn a_planted_bug_is_found_and_nothing_where_there_is_none() {
        assert_eq!(found(None, 6), None);
        for (planted, promises) in [
            (Planted::EarlyAnswer, 3..=4),
            // The engine holds its own books against each other, too.
            (Planted::LostEnds, 2..=3),
            (Planted::LostCharges, 4..=4),
        ] {
            let found = found(Some(planted), 60).map(|(_, promise)| promise);
            let is_one = found.is_some_and(|promise| promises.contains(&promise));
            assert!(is_one, "{planted:?}: {found:?}");
        }
    }
}
