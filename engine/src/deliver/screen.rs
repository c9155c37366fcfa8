//! One screen: what is on its glass by its own word, what is on its way to it,
//! and every step from one to the other.

use super::Revisions;
use crate::{
    commits::{Out, Then},
    decide::Choice,
    effect::{Exposure, LedgerEntry, Record, Reservation, ShowingId},
    event::ScreenSaid,
    measure::Viewing,
    money::Bill,
    plan::{OfferIx, Pace, ScreenIx, StorePlan},
    sale::ShownCode,
    shopper::ShopperId,
    time::{Mono, Now},
    view::ScreenPhase,
};
use protocol::{
    id::{OfferId, ScreenId},
    screen::{Creative, ScreenAction, ScreenCommand, ScreenStatus},
};
use serde::{Deserialize, Serialize};

/// A command without an answer is sent this often within the time that the
/// screen's pace gives it; then the screen is taken not to answer.
const SENDINGS_MAX: u8 = 5;
/// A screen that refused a picture gets no other for this long, ms.
const REST_MS: u64 = 30_000;

/// One screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScreenState {
    pub(super) id: ScreenId,
    pub(super) pace: Pace,
    pub(super) glass: Option<Showing>,
    pub(super) next: Next,
    /// The newest revision sent.
    pub commanded: u64,
    /// The newest revision the screen says it has painted.
    pub painted: u64,
    /// When the screen last said anything.
    pub heard: Option<Mono>,
    pub(super) rest_until: Mono,
    /// The screen may still show something it should not: clear it as soon as
    /// it says anything.
    pub(super) owes_clear: bool,
    /// Its last word did not fit what it is taken to show.
    contradicted: bool,
}

/// A picture that was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Of which offer.
    pub offer: OfferIx,
    /// For whose sake; their caps are charged.
    pub shoppers: Vec<ShopperId>,
    /// The highest score when it was chosen: what was drawn to learn keeps its
    /// turn against what outscored it then.
    pub(super) score: f32,
    pub(super) revision: u64,
    pub(super) offer_id: OfferId,
    #[serde(with = "super::command_image")]
    command: ScreenCommand,
    shown_for_ms: u32,
}

/// A picture on the glass by the screen's own word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Showing {
    /// Which.
    pub planned: Planned,
    /// When it ends by itself.
    pub until: Mono,
    /// Who has seen it.
    pub viewing: Viewing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "one per screen, at most 64 in all"
)]
pub(super) enum Next {
    Nothing,
    Reserving(Planned),
    Sent(Sending),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Sending {
    /// The picture; `None` for a clear.
    pub(super) planned: Option<Planned>,
    #[serde(with = "super::command_image")]
    command: ScreenCommand,
    first: Mono,
    last: Mono,
    sendings: u8,
}

impl Sending {
    fn again(&mut self, now: Now) {
        self.sendings = self.sendings.saturating_add(1);
        self.last = now.mono;
    }
}

impl Planned {
    /// What it paints.
    pub(crate) const fn creative(&self) -> Option<&Creative> {
        match &self.command.action {
            ScreenAction::Show { creative, .. } => Some(creative),
            ScreenAction::Clear => None,
        }
    }

