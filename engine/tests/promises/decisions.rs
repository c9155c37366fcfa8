//! Single decisions, whoever is there and whatever the offers ask: what a rule
//! stops is never shown, every offer is explained as it was decided, and the same
//! twice is the same.

use crate::shop::{
    plan,
    stage::{Somebody, Stage},
};
use engine::{
    Now,
    decide::{Decision, Scene, Standing, Verdict, decide, remedy, verdict},
    plan::{Bits, Offer, OfferIx, Screen, Sensitivity},
    shopper::{Profile, Purpose, Purposes},
    time::Wall,
};
use proptest::prelude::*;

/// What an offer asks, as the words of a story.
fn asked() -> impl Strategy<Value = Vec<&'static str>> {
    const RULES: [&str; 31] = [
        "zone=dairy",
        "zone=tea",
        "class=segment",
        "class=personal",
        "dwell=20",
        "dwell=90",
        "sure=90",
        "cap=1/1",
        "cap=3/5",
        "holdout=500",
        "holdout=1000",
        "priority=90",
        "hours=9-12",
        "hours=12-15",
        "stock-min=3",
        "price=29000",
        "visits=3-",
        "away=10-",
        "speaks=en",
        "likes=dairy:40",
        "daily=5",
        "pacing=even",
        "budget=1",
        "screen=1",
        "segment=family",
        "campaign=0",
        "group=a",
        "switchback=60",
        "ramp=300,600",
        "arms=a,b",
        "cap=0/1",
    ];
    prop::collection::vec(prop::sample::select(&RULES[..]), 0..5)
}

fn somebody() -> impl Strategy<Value = Somebody> {
    let knows = (any::<bool>(), 0..8_u32, 0..100_u8, any::<bool>());
    let knows = knows.prop_map(|(adult, visits, liking, english)| Profile {
        adult: Some(adult),
        visits,
        language: english.then(|| "en-GB".to_owned()),
        affinities: vec![("dairy".to_owned(), liking)],
        ..Profile::default()
    });
    let shown = prop::collection::vec(0..4_u16, 0..6);
    (0..3_u8, 0..120_000_u64, 0..16_u8, 0..4_u64, knows, shown).prop_map(
        |(zone, dwell_ms, purposes, segments, profile, shown)| Somebody {
            zone,
            dwell_ms,
            purposes: Purposes(purposes),
            segments: Bits(segments),
            profile,
            shown,
        },
    )
}

/// A moment before the screen.
#[derive(Debug, Clone)]
struct Moment {
    offers: Vec<Vec<&'static str>>,
    people: Vec<Somebody>,
    enrolled: u32,
    settling: bool,
    explore_permille: u16,
    seed: u64,
}

impl Moment {
    /// With the files read in another order; the plan is sorted by name.
    fn stage(&self, turn: usize) -> Stage {
        let mut plan = plan::small();
        let other = plan.screens[0].clone();
        plan.screens.push(Screen {
            id: "other".parse().unwrap(),
            ..other
        });
        let named = self.offers.iter().enumerate();
        plan.offers = named
            .map(|(at, words)| plan::offer(&format!("offer-{at:02}"), words))
            .collect();
        plan.offers.rotate_left(turn % self.offers.len());
        let mut stage = Stage::new(plan, &self.people);
        stage.census = vec![self.enrolled; self.offers.len()];
        stage.settling = self.settling;
        stage.explore_permille = self.explore_permille;
        stage.seed = self.seed;
        stage
    }
}

prop_compose! {
    fn moment()(
        offers in prop::collection::vec(asked(), 1..20),
        people in prop::collection::vec(somebody(), 0..6),
        enrolled in 0..200_u32,
        settling in any::<bool>(),
        explore_permille in 0..=200_u16,
        seed in any::<u64>(),
    ) -> Moment {
        Moment { offers, people, enrolled, settling, explore_permille, seed }
    }
}

