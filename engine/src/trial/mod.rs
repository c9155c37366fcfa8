//! Whether an offer does what it is for, and no harm: who is assigned to what,
//! what came of it, and how far it is let loose.
//!
//! `docs/lift.md` says how an effect is worked out and what it cannot tell.

mod assign;
mod gate;
mod incidents;
mod lift;
mod ramp;
mod rehearsal;
pub mod stats;
mod steps;
mod tally;
mod trials;
mod watch;

pub use assign::{BLOCK_MS, BUCKETS, Unit, arm_of, block_at, bucket_of, is_on, let_in};
pub use gate::{admits, admits_block, cell_of, is_reverted, is_switched_on};
pub use lift::{Comparison, Lift, RampStatus, ScreenLift, Verdict};
pub use ramp::{Incident, RampMove, RampState};
pub use rehearsal::TrialSituation;
pub(crate) use rehearsal::is_assigned;
pub use tally::{Bought, Bucket, Cell, MAX_MARKS, Mark, Paired, Pairs, Reach, TrialTally};
pub use trials::Trials;
pub use watch::{BLAMED_FOR_MS, Watch, washout_ms};
