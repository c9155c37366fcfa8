//! What the outside does wrong, drawn from the seed: each seed has its own
//! subset of faults at its own rates, so that 200 seeds meet combinations
//! nobody thought of. All faults end when the world heals.

use crate::chance::{Chance, Concern};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal;)*) => {
        /// One way in which the outside goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[$doc])* $kind,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// As it is written on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// Messages vanish.
    Drop = "drop";
    /// Messages come twice.
    Duplicate = "duplicate";
    /// Messages come seconds late.
    Delay = "delay";
    /// Messages overtake each other.
    Reorder = "reorder";
    /// The broker restarts; what was on its way is lost.
    Broker = "broker";
    /// The gateway's process dies and starts again from its ledger.
    Crash = "crash";
    /// When it does, the cache of profiles is gone too.
    Store = "store";
    /// The clock jumps.
    Clock = "clock";
    /// Nobody vouches for the clock at a start.
    Unsynced = "unsynced";
    /// Screens go dark and come back.
    Screen = "screen";
    /// Screens refuse pictures.
    Refuse = "refuse";
    /// Messages nobody can read.
    Garbage = "garbage";
    /// Values no such device can mean.
    Implausible = "implausible";
    /// The disk takes seconds.
    Disk = "disk";
    /// The process dies between writing down and being told that it is written.
    Commit = "commit";
    /// The clock leaps by months, and is doubted until it is put right.
    Leap = "leap";
    /// The disk is full for a while, now and then also the room set aside on it.
    Full = "full";
}

/// How often each fault truly struck.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Struck([u64; Fault::ALL.len()]);

impl Struck {
    /// It struck once more.
    pub fn note(&mut self, fault: Fault) {
        self.note_many(fault, 1);
    }

    /// It struck so many times more.
    pub fn note_many(&mut self, fault: Fault, times: u64) {
        self.0[fault as usize] += times;
    }

    /// What struck elsewhere struck here, too.
    pub fn add(&mut self, other: &Self) {
        for fault in Fault::ALL {
            self.note_many(*fault, other.times(*fault));
        }
    }

    /// How often it struck.
    pub fn times(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }
}

/// Which faults a run may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// None.
    None,
    /// A subset drawn from the seed.
    Swarm,
    /// Exactly these.
    These(Vec<Fault>),
}

impl std::str::FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "all" => Ok(Self::Swarm),
            list => list
                .split(',')
                .map(|name| {
                    let known = Fault::ALL.iter().find(|f| f.name() == name.trim());
                    known.copied().ok_or_else(|| {
                        let names: Vec<_> = Fault::ALL.iter().map(|f| f.name()).collect();
                        format!(
                            "no fault is called {name:?}; there are: all, none, {}",
                            names.join(", ")
                        )
                    })
                })
                .collect::<Result<_, _>>()
                .map(Self::These),
        }
    }
}

impl std::fmt::Display for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Swarm => f.write_str("all"),
            Self::These(faults) => {
                let names: Vec<_> = faults.iter().map(|fault| fault.name()).collect();
                f.write_str(&names.join(","))
            }
        }
    }
}

/// The faults of one run with their rates. A probability or, for what happens
/// now and then, a mean time between, ms; zero or `None` for never.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FaultPlan {
    /// Which are on, for the report.
    pub on: Vec<Fault>,
    /// Share of messages that vanish.
    pub drop: f64,
    /// Share of messages that come twice.
    pub duplicate: f64,
    /// Share of messages that are late, and by how much in the mean, ms.
    pub delay: (f64, f64),
    /// Share of messages that wait a little and are overtaken.
    pub reorder: f64,
    /// Between two restarts of the broker.
    pub broker_every_ms: Option<f64>,
    /// Between two crashes of the gateway.
    pub crash_every_ms: Option<f64>,
    /// Share of crashes that take the cache with them.
    pub store_lost: f64,
    /// Between two jumps of the clock.
    pub clock_every_ms: Option<f64>,
    /// Share of starts at which nobody vouches for the clock for a while.
    pub unsynced: f64,
    /// Between two deaths of a screen.
    pub screen_every_ms: Option<f64>,
    /// Share of pictures refused.
    pub refuse: f64,
    /// Between two unreadable messages.
    pub garbage_every_ms: Option<f64>,
    /// Between two impossible values.
    pub implausible_every_ms: Option<f64>,
    /// Share of disk writes that take seconds.
    pub disk: f64,
    /// Share of group commits at which the process dies.
    pub commit: f64,
    /// Between two leaps of the clock.
    pub leap_every_ms: Option<f64>,
    /// Between two times at which the disk is full.
    pub full_every_ms: Option<f64>,
}

