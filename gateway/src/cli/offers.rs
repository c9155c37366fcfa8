//! `aislecast offers`: the marketer's desk on the command line.

mod check;
mod explain;
mod keys;
mod new;
mod pause;
mod preview;
mod push;
mod replay;
mod results;
mod source;
mod template;

use super::Failure;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Offers {
    /// Begin an offer from a template; the result passes `check`.
    New(new::New),
    /// Say what is wrong with offers: each by itself, its tests, and what they
    /// do to each other.
    Check(check::Check),
    /// Paint offers as screens would, as HTML and PNG.
    Preview(preview::Preview),
    /// Say why a screen shows what it shows, offer by offer.
    Explain(explain::Explain),
    /// Say why an offer is not shown, screen by screen.
    WhyNot(explain::WhyNot),
    /// Say what a folder or bundle would change in a running shop.
    Plan(push::Plan),
    /// Put a folder or bundle into force in a running shop.
    Apply(push::Apply),
    /// Go back to an earlier version; 0 is the shop's own folder.
    Rollback(push::Rollback),
    /// Say what was in force when.
    History(push::History),
    /// Decide a recorded day again: with the same offers as a check, with
    /// others to see what would have come of them.
    Replay(replay::Replay),
    /// Say what offers brought, against those whom chance kept from them.
    Results(results::Results),
    /// Let an offer loose again that its ramp's guard took back.
    LetLoose(results::LetLoose),
    /// Keep an offer, a campaign or all offers from every screen.
    Pause(pause::Pause),
    /// Let them go on.
    Resume(pause::Resume),
    /// The house loop on every screen, now; or its end.
    SafeNow(pause::SafeNow),
    /// Make a key to sign bundles with.
    Keygen(keys::Keygen),
    /// Put a folder of offers into one signed file.
    Pack(keys::Pack),
    /// Sign a bundle as an operator who has read it.
    Countersign(keys::Countersign),
}

impl Offers {
    pub(super) fn perform(self) -> Result<(), Failure> {
        match self {
            Self::New(new) => new.perform(),
            Self::Check(check) => check.perform(),
            Self::Preview(preview) => preview.perform(),
            Self::Explain(explain) => explain.perform(),
            Self::WhyNot(why) => why.perform(),
            Self::Plan(plan) => plan.perform(),
            Self::Apply(apply) => apply.perform(),
            Self::Rollback(rollback) => rollback.perform(),
            Self::History(history) => history.perform(),
            Self::Replay(replay) => replay.perform(),
            Self::Results(results) => results.perform(),
            Self::LetLoose(loose) => loose.perform(),
            Self::Pause(pause) => pause.perform(),
            Self::Resume(resume) => resume.perform(),
            Self::SafeNow(safe) => safe.perform(),
            Self::Keygen(keygen) => keygen.perform(),
            Self::Pack(pack) => pack.perform(),
            Self::Countersign(countersign) => countersign.perform(),
        }
    }
}
