//! Each screen from decision to proof: reserve, send, wait for the screen's own
//! word, send again, expire, clear.
//!
//! ```text
//!            reserve            durable            painted             time is up
//!   house ------------> reserving ------> sent ------------> showing ------------> house
//!     ^                     | withdrawn     | rejected, no answer      | withdrawn, stock out, ...
//!     |                     v               v                          v
//!     +---------------- released        clear (sent again until the screen confirms)
//! ```
//!
//! What was charged is given back only when the picture surely never appeared.

use crate::{
    commits::{Out, Then},
    decide::Choice,
    effect::{Exposure, LedgerEntry, Record, Reservation, ShowingId},
    event::ScreenSaid,
    measure::Viewing,
    plan::{OfferIx, ScreenIx, StorePlan},
    shopper::ShopperId,
    time::{Mono, Now},
};
use protocol::{
    id::{OfferId, ScreenId},
    screen::{ScreenAction, ScreenCommand, ScreenStatus},
};

/// A command without an answer is sent again after this long, ms.
const RESEND_AFTER_MS: u64 = 2_000;
/// After this many sendings the screen is taken not to answer.
const SENDINGS_MAX: u8 = 5;
/// A screen that refused a picture gets no other for this long, ms.
const REST_MS: u64 = 30_000;
/// The next picture is decided this long before the one on the glass ends, so
/// that no house loop flashes in between, ms.
const EARLY_MS: u64 = 1_500;
/// Revisions of one start of the gateway: a century at one command a second.
/// With 21 bits of starts above they stay below 2^53 and rise over restarts.
const REVISION_BITS: u32 = 32;

/// All screens, in the order of the plan.
#[derive(Debug)]
pub struct Deliver {
    screens: Vec<ScreenState>,
    boot: u32,
    sequence: u64,
}

/// One screen.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenState {
    id: ScreenId,
    glass: Option<Showing>,
    next: Next,
    /// The newest revision sent.
    pub commanded: u64,
    /// The newest revision the screen says it has painted.
    pub painted: u64,
    /// When the screen last said anything.
    pub heard: Option<Mono>,
    rest_until: Mono,
    /// The screen may still show something it should not: clear it as soon as
    /// it says anything.
    owes_clear: bool,
}

/// A picture that was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Of which offer.
    pub offer: OfferIx,
    /// For whose sake; their caps are charged.
    pub shoppers: Vec<ShopperId>,
    revision: u64,
    offer_id: OfferId,
    command: ScreenCommand,
    shown_for_ms: u32,
}

/// A picture on the glass by the screen's own word.
#[derive(Debug, Clone, PartialEq)]
pub struct Showing {
    /// Which.
    pub planned: Planned,
    /// When it ends by itself.
    pub until: Mono,
    /// Who has seen it.
    pub viewing: Viewing,
}

#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one per screen, at most 64 in all"
)]
enum Next {
    Nothing,
    Reserving(Planned),
    Sent(Sending),
}

#[derive(Debug, Clone, PartialEq)]
struct Sending {
    /// The picture; `None` for a clear.
    planned: Option<Planned>,
    command: ScreenCommand,
    first: Mono,
    last: Mono,
    sendings: u8,
}

/// How far a screen is, for the console.
pub use crate::view::ScreenPhase;

impl Deliver {
    /// Every screen is taken to show the house loop until it says otherwise.
    pub fn new(plan: &StorePlan, boot: u32) -> Self {
        Self {
            screens: plan
                .screens
                .iter()
                .map(|s| ScreenState::new(s.id.clone()))
                .collect(),
            boot,
            sequence: 0,
        }
    }

    /// Takes a new plan over. What is on a glass goes on if its offer still
    /// stands under the same name; everything else is cleared.
    pub fn replan(&mut self, now: Now, plan: &StorePlan, out: &mut Out<'_>) {
        for state in &mut self.screens {
            let gone = plan.screen(&state.id).is_none();
            let lost = state.offers_mut().any(|planned| {
                plan.offer(&planned.offer_id)
                    .map(|index| planned.offer = index)
                    .is_none()
            });
            if gone || lost {
                clear(state, now, &mut self.sequence, self.boot, out);
            }
        }
        let kept = std::mem::take(&mut self.screens);
        self.screens = plan
            .screens
            .iter()
            .map(|s| {
                let old = kept.iter().find(|k| k.id == s.id);
                old.cloned()
                    .unwrap_or_else(|| ScreenState::new(s.id.clone()))
            })
            .collect();
    }

