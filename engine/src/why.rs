//! Asking for a decision without taking it: why a screen shows what it shows,
//! and what it would show at another time.

use crate::{
    Engine, Now,
    decide::{Decision, Remedy, Scene, Standing, Verdict, decide, remedy},
    plan::{OfferIx, ScreenIx},
    time::{UnixMs, Wall},
};

impl Engine {
    /// What would be decided for every screen now, in the order of the plan;
    /// or at another date, with nobody in view and the sensors as they are.
    /// Nothing is drawn to learn from, and nothing changes.
    pub fn explain(&self, now: Now, at: Option<UnixMs>) -> Vec<Decision> {
        let screens = (0..self.plan.screens.len() as u8).map(ScreenIx);
        screens
            .map(|screen| self.explain_one(now, screen, at))
            .collect()
    }

    /// What would have to change for these offers on one screen, for those that
    /// the decision stopped, in their order.
    pub fn remedies(
        &self,
        now: Now,
        at: Option<UnixMs>,
        decision: &Decision,
        offers: impl Iterator<Item = OfferIx>,
    ) -> Vec<Option<Remedy>> {
        self.with_thought(now, decision.screen, at, |scene| {
            offers
                .map(|offer| match decision.waterfall.get(offer.at())? {
                    Verdict::Stopped(reason) => Some(remedy(scene, offer, *reason)),
                    Verdict::Scored(_) => None,
                })
                .collect()
        })
    }

    fn explain_one(&self, now: Now, screen: ScreenIx, at: Option<UnixMs>) -> Decision {
        self.with_thought(now, screen, at, |scene| {
            decide(scene, &Standing::new(scene)).decision
        })
    }

    /// The scene of a screen now, or at a moment that is only thought of.
    fn with_thought<T>(
        &self,
        now: Now,
        screen: ScreenIx,
        at: Option<UnixMs>,
        ask: impl FnOnce(&Scene<'_>) -> T,
    ) -> T {
        let then = Now {
            mono: now.mono,
            wall: at.map_or(now.wall, Wall::Synced),
        };
        self.with_scene(then, screen, |scene, _| {
            let scene = Scene {
                explore_permille: 0,
                ..*scene
            };
            // A moment that is only thought of has nobody in view.
            ask(&match at {
                None => scene,
                Some(_) => Scene {
                    viewers: &[],
                    visits: &[],
                    settling: false,
                    ..scene
                },
            })
        })
    }
}
