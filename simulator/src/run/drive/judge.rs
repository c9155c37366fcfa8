//! Whether a world that healed is as it should be.

use super::{QUIET_MS, Run};
use crate::checker::screens::Glass;
use engine::view::ScreenPhase;

impl Run<'_, '_> {
    pub(super) fn judge_screens(&mut self) {
        for player in &self.players {
            let glass = Glass {
                screen: player.screen,
                offer: player.glass(self.now_ms),
                painted: player.painted(),
            };
            self.checker.settled(&glass, self.now_ms);
        }
        self.judge_console();
    }

    /// In a healthy world the console shows no screen as silent.
    fn judge_console(&mut self) {
        let Some(engine) = self.gateway.engine() else {
            return;
        };
        let status = engine.status(self.gateway.now(self.now_ms, self.date()));
        for screen in status.screens {
            if screen.phase == ScreenPhase::Silent {
                let what = format!("screen {} is called silent and is not", screen.id);
                self.checker.complaints.add(6, self.now_ms, what);
            }
        }
    }

    /// At the end of a world that healed nobody waits for an answer any more.
    pub(super) fn judge_liveness(&mut self) {
        let had_time = self.options.for_ms >= self.heal_ms + QUIET_MS;
        let waiting = self.desk.open();
        // Requests of the last seconds may still be on their way.
        let busy = 8 + self.population.len() / 200;
        if had_time && !self.over && waiting > busy {
            let what = format!("{waiting} requests to the desk are not answered");
            self.checker.complaints.add(6, self.now_ms, what);
        }
        for outcome in std::mem::take(&mut self.desk.odd) {
            let what = format!("the desk was answered {outcome:?} for no reason");
            self.checker.complaints.add(6, self.now_ms, what);
        }
    }
}