    /// The screens, in the order of the plan.
    pub fn screens(&self) -> &[ScreenState] {
        &self.screens
    }

    /// Whether a screen can take a new picture now.
    pub fn may_decide(&self, now: Now, plan: &StorePlan, screen: ScreenIx) -> bool {
        let state = &self.screens[screen.at()];
        let alive = state
            .heard
            .is_some_and(|h| now.mono.since_ms(h) < plan.screens[screen.at()].silent_after_ms);
        let ending = state.glass.as_ref().is_none_or(|g| {
            let on_for_ms = now.mono.since_ms(g.viewing.since);
            now.mono.after_ms(EARLY_MS) >= g.until
                && on_for_ms >= u64::from(plan.guard.dwell_on_screen_ms_min)
        });
        alive
            && ending
            && state.next == Next::Nothing
            && !state.owes_clear
            && now.mono >= state.rest_until
    }

    /// Reserves a showing; it is sent once the reservation is durable.
    pub fn reserve(&mut self, plan: &StorePlan, day: i32, choice: Choice, out: &mut Out<'_>) {
        let (Some(offer), screen) = (choice.decision.chosen, choice.decision.screen) else {
            return;
        };
        let revision = next_revision(&mut self.sequence, self.boot);
        let state = &mut self.screens[screen.at()];
        let spec = &plan.offers[offer.at()];
        let command = ScreenCommand {
            screen: state.id.clone(),
            revision,
            action: ScreenAction::Show {
                offer: spec.id.clone(),
                creative: spec.creative.clone(),
                shown_for_ms: spec.shown_for_ms,
            },
        };
        let reservation = Reservation {
            showing: ShowingId {
                screen: state.id.clone(),
                revision,
            },
            offer: spec.id.clone(),
            shoppers: choice.shoppers.clone(),
            day,
        };
        out.commit(
            LedgerEntry::Reserved(reservation),
            Then::Send { screen, revision },
        );
        state.next = Next::Reserving(Planned {
            offer,
            shoppers: choice.shoppers,
            revision,
            offer_id: spec.id.clone(),
            command,
            shown_for_ms: spec.shown_for_ms,
        });
    }

    /// The picture waiting for this reservation, if it still is.
    pub fn reserved(&self, screen: ScreenIx, revision: u64) -> Option<&Planned> {
        match &self.screens.get(screen.at())?.next {
            Next::Reserving(planned) if planned.revision == revision => Some(planned),
            Next::Reserving(_) | Next::Nothing | Next::Sent(_) => None,
        }
    }

    /// The reservation is durable and the picture still right: send it.
    pub fn send(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        let state = &mut self.screens[screen.at()];
        if let Next::Reserving(planned) = std::mem::replace(&mut state.next, Next::Nothing) {
            state.commanded = planned.revision;
            out.command(planned.command.clone());
            state.next = Next::Sent(Sending {
                command: planned.command.clone(),
                planned: Some(planned),
                first: now.mono,
                last: now.mono,
                sendings: 1,
            });
        }
    }

    /// What is decided or shown is not right any more: back to the house loop
    /// at once.
    pub fn clear(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        let state = &mut self.screens[screen.at()];
        clear(state, now, &mut self.sequence, self.boot, out);
    }

    /// Screens with a picture decided, sent or shown for this shopper's sake.
    pub fn shown_for(&self, shopper: ShopperId) -> Vec<ScreenIx> {
        let concerns = |s: &ScreenState| s.offers().any(|p| p.shoppers.contains(&shopper));
        let found = self.screens.iter().enumerate().filter(|(_, s)| concerns(s));
        found.map(|(i, _)| ScreenIx(i as u8)).collect()
    }

    /// A shopper is measured no longer.
    pub fn forget_viewer(&mut self, shopper: ShopperId) {
        for showing in self.screens.iter_mut().filter_map(|s| s.glass.as_mut()) {
            showing.viewing.forget(shopper);
        }
    }

    /// What is on the glass, to count who sees it.
    pub fn showing_mut(&mut self, screen: ScreenIx) -> Option<&mut Showing> {
        self.screens[screen.at()].glass.as_mut()
    }

