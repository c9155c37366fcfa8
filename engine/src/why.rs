//! Asking for a decision without taking it: why a screen shows what it shows,
//! and what it would show at another time.

use crate::{
    Engine, Now,
    decide::{Decision, Scene, Standing, decide},
    plan::ScreenIx,
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

    fn explain_one(&self, now: Now, screen: ScreenIx, at: Option<UnixMs>) -> Decision {
        let then = Now {
            mono: now.mono,
            wall: at.map_or(now.wall, Wall::Synced),
        };
        let choice = self.with_scene(then, screen, |scene, _| {
            let scene = Scene {
                explore_permille: 0,
                ..*scene
            };
            // A moment that is only thought of has nobody in view.
            let scene = match at {
                None => scene,
                Some(_) => Scene {
                    viewers: &[],
                    visits: &[],
                    settling: false,
                    ..scene
                },
            };
            decide(&scene, &Standing::new(&scene))
        });
        choice.decision
    }
}
