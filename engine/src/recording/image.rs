//! The engine's state at the beginning of a run: what a decision may depend on
//! and the plan does not say. Who is in it agreed to be followed.

use super::Unreadable;
use crate::{
    Engine, Foul, Seed,
    commits::Commits,
    consent::Consents,
    context::Context,
    decide::{Guarding, Learned, RuleBook, Settle, Traits},
    deliver::{Deliver, ScreenState},
    effect::{Arm, LedgerEntry},
    identity::Identity,
    ingest::Ingest,
    measure::{Arms, Tallies},
    plan::{OfferIx, StorePlan},
    presence,
    shopper::{Consent, Purposes, ShopperId},
    time::{Mono, Now},
    trial::Watch,
    view::Counts,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What is known of a shopper's consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Version of the newest record.
    pub version: u64,
    /// What holds.
    pub consent: Consent,
    /// Taken back since that version was announced.
    pub withdrawn: Purposes,
}

/// The engine's state.
#[derive(Debug, Serialize, Deserialize)]
pub struct Image {
    seed: Seed,
    started: Mono,
    /// Of everybody named below.
    pub(super) standings: BTreeMap<ShopperId, Standing>,
    presence: presence::Image,
    traits: BTreeMap<ShopperId, Traits>,
    context: Context,
    census: Vec<u32>,
    settle: Vec<Settle>,
    screens: (Vec<ScreenState>, u32, u64),
    tallies: Tallies,
    arms: Vec<(Mono, ShopperId, OfferIx, Option<Arm>)>,
    commits: Commits,
    learned: Learned,
    watch: Watch,
}

impl Image {
    /// Of an engine at this moment.
    pub fn of(engine: &Engine, now: Now) -> Self {
        let fields = (
            (engine.seed, engine.started),
            BTreeMap::<ShopperId, Standing>::new(),
            engine.presence.image(),
            &engine.traits,
            (&engine.context, &engine.census, &engine.settle),
            engine.deliver.image(),
            &engine.tallies,
            engine.arms.image(),
            &engine.commits,
            &engine.learned,
            &engine.watch,
        );
        let bytes = postcard::to_stdvec(&fields).expect("an engine can be encoded");
        let mut image = Self::read(&bytes).expect("what was just written can be read");
        let agreed = |shopper| engine.consents.permit_to_follow(shopper, now).is_some();
        image.retain(&agreed);
        let named = image.named().into_iter();
        image.standings = named
            .filter_map(|shopper| Some((shopper, engine.consents.standing(shopper)?)))
            .collect();
        image
    }

    /// From bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        postcard::from_bytes(bytes).map_err(|_| Unreadable::Damaged)
    }

    /// As bytes.
    pub fn bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("an image can be encoded")
    }

    /// Keeps nobody else, wherever they are named.
    pub fn retain(&mut self, keep: &dyn Fn(ShopperId) -> bool) {
        self.standings.retain(|shopper, _| keep(*shopper));
        self.presence.retain(keep);
        self.traits.retain(|shopper, _| keep(*shopper));
        for screen in &mut self.screens.0 {
            screen.retain(keep);
        }
        self.arms.retain(|(_, shopper, ..)| keep(*shopper));
        self.commits.retain(keep);
        self.watch.retain(keep);
        for shopper in self.tallies.charged() {
            if !keep(shopper) {
                let version = 0;
                self.tallies
                    .apply(&LedgerEntry::Forgotten { shopper, version });
            }
        }
    }

    /// Everybody it names.
    fn named(&self) -> BTreeSet<ShopperId> {
        let mut named = self.tallies.charged();
        named.extend(self.presence.shoppers());
        named.extend(self.traits.keys());
        named.extend(self.watch.shoppers());
        named.extend(self.arms.iter().map(|(_, shopper, ..)| *shopper));
        named
    }

    /// An engine in this state. It resolves no beacons: a replay needs none.
    pub fn restore(self, plan: Arc<StorePlan>) -> Result<Engine, Unreadable> {
        let counts = [self.census.len(), self.settle.len()];
        if counts != [plan.offers.len(), plan.screens.len()] {
            return Err(Unreadable::Damaged);
        }
        let seed = self.seed;
        let mut consents = Consents::new(seed);
        for (shopper, standing) in &self.standings {
            consents.stand(*shopper, standing);
        }
        Ok(Engine {
            counts: Counts::default(),
            ports: crate::ports(&plan),
            ingest: Ingest::new(plan.scanners.len(), self.screens.1),
            identity: Identity::new(seed),
            foul: Foul::default(),
            consents,
            presence: self
                .presence
                .restore(&plan, seed)
                .ok_or(Unreadable::Damaged)?,
            traits: self.traits,
            context: self.context,
            census: self.census,
            settle: self.settle,
            decisions: vec![None; plan.screens.len()],
            deliver: Deliver::of_image(&plan, seed, self.screens).ok_or(Unreadable::Damaged)?,
            tallies: self.tallies,
            arms: Arms::of_image(seed, self.arms),
            commits: self.commits,
            book: RuleBook::new(&plan),
            learned: self.learned,
            watch: self.watch,
            changes: Vec::new(),
            in_view: Vec::new(),
            guarding: Guarding::Shop,
            started: self.started,
            tape: None,
            chain: None,
            seed,
            plan,
        })
    }
}