    /// A screen said something. Returns the picture that it refused or that it
    /// painted.
    pub fn said(&mut self, now: Now, said: ScreenSaid, plan: &StorePlan, out: &mut Out<'_>) {
        let Some(state) = self.screens.get_mut(said.screen.at()) else {
            return;
        };
        state.heard = Some(now.mono);
        state.painted = said.revision;
        match said.status {
            ScreenStatus::Painted => painted(state, now, said, plan, out),
            ScreenStatus::Rejected => rejected(state, now, said.revision, out),
            ScreenStatus::Hello => state.repeat(now, out),
            ScreenStatus::Alive => {}
        }
        let from_before = said.revision > 0 && said.revision < first_revision(self.boot);
        if state.owes_clear || (from_before && state.commanded < first_revision(self.boot)) {
            state.owes_clear = false;
            clear_always(state, now, &mut self.sequence, self.boot, out);
        }
    }

    /// Time passes on one screen: end what has ended, send again what was not
    /// confirmed.
    pub fn tick(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        let state = &mut self.screens[screen.at()];
        if state.glass.as_ref().is_some_and(|g| now.mono >= g.until) {
            state.end_showing(now, out);
        }
        let Next::Sent(sending) = &mut state.next else {
            return;
        };
        if now.mono.since_ms(sending.last) < RESEND_AFTER_MS {
            return;
        }
        let outlived = sending
            .planned
            .as_ref()
            .is_some_and(|p| now.mono.since_ms(sending.first) >= u64::from(p.shown_for_ms));
        if sending.sendings < SENDINGS_MAX && !outlived {
            sending.sendings += 1;
            sending.last = now.mono;
            out.counts.resent += 1;
            out.command(sending.command.clone());
            return;
        }
        let since = sending.first;
        state.next = Next::Nothing;
        // It may have been painted all the same: the charge stays, and the
        // screen is cleared as soon as it is heard again.
        state.owes_clear = true;
        out.counts.unconfirmed += 1;
        out.record(Record::ScreenSilent { screen, since });
    }
}

impl ScreenState {
    const fn new(id: ScreenId) -> Self {
        Self {
            id,
            glass: None,
            next: Next::Nothing,
            commanded: 0,
            painted: 0,
            heard: None,
            rest_until: Mono(0),
            owes_clear: false,
        }
    }

    /// What is on the glass by the screen's own word.
    pub const fn showing(&self) -> Option<&Showing> {
        self.glass.as_ref()
    }

    /// How far the screen is.
    pub const fn phase(&self) -> ScreenPhase {
        match (&self.next, &self.glass) {
            (Next::Reserving(_), _) => ScreenPhase::Reserving,
            (
                Next::Sent(Sending {
                    planned: Some(_), ..
                }),
                _,
            ) => ScreenPhase::Sent,
            (Next::Sent(Sending { planned: None, .. }), _) => ScreenPhase::Clearing,
            (Next::Nothing, _) if self.owes_clear => ScreenPhase::Silent,
            (Next::Nothing, Some(_)) => ScreenPhase::Showing,
            (Next::Nothing, None) => ScreenPhase::House,
        }
    }

    /// The picture that is decided, on its way or on the glass, newest first.
    pub fn offers(&self) -> impl Iterator<Item = &Planned> {
        let next = match &self.next {
            Next::Nothing => None,
            Next::Reserving(planned) => Some(planned),
            Next::Sent(sending) => sending.planned.as_ref(),
        };
        next.into_iter()
            .chain(self.glass.as_ref().map(|g| &g.planned))
    }

    fn offers_mut(&mut self) -> impl Iterator<Item = &mut Planned> {
        let next = match &mut self.next {
            Next::Nothing => None,
            Next::Reserving(planned) => Some(planned),
            Next::Sent(sending) => sending.planned.as_mut(),
        };
        next.into_iter()
            .chain(self.glass.as_mut().map(|g| &mut g.planned))
    }

    /// A player started and shows the house loop: tell it what holds.
    fn repeat(&mut self, now: Now, out: &mut Out<'_>) {
        if let Next::Sent(sending) = &mut self.next {
            sending.last = now.mono;
            out.command(sending.command.clone());
        } else if let Some(showing) = &self.glass {
            let mut command = showing.planned.command.clone();
            if let ScreenAction::Show { shown_for_ms, .. } = &mut command.action {
                *shown_for_ms = showing.until.since_ms(now.mono) as u32;
            }
            out.command(command);
        }
    }