    fn has_code(&self) -> bool {
        matches!(
            &self.command.action,
            ScreenAction::Show { code: Some(_), .. }
        )
    }
}

impl ScreenState {
    pub(super) const fn new(id: ScreenId, pace: Pace) -> Self {
        Self {
            id,
            pace,
            glass: None,
            next: Next::Nothing,
            commanded: 0,
            painted: 0,
            heard: None,
            rest_until: Mono(0),
            owes_clear: false,
            contradicted: false,
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

    pub(super) fn offers_mut(&mut self) -> impl Iterator<Item = &mut Planned> {
        let next = match &mut self.next {
            Next::Nothing => None,
            Next::Reserving(planned) => Some(planned),
            Next::Sent(sending) => sending.planned.as_mut(),
        };
        next.into_iter()
            .chain(self.glass.as_mut().map(|g| &mut g.planned))
    }

    /// Keeps nobody else among those it is decided, shown or counted for.
    pub(crate) fn retain(&mut self, keep: &dyn Fn(ShopperId) -> bool) {
        for planned in self.offers_mut() {
            planned.shoppers.retain(|shopper| keep(*shopper));
        }
        if let Some(showing) = &mut self.glass {
            showing.viewing.retain(keep);
        }
    }

    /// A player started and shows the house loop: tell it what holds. A picture
    /// that a newer command was to replace cannot be told again: revisions rise.
    fn repeat(&mut self, now: Now, revisions: &mut Revisions, out: &mut Out<'_>) {
        let showing = self.glass.as_ref();
        let outdated = showing.is_some_and(|g| g.planned.revision < self.commanded);
        if outdated && self.next == Next::Nothing {
            self.clear_always(now, revisions, out);
        } else if let Next::Sent(sending) = &mut self.next {
            sending.again(now);
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

    /// An offer as a picture for this screen.
    pub(super) fn plan(
        &self,
        plan: &StorePlan,
        offer: OfferIx,
        choice: Choice,
        revision: u64,
        code: Option<String>,
    ) -> Planned {
        let spec = &plan.offers[offer.at()];
        let shown_for_ms = spec.shown_for_ms.max(self.pace.hold_ms);
        let action = ScreenAction::Show {
            offer: spec.id.clone(),
            creative: spec.creative_of(choice.arm).clone(),
            shown_for_ms,
            code,
        };
        Planned {
            offer,
            score: choice.decision.top(),
            shoppers: choice.shoppers,
            revision,
            offer_id: spec.id.clone(),
            command: self.command(revision, action),
            shown_for_ms,
        }
    }

    fn command(&self, revision: u64, action: ScreenAction) -> ScreenCommand {
        ScreenCommand {
            screen: self.id.clone(),
            revision,
            action,
        }
    }

    /// Charges caps and budget; the picture waits for the disk.
    pub(super) fn reserve(
        &mut self,
        screen: ScreenIx,
        planned: Planned,
        (plan, bill): (&StorePlan, Bill),
        out: &mut Out<'_>,
    ) {
        let revision = planned.revision;
        let reservation = Reservation {
            showing: ShowingId {
                screen: self.id.clone(),
                revision,
            },
            offer: planned.offer_id.clone(),
            shoppers: planned.shoppers.clone(),
            day: bill.day,
        };
        for entry in bill.entries(plan, planned.offer, &reservation.showing) {
            out.commit(LedgerEntry::Money(Box::new(entry)), Then::Nothing);
        }
        if planned.has_code() {
            let code = ShownCode {
                showing: reservation.showing.clone(),
                offer: planned.offer_id.clone(),
                is_used: false,
            };
            out.commit(LedgerEntry::Coded(code), Then::Nothing);
        }
        out.commit(
            LedgerEntry::Reserved(reservation),
            Then::Send { screen, revision },
        );
        self.next = Next::Reserving(planned);
    }

    /// Sends what was reserved.
    pub(super) fn send(&mut self, now: Now, out: &mut Out<'_>) {
        if let Next::Reserving(planned) = std::mem::replace(&mut self.next, Next::Nothing) {
            if self.pace.hold_ms > 0 {
                self.rest_until = now.mono.after_ms(u64::from(self.pace.hold_ms));
            }
            self.dispatch(now, planned.command.clone(), Some(planned), out);
        }
    }

    fn dispatch(
        &mut self,
        now: Now,
        command: ScreenCommand,
        planned: Option<Planned>,
        out: &mut Out<'_>,
    ) {
        self.commanded = command.revision;
        out.command(command.clone());
        self.next = Next::Sent(Sending {
            planned,
            command,
            first: now.mono,
            last: now.mono,
            sendings: 1,
        });
    }

    /// Clears the screen if it shows or may be about to show something.
    pub(super) fn clear(&mut self, now: Now, revisions: &mut Revisions, out: &mut Out<'_>) {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Reserving(planned) => {
                self.release(&planned, out);
                if self.glass.is_none() {
                    return;
                }
            }
            Next::Nothing if self.glass.is_none() => return,
            Next::Sent(sending) if sending.planned.is_none() => {
                self.next = Next::Sent(sending);
                return;
            }
            // Sent and perhaps painted: the charge stays.
            Next::Nothing | Next::Sent(_) => {}
        }
        self.clear_always(now, revisions, out);
    }

    fn clear_always(&mut self, now: Now, revisions: &mut Revisions, out: &mut Out<'_>) {
        self.end_showing(now, out);
        let command = self.command(revisions.next(), ScreenAction::Clear);
        self.dispatch(now, command, None, out);
    }

    /// The screen said something.
    pub(super) fn said(
        &mut self,
        now: Now,
        said: ScreenSaid,
        revisions: &mut Revisions,
        out: &mut Out<'_>,
    ) {
        self.heard = Some(now.mono);
        self.painted = said.revision;
        match said.status {
            ScreenStatus::Painted => self.confirm(now, said, out),
            ScreenStatus::Rejected => self.refused(now, said.revision, revisions, out),
            ScreenStatus::Hello => self.repeat(now, revisions, out),
            ScreenStatus::Alive => {}
        }
        let unheard_of = said.status == ScreenStatus::Alive && self.contradicts(said.revision);
        if unheard_of && !self.contradicted {
            self.repeat(now, revisions, out);
        }
        let first = revisions.first();
        let from_before = (1..first).contains(&said.revision) && self.commanded < first;
        if self.owes_clear || from_before || (unheard_of && self.contradicted) {
            self.owes_clear = false;
            self.clear_always(now, revisions, out);
        }
        self.contradicted = unheard_of;
    }

    /// Whether the glass cannot show what it is taken to show. Said twice in a
    /// row it is believed: a heartbeat is not health.
    fn contradicts(&self, revision: u64) -> bool {
        let showing = self.glass.as_ref().map(|g| g.planned.revision);
        self.next == Next::Nothing && showing.is_some_and(|shown| shown != revision)
    }

    fn confirm(&mut self, now: Now, said: ScreenSaid, out: &mut Out<'_>) {
        let is_ours = matches!(&self.next, Next::Sent(s) if s.command.revision == said.revision);
        if !is_ours {
            return;
        }
        let Next::Sent(sending) = std::mem::replace(&mut self.next, Next::Nothing) else {
            return;
        };
        self.end_showing(now, out);
        out.counts.painted += 1;
        out.record(Record::Painted {
            screen: said.screen,
            offer: sending.planned.as_ref().map(|p| p.offer),
            revision: said.revision,
            after_ms: now.mono.since_ms(sending.first),
        });
        self.glass = sending.planned.map(|planned| Showing {
            until: now.mono.after_ms(u64::from(planned.shown_for_ms)),
            planned,
            viewing: Viewing::begin(now.mono),
        });
    }

    /// The screen cannot paint what it was sent, and a newer command sees to it that a
    /// late copy of the refused one is ignored. The charge is given back if it was sent
    /// once: before it was sent again the player may have painted it, said so unheard,
    /// and begun anew.
    fn refused(&mut self, now: Now, revision: u64, revisions: &mut Revisions, out: &mut Out<'_>) {
        let is_ours = matches!(&self.next, Next::Sent(s) if s.command.revision == revision);
        if !is_ours {
            return;
        }
        if let Next::Sent(Sending {
            planned: Some(planned),
            sendings,
            ..
        }) = std::mem::replace(&mut self.next, Next::Nothing)
        {
            if sendings == 1 {
                self.release(&planned, out);
            }
            self.clear_always(now, revisions, out);
        }
        self.rest_until = now.mono.after_ms(REST_MS);
        out.counts.unconfirmed += 1;
    }

    /// Time passes: end what has ended, send again what was not confirmed.
    pub(super) fn tick(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        if self.glass.as_ref().is_some_and(|g| now.mono >= g.until) {
            self.end_showing(now, out);
        }
        let Next::Sent(sending) = &mut self.next else {
            return;
        };
        let resend_after_ms = self.pace.confirm_ms / u64::from(SENDINGS_MAX);
        if now.mono.since_ms(sending.last) < resend_after_ms {
            return;
        }
        let outlived = sending
            .planned
            .as_ref()
            .is_some_and(|p| now.mono.since_ms(sending.first) >= u64::from(p.shown_for_ms));
        if sending.sendings < SENDINGS_MAX && !outlived {
            sending.again(now);
            out.counts.resent += 1;
            out.command(sending.command.clone());
            return;
        }
        let since = sending.first;
        self.next = Next::Nothing;
        // It may have been painted all the same: the charge stays, and the
        // screen is cleared as soon as it is heard again.
        self.owes_clear = true;
        out.counts.unconfirmed += 1;
        out.record(Record::ScreenSilent { screen, since });
    }
}