fn decided(stage: &Stage) -> (Decision, Vec<u64>, Vec<Verdict>) {
    let viewers = stage.viewers();
    let scene = stage.scene(&viewers);
    let choice = decide(&scene, &Standing::new(&scene));
    let each = (0..stage.plan.offers.len() as u16).map(OfferIx);
    let alone = each.map(|offer| verdict(&scene, offer)).collect();
    let shoppers = choice.shoppers.iter().map(|s| s.0).collect();
    (choice.decision, shoppers, alone)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_offer_is_explained_as_it_was_decided(moment in moment()) {
        let (decision, _, alone) = decided(&moment.stage(0));
        prop_assert_eq!(decision.waterfall, alone);
    }

    #[test]
    fn the_same_moment_is_decided_the_same_whatever_the_order_of_files(
        moment in moment(),
        turn in 0..20_usize,
    ) {
        prop_assert_eq!(decided(&moment.stage(0)), decided(&moment.stage(turn)));
    }

    #[test]
    fn lots_drawn_beforehand_change_nothing(moment in moment()) {
        let mut drawn = moment.stage(0);
        drawn.draw();
        prop_assert_eq!(decided(&drawn), decided(&moment.stage(0)));
    }

    #[test]
    fn what_time_alone_mends_is_mended_at_the_moment_that_is_said(moment in moment()) {
        let stage = moment.stage(0);
        let viewers = stage.viewers();
        let scene = stage.scene(&viewers);
        for offer in (0..stage.plan.offers.len() as u16).map(OfferIx) {
            let Verdict::Stopped(reason) = verdict(&scene, offer) else { continue };
            let needed = remedy(&scene, offer, reason);
            prop_assert!(!needed.words.is_empty());
            let Some(at) = needed.from else { continue };
            let is_ahead = scene.now.wall.known().is_some_and(|wall| wall < at);
            prop_assert!(is_ahead, "{reason:?}: {needed:?}");
            let now = Now { wall: Wall::Synced(at), ..scene.now };
            let then = verdict(&Scene { now, ..scene }, offer);
            prop_assert_ne!(then, Verdict::Stopped(reason), "{:?}", needed);
        }
    }

    #[test]
    fn what_is_shown_breaks_no_rule(moment in moment()) {
        let (stage, people) = (moment.stage(0), &moment.people);
        let (decision, shoppers, _) = decided(&stage);
        let Some(chosen) = decision.chosen else {
            let none = decision.waterfall.iter().all(|v| matches!(v, Verdict::Stopped(_)));
            prop_assert!(none && shoppers.is_empty(), "the house loop although something could be shown");
            return Ok(());
        };
        prop_assert!(matches!(decision.waterfall[chosen.at()], Verdict::Scored(_)));
        let (best, got) = (decision.top(), decision.total());
        prop_assert!(decision.explored == (got < best), "{got} of {best}");
        prop_assert!(decision.propensity > 0.0 && decision.propensity <= 1.0);
        let offer = &stage.plan.offers[chosen.at()];
        about_the_shop(offer)?;
        let (shoppers_in_view, others) = decision.audience;
        let enough = stage.census[chosen.at()] >= 100 || shoppers_in_view as f32 + others > 2.99;
        prop_assert!(enough || !offer.is_personal());
        prop_assert!(!offer.is_personal() || !(stage.settling || shoppers.is_empty()));
        for shopper in shoppers {
            about_one(offer, chosen, &people[shopper as usize - 1])?;
        }
    }
}

/// Masks have 64 bits a word: nobody is lost at its end.
#[test]
fn a_screen_before_a_crowd_judges_those_an_offer_is_for() {
    let few = [(70_u8, 1_u8), (3, 1), (64, 2), (63, 2), (130, 6)];
    for (elsewhere, here) in few {
        let person = |zone| Somebody {
            zone,
            dwell_ms: 30_000,
            purposes: Purposes::ALL,
            segments: Bits::NONE,
            profile: Profile::default(),
            shown: Vec::new(),
        };
        let mut people = vec![person(2); usize::from(elsewhere)];
        people.extend(vec![person(1); usize::from(here)]);
        let decided = |people: &[Somebody]| {
            let mut plan = plan::small();
            plan.offers = vec![
                plan::offer("all", &["dwell=20"]),
                plan::offer("dairy", &["zone=dairy", "dwell=20"]),
                plan::offer("long", &["zone=dairy", "dwell=90"]),
            ];
            let stage = Stage::new(plan, people);
            let reach = |verdict: &Verdict| match verdict {
                Verdict::Scored(score) => Ok(score.reach),
                Verdict::Stopped(reason) => Err(*reason),
            };
            let verdicts = decided(&stage).0.waterfall;
            verdicts.iter().map(reach).collect::<Vec<_>>()
        };
        let all = decided(&people);
        let only = decided(&vec![person(1); usize::from(here)]);
        assert_eq!(all[1..], only[1..], "{elsewhere} {here}");
        assert_eq!(all[0], Ok(f32::from(elsewhere + here)));
        assert_eq!(only[0], Ok(f32::from(here)));
    }
}

/// It is nine o'clock and every sensor is silent.
fn about_the_shop(offer: &Offer) -> Result<(), TestCaseError> {
    let hours = &offer.schedule.hours;
    prop_assert!(hours.is_empty() || hours.iter().any(|h| h.from_minute == 540));
    prop_assert!(offer.conditions.is_empty());
    prop_assert!(offer.sensitivity <= Sensitivity::Segment);
    Ok(())
}

fn about_one(offer: &Offer, index: OfferIx, who: &Somebody) -> Result<(), TestCaseError> {
    prop_assert!(who.purposes.has(Purpose::InStoreOffers));
    prop_assert!(offer.zones.is_empty() || offer.zones.has(who.zone));
    // A switchback assigns blocks of time, not shoppers.
    prop_assert!(offer.holdout_permille < 1_000 || offer.trial.switchback_ms.is_some());
    prop_assert!(who.dwell_ms >= offer.dwell_ms_min);
    let shown = who.shown.get(index.at()).copied().unwrap_or(0);
    prop_assert!(shown < offer.cap.per_visit && shown < offer.cap.per_day);
    if !offer.is_personal() {
        return Ok(());
    }
    let asked = &offer.audience;
    prop_assert!(who.purposes.has(Purpose::Personalisation));
    prop_assert!(who.profile.adult == Some(true) && offer.segments.admits(who.segments));
    prop_assert!(
        asked
            .visits
            .is_none_or(|b| b.holds(i64::from(who.profile.visits) * 1_000))
    );
    prop_assert!(asked.days_away.is_none(), "nobody's last visit is known");
    prop_assert!(asked.languages.is_empty() || who.profile.language.is_some());
    let likes = who.profile.affinities[0].1;
    prop_assert!(asked.affinities.iter().all(|a| likes >= a.percent_min));
    Ok(())
}