    /// What is on the glass is over: commit who saw it.
    fn end_showing(&mut self, now: Now, out: &mut Out<'_>) {
        let Some(showing) = self.glass.take() else {
            return;
        };
        let painted_ms = now.mono.since_ms(showing.viewing.since) as u32;
        out.counts.exposures += 1;
        out.record(Record::Exposed {
            offer: showing.planned.offer_id.clone(),
            painted_ms,
        });
        let exposure = Exposure {
            showing: ShowingId {
                screen: self.id.clone(),
                revision: showing.planned.revision,
            },
            offer: showing.planned.offer_id,
            painted_ms,
            seen_by: showing.viewing.seen_by(),
            anonymous_ms: showing.viewing.anonymous_ms(),
            ended: now.wall.known(),
        };
        out.commit(LedgerEntry::Exposed(exposure), Then::Nothing);
    }

    /// What was reserved or sent surely never appeared: give it back.
    fn release(&mut self, planned: &Planned, out: &mut Out<'_>) {
        let showing = ShowingId {
            screen: self.id.clone(),
            revision: planned.revision,
        };
        out.commit(LedgerEntry::Released { showing }, Then::Nothing);
    }
}

fn painted(
    state: &mut ScreenState,
    now: Now,
    said: ScreenSaid,
    plan: &StorePlan,
    out: &mut Out<'_>,
) {
    let is_ours = matches!(&state.next, Next::Sent(s) if s.command.revision == said.revision);
    if !is_ours {
        return;
    }
    let Next::Sent(sending) = std::mem::replace(&mut state.next, Next::Nothing) else {
        return;
    };
    state.end_showing(now, out);
    out.counts.painted += 1;
    out.record(Record::Painted {
        screen: said.screen,
        offer: sending.planned.as_ref().map(|p| p.offer),
        revision: said.revision,
        after_ms: now.mono.since_ms(sending.first),
    });
    state.glass = sending.planned.map(|planned| Showing {
        until: now
            .mono
            .after_ms(u64::from(plan.offers[planned.offer.at()].shown_for_ms)),
        planned,
        viewing: Viewing::begin(now.mono),
    });
}

fn rejected(state: &mut ScreenState, now: Now, revision: u64, out: &mut Out<'_>) {
    let is_ours = matches!(&state.next, Next::Sent(s) if s.command.revision == revision);
    if !is_ours {
        return;
    }
    if let Next::Sent(Sending {
        planned: Some(planned),
        ..
    }) = std::mem::replace(&mut state.next, Next::Nothing)
    {
        state.release(&planned, out);
    }
    state.rest_until = now.mono.after_ms(REST_MS);
    out.counts.unconfirmed += 1;
}

/// Clears a screen that shows or may be about to show something.
fn clear(state: &mut ScreenState, now: Now, sequence: &mut u64, boot: u32, out: &mut Out<'_>) {
    match std::mem::replace(&mut state.next, Next::Nothing) {
        Next::Reserving(planned) => {
            state.release(&planned, out);
            if state.glass.is_none() {
                return;
            }
        }
        Next::Nothing if state.glass.is_none() => return,
        Next::Sent(sending) if sending.planned.is_none() => {
            state.next = Next::Sent(sending);
            return;
        }
        // Sent and perhaps painted: the charge stays.
        Next::Nothing | Next::Sent(_) => {}
    }
    clear_always(state, now, sequence, boot, out);
}

fn clear_always(
    state: &mut ScreenState,
    now: Now,
    sequence: &mut u64,
    boot: u32,
    out: &mut Out<'_>,
) {
    state.end_showing(now, out);
    let revision = next_revision(sequence, boot);
    let command = ScreenCommand {
        screen: state.id.clone(),
        revision,
        action: ScreenAction::Clear,
    };
    state.commanded = revision;
    out.command(command.clone());
    state.next = Next::Sent(Sending {
        planned: None,
        command,
        first: now.mono,
        last: now.mono,
        sendings: 1,
    });
}

const fn first_revision(boot: u32) -> u64 {
    (boot as u64) << REVISION_BITS
}

const fn next_revision(sequence: &mut u64, boot: u32) -> u64 {
    *sequence += 1;
    first_revision(boot) + *sequence
}
