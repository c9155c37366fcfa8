//! What goes wrong, as it happens to a run, and its end.

use super::{Run, reading};
use crate::{
    faults::Fault,
    run::{desk::Ask, gateway::Clock, ledger::Room, post::Parcel},
};
use engine::{
    Event,
    event::Malformed,
    plan::{ScreenIx, SensorIx},
    shopper::Purposes,
};
use protocol::frame::Quantity;

/// Share of lost caches that come with a damaged ledger.
const LEDGER_DAMAGED: f64 = 0.15;
/// Share of full disks on which also the room is gone that was set aside.
const NOTHING_LEFT: f64 = 0.3;
/// So many at most change their minds when a disk runs full.
const MINDS_MAX: u64 = 4;

impl Run<'_, '_> {
    /// A mishap.
    pub(super) fn strike(&mut self, fault: Fault) {
        self.journal.remark(self.now_ms, fault.name());
        self.post.struck.note(fault);
        let chance = &mut self.mishaps.chance;
        match fault {
            Fault::Crash => {
                let down_ms = 1_000 + chance.wait(8_000.0) as u64;
                self.crash(down_ms);
                self.lose_the_store();
            }
            Fault::Broker => {
                let down_ms = 500 + chance.wait(6_000.0) as u64;
                self.post.broker_dies(self.now_ms + down_ms);
            }
            Fault::Clock => {
                let hours = chance.between(-6.0, 26.0);
                self.clock_set_ms = self.now_ms;
                self.gateway.clock.fast_ms = (hours * 3_600_000.0) as i64;
                let after_ms = 1_000 + chance.wait(120_000.0) as u64;
                self.post.at(self.now_ms + after_ms, Parcel::ClockRight);
            }
            Fault::Leap => {
                // What the gateway makes of a leap: its clock is a matter of the shell.
                self.clock_set_ms = self.now_ms;
                self.gateway.clock.unsynced = true;
                let after_ms = 1_000 + chance.wait(120_000.0) as u64;
                self.post.at(self.now_ms + after_ms, Parcel::ClockRight);
            }
            Fault::Screen => {
                let screen = chance.index(self.players.len());
                let dark_ms = 1_000 + chance.wait(40_000.0) as u64;
                if let Some(player) = self.players.get_mut(screen).filter(|p| p.is_alive()) {
                    player.die();
                    let back = Parcel::ScreenBack(ScreenIx(screen as u8));
                    self.post.at(self.now_ms + dark_ms, back);
                }
            }
            Fault::Garbage => {
                let why = *chance.pick(&Malformed::ALL);
                self.send(Event::Malformed(why), Vec::new());
            }
            Fault::Implausible => self.talk_nonsense(),
            Fault::Full => self.disk_runs_full(),
            Fault::Drop
            | Fault::Duplicate
            | Fault::Delay
            | Fault::Reorder
            | Fault::Store
            | Fault::Unsynced
            | Fault::Refuse
            | Fault::Disk
            | Fault::Commit => {}
        }
        let refuse = self.mishaps.plan.refuse;
        self.players.iter_mut().for_each(|p| p.refuses = refuse);
    }

    /// A crash may take the cache along, and now and then a part of the ledger.
    fn lose_the_store(&mut self) {
        let lost = self.mishaps.plan.store_lost;
        if !self.mishaps.strikes(self.now_ms, lost) {
            return;
        }
        self.journal.remark(self.now_ms, "the cache is lost");
        self.post.struck.note(Fault::Store);
        self.gateway.profiles.clear();
        if self.mishaps.chance.happens(LEDGER_DAMAGED) {
            self.journal
                .remark(self.now_ms, "a part of the ledger is lost");
            let checker = &mut self.checker;
            self.gateway.ledger.doubt(|entry| checker.on_disk(entry));
        }
    }

    /// A group commit ends: on the disk, in the engine's ears a moment later. Or the
    /// process dies before it, in the midst of it, or between the two.
    pub(super) fn flushed(&mut self) {
        let share = self.mishaps.plan.commit;
        let dies = share > 0.0 && self.mishaps.strikes(self.now_ms, share);
        let is_written = !dies || self.mishaps.chance.happens(0.5);
        if is_written {
            let (checker, score) = (&mut self.checker, &mut self.score);
            let last = self.gateway.ledger.flushed(|entry| {
                checker.on_disk(entry);
                score.on_disk(entry);
            });
            if let (Some(id), false) = (last, dies) {
                self.tell(Event::Durable(id));
            }
        }
        if dies {
            self.journal.remark(self.now_ms, Fault::Commit.name());
            self.post.struck.note(Fault::Commit);
            let down_ms = 1_000 + self.mishaps.chance.wait(8_000.0) as u64;
            self.crash(down_ms);
        }
    }

    fn crash(&mut self, down_ms: u64) {
        if self.gateway.engine().is_none() {
            return;
        }
        self.gateway.die();
        self.post.gateway_dies();
        let (checker, score) = (&mut self.checker, &mut self.score);
        let chance = &mut self.mishaps.chance;
        self.gateway.ledger.crash(chance, |entry| {
            checker.on_disk(entry);
            score.on_disk(entry);
        });
        self.score.restarted();
        self.post.at(self.now_ms + down_ms, Parcel::Start);
    }

    /// Until somebody frees some space on it.
    fn disk_runs_full(&mut self) {
        if self.gateway.ledger.room() != Room::There {
            return;
        }
        let chance = &mut self.mishaps.rooms;
        let full_ms = 2_000 + chance.wait(60_000.0) as u64;
        let left = if chance.happens(NOTHING_LEFT) {
            Room::Gone
        } else {
            Room::SetAside
        };
        // Some change their minds just then, and again: else hardly anybody would.
        for _ in 0..=chance.below(MINDS_MAX) {
            let customer = chance.index(self.population.len()) as u32;
            self.desk.want(customer, Ask::Withdraw(Purposes::ALL));
            self.desk.want(customer, Ask::SignUp);
        }
        self.gateway.ledger.has_left(left);
        self.post.at(self.now_ms + full_ms, Parcel::RoomBack);
    }

    pub(super) fn room_comes_back(&mut self) {
        // The world may have healed in the meantime.
        if self.gateway.ledger.room() == Room::There {
            return;
        }
        self.journal.remark(self.now_ms, "the disk has room");
        if let Some(after_ms) = self.gateway.ledger.has_left(Room::There) {
            self.post.at(self.now_ms + after_ms, Parcel::Flushed);
        }
    }

    /// A sensor says what no such sensor can mean.
    fn talk_nonsense(&mut self) {
        let chance = &mut self.mishaps.chance;
        let sensor = SensorIx(chance.index(self.stage.ground.plan.sensors.len().max(1)) as u16);
        let value = *chance.pick(&[
            Quantity::TemperatureCentiCelsius(i16::MAX),
            Quantity::HumidityPermille(u16::MAX),
            Quantity::IlluminanceLux(u32::MAX),
            Quantity::WeightGrams(i32::MIN),
            Quantity::Passages {
                inward: u32::MAX,
                outward: 0,
            },
            Quantity::QueueLength(u16::MAX),
            Quantity::Fault,
        ]);
        self.send(reading(sensor, value), Vec::new());
    }

    /// From now on the world is as it should be.
    pub(super) fn heal(&mut self) {
        self.healed = true;
        self.journal.remark(self.now_ms, "the world heals");
        self.mishaps.heal();
        self.post.heal();
        self.gateway.clock = Clock::default();
        self.room_comes_back();
        for player in &mut self.players {
            player.refuses = 0.0;
            if !player.is_alive() {
                player.start(self.now_ms);
            }
        }
    }
}