impl FaultPlan {
    /// Draws the faults of this seed.
    pub fn draw(seed: u64, allowed: &Allowed) -> Self {
        let mut chance = Chance::new(seed, Concern::FaultPlan);
        let mut plan = Self::default();
        for fault in Fault::ALL {
            // Drawn whether allowed or not: a list that is narrowed while
            // searching keeps the rates of what is left.
            let (wanted, severity) = (chance.happens(0.5), chance.unit());
            let on = match allowed {
                Allowed::None => false,
                Allowed::Swarm => wanted,
                Allowed::These(list) => list.contains(fault),
            };
            if on {
                plan.on.push(*fault);
                plan.set(*fault, severity);
            }
        }
        plan
    }

    fn set(&mut self, fault: Fault, severity: f64) {
        // From mild to severe by a factor, evenly on a logarithmic scale.
        let from = |mild: f64, factor: f64| mild * libm::pow(factor, severity);
        let every = |mild_s: f64| Some(from(mild_s * 1_000.0, 0.1));
        match fault {
            Fault::Drop => self.drop = from(0.002, 100.0),
            Fault::Duplicate => self.duplicate = from(0.002, 100.0),
            Fault::Delay => self.delay = (from(0.005, 40.0), from(500.0, 16.0)),
            Fault::Reorder => self.reorder = from(0.01, 40.0),
            Fault::Broker => self.broker_every_ms = every(600.0),
            Fault::Crash => self.crash_every_ms = every(600.0),
            Fault::Store => self.store_lost = from(0.1, 10.0),
            Fault::Clock => self.clock_every_ms = every(600.0),
            Fault::Unsynced => self.unsynced = from(0.1, 10.0),
            Fault::Screen => self.screen_every_ms = every(300.0),
            Fault::Refuse => self.refuse = from(0.02, 20.0),
            Fault::Garbage => self.garbage_every_ms = every(5.0),
            Fault::Implausible => self.implausible_every_ms = every(10.0),
            Fault::Disk => self.disk = from(0.01, 40.0),
            Fault::Commit => self.commit = from(0.001, 30.0),
            Fault::Leap => self.leap_every_ms = every(600.0),
            Fault::Full => self.full_every_ms = every(600.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_the_rates_the_swarm_had() {
        let swarm = (0..20)
            .map(|seed| FaultPlan::draw(seed, &Allowed::Swarm))
            .find(|plan| plan.drop > 0.0)
            .unwrap();
        let seed = (0..20)
            .find(|seed| FaultPlan::draw(*seed, &Allowed::Swarm) == swarm)
            .unwrap();
        let only = FaultPlan::draw(seed, &Allowed::These(vec![Fault::Drop]));
        assert!((only.drop - swarm.drop).abs() < f64::EPSILON);
        assert_eq!(only.on, [Fault::Drop]);
        assert_eq!(FaultPlan::draw(seed, &Allowed::None), FaultPlan::default());
    }

    #[test]
    fn names_read_back_and_a_wrong_one_lists_the_right_ones() {
        let list: Allowed = "drop, crash".parse().unwrap();
        assert_eq!(list, Allowed::These(vec![Fault::Drop, Fault::Crash]));
        assert_eq!(list.to_string(), "drop,crash");
        let error = "dorp".parse::<Allowed>().unwrap_err();
        assert!(error.contains("duplicate"), "{error}");
    }
}
