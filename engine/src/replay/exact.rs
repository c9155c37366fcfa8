//! The same plan and the same events: every decision must be the same, bit
//! for bit.

use super::cast::{Cast, beginning, plan_of};
use crate::{
    Effects, Engine,
    decide::Decision,
    money::Money,
    plan::{ScreenIx, StorePlan},
    recording::{Body, Chain, Image, Moment, Signal, Slot, Taken, Unreadable},
    time::Now,
};

/// A decision came out otherwise than it did live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Otherwise {
    /// Which decision of the run, from 1.
    pub decision: u64,
    /// When, by both clocks.
    pub now: Now,
    /// For which screen; unknown when there were more or fewer decisions.
    pub screen: Option<ScreenIx>,
}

/// One run being decided again.
#[derive(Debug)]
pub struct Replay {
    engine: Engine,
    cast: Cast,
    otherwise: Option<Otherwise>,
    ended: Option<(u64, u64)>,
    signals: u64,
}

impl Replay {
    /// From the first moment of a run.
    pub fn begin(first: &Moment) -> Result<Self, Unreadable> {
        let begin = beginning(first)?;
        let mut engine = Image::read(&begin.image)?.restore(plan_of(&begin.plan)?)?;
        engine.chain = Some(Chain::default());
        Ok(Self {
            engine,
            cast: Cast::begin(begin),
            otherwise: None,
            ended: None,
            signals: 0,
        })
    }

    /// Takes the next moment in. Appends what the engine asks for.
    pub fn take(&mut self, moment: &Moment, effects: &mut Effects) -> Result<(), Unreadable> {
        match &moment.taken {
            Taken::Signal(slot, signal) => self.signal(moment.now, *slot, signal, effects),
            Taken::Step(marks) => {
                self.step(moment.now, marks, effects);
                Ok(())
            }
            Taken::Body(body) => self.body(moment.now, body, effects),
        }
    }

    /// The first decision that came out otherwise, if one did.
    pub const fn otherwise(&self) -> Option<Otherwise> {
        self.otherwise
    }

    /// Whether the run ended in order; if not, the gateway was killed, or the
    /// end of the recording is lost.
    pub const fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Decisions, and the hash over all of them.
    pub fn chain(&self) -> &Chain {
        self.engine.chain().expect("a replay keeps one")
    }

    /// Signals taken in.
    pub const fn signals(&self) -> u64 {
        self.signals
    }

    /// The plan in force.
    pub fn plan(&self) -> &StorePlan {
        &self.engine.plan
    }

    /// Vouchers and their sums.
    pub fn money(&self) -> &Money {
        self.engine.tallies.money()
    }

    /// The newest decision of each screen that was acted on, in the order of
    /// the plan; none before the first of this run.
    pub fn decisions(&self) -> &[Option<Decision>] {
        self.engine.decisions()
    }

    fn signal(
        &mut self,
        now: Now,
        slot: Slot,
        signal: &Signal,
        effects: &mut Effects,
    ) -> Result<(), Unreadable> {
        self.signals += 1;
        self.cast
            .signal(&mut self.engine, now, (slot, signal), effects)
    }

    fn step(&mut self, now: Now, marks: &[u16], effects: &mut Effects) {
        let before = self.chain().decisions;
        self.engine.step(now, effects);
        let chain = self.engine.chain.as_mut().expect("a replay keeps one");
        let found = chain.take_marks();
        let is_same = found.iter().map(|(_, mark)| mark).eq(marks);
        if self.otherwise.is_some() || is_same {
            return;
        }
        let pairs = found.iter().zip(marks);
        let same = pairs.take_while(|((_, mark), live)| mark == *live).count();
        self.otherwise = Some(Otherwise {
            decision: before + same as u64 + 1,
            now,
            screen: found.get(same).map(|(screen, _)| *screen),
        });
    }

    fn body(&mut self, now: Now, body: &Body, effects: &mut Effects) -> Result<(), Unreadable> {
        if let Body::End { chain, decisions } = body {
            self.ended = Some((*chain, *decisions));
            self.compare_end(now);
            return Ok(());
        }
        self.cast.take(&mut self.engine, now, body, effects)
    }

    fn compare_end(&mut self, now: Now) {
        let chain = self.chain();
        let same = self.ended == Some((chain.value, chain.decisions));
        if !same && self.otherwise.is_none() {
            self.otherwise = Some(Otherwise {
                decision: chain.decisions,
                now,
                screen: None,
            });
        }
    }
}
