//! Tills, baskets, stock, and the planted effect of offers.

use super::facts::{BASE_PURCHASE, DISPLAY_LIFT};
use super::person::Person;
use crate::chance::Chance;
use engine::{
    event::BasketLine,
    plan::{OfferIx, SensorIx, SensorKind, StorePlan, ZoneIx},
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Tills that are open.
const TILLS: usize = 3;
/// Time at the till: per customer and per piece, s, assumed.
const SERVICE_S: (f64, f64) = (18.0, 1.6);
/// Products of a department besides the promoted ones.
const GENERIC_SKUS: u64 = 20;
/// A shelf is filled to this many pieces ...
const STOCK_FULL: u16 = 40;
/// ... when fewer than this are left ...
const STOCK_LOW: u16 = 4;
/// ... by staff who come after about so long, ms.
const RESTOCK_AFTER_MS: f64 = 900_000.0;

/// A closed basket, by customer number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// Till and receipt number.
    pub receipt: String,
    /// The customer, when a loyalty card was shown.
    pub card: Option<u32>,
    /// What was bought.
    pub lines: Vec<BasketLine>,
}

/// Ground truth of one offer's effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effect {
    /// People who were at its shelf and saw it; those of them who bought.
    pub saw: (u32, u32),
    /// People who were at its shelf and did not see it; those of them who bought.
    pub unseen: (u32, u32),
}

/// Tills, stock and what offers do.
#[derive(Debug)]
pub struct Trade {
    queue: VecDeque<u32>,
    tills: [Option<(u32, u64)>; TILLS],
    receipts: u64,
    /// Makes receipts of another day differ.
    day: String,
    offers_by_zone: Vec<Vec<OfferIx>>,
    stock: BTreeMap<SensorIx, Stock>,
    /// By offer.
    pub effects: Vec<Effect>,
}

#[derive(Debug)]
struct Stock {
    sku: String,
    pieces: u16,
    restocked_ms: Option<u64>,
}

impl Trade {
    /// Opens the tills; `day` becomes part of receipt numbers.
    pub fn new(plan: &StorePlan, day: String) -> Self {
        let sells = |zone: usize, offer: &engine::plan::Offer| {
            let department = plan.zones[zone].department.as_ref();
            offer.zones.has(zone as u8)
                || (department.is_some() && offer.department.as_ref() == department)
        };
        let offers_by_zone = (0..plan.zones.len())
            .map(|zone| {
                let all = (0..).map(OfferIx).zip(&plan.offers);
                all.filter(|(_, offer)| sells(zone, offer))
                    .map(|(ix, _)| ix)
                    .collect()
            })
            .collect();
        Self {
            queue: VecDeque::new(),
            tills: [None; TILLS],
            receipts: 0,
            day,
            offers_by_zone,
            stock: stock(plan),
            effects: vec![Effect::default(); plan.offers.len()],
        }
    }

    /// People waiting.
    pub fn queue_length(&self) -> usize {
        self.queue.len()
    }

    /// Pieces on the shelf a stock sensor watches.
    pub fn pieces(&self, sensor: SensorIx) -> u16 {
        self.stock.get(&sensor).map_or(0, |s| s.pieces)
    }

    /// Stands somebody in the queue.
    pub fn join(&mut self, person: u32) {
        self.queue.push_back(person);
    }

    /// Who has paid by now, and calls the next ones up.
    pub fn served(&mut self, now_ms: u64, pieces_of: impl Fn(u32) -> u32) -> Vec<u32> {
        let mut done = Vec::new();
        for till in &mut self.tills {
            if let Some((person, until)) = *till
                && now_ms >= until
            {
                done.push(person);
                *till = None;
            }
            if till.is_none()
                && let Some(person) = self.queue.pop_front()
            {
                let seconds = SERVICE_S.0 + SERVICE_S.1 * f64::from(pieces_of(person));
                *till = Some((person, now_ms + (seconds * 1000.0) as u64));
            }
        }
        done
    }

    /// Somebody leaves without having paid (the world ended or they gave up).
    pub fn sell(&mut self, plan: &StorePlan, person: &Person, chance: &mut Chance) -> Sale {
        self.receipts += 1;
        let mut lines = Vec::new();
        for (zone, pieces) in &person.taken {
            push_generic(&mut lines, plan, *zone, *pieces, chance);
        }
        for offer in self.offers_met(person) {
            if self.decides_to_buy(plan, offer, person, chance) {
                self.take(plan, offer, &mut lines, chance);
            }
        }
        Sale {
            receipt: format!("{}-{:05}", self.day, self.receipts),
            card: person.customer.filter(|_| chance.happens(0.85)),
            lines,
        }
    }

    /// Offers whose product stood where this person took something.
    fn offers_met(&self, person: &Person) -> BTreeSet<OfferIx> {
        let zones = person.taken.keys();
        zones
            .flat_map(|z| self.offers_by_zone[z.at()].iter().copied())
            .collect()
    }

    fn decides_to_buy(
        &mut self,
        plan: &StorePlan,
        offer: OfferIx,
        person: &Person,
        chance: &mut Chance,
    ) -> bool {
        if plan.offers[offer.at()].skus.is_empty() {
            return false;
        }
        let saw = person.saw.contains(&offer);
        let lift = if saw { DISPLAY_LIFT } else { 1.0 };
        let buys = chance.happens(BASE_PURCHASE * lift);
        let effect = &mut self.effects[offer.at()];
        let side = if saw {
            &mut effect.saw
        } else {
            &mut effect.unseen
        };
        side.0 += 1;
        side.1 += u32::from(buys);
        buys
    }

    fn take(
        &mut self,
        plan: &StorePlan,
        offer: OfferIx,
        lines: &mut Vec<BasketLine>,
        chance: &mut Chance,
    ) {
        let sku = chance.pick(&plan.offers[offer.at()].skus).clone();
        let pieces = 1 + i32::from(chance.happens(0.25));
        for stock in self.stock.values_mut().filter(|s| s.sku == sku) {
            stock.pieces = stock.pieces.saturating_sub(pieces as u16);
        }
        lines.push(line(sku, pieces));
    }

    /// Lets staff fill shelves.
    pub fn restock(&mut self, now_ms: u64, chance: &mut Chance) {
        for stock in self.stock.values_mut() {
            match stock.restocked_ms {
                Some(at) if now_ms >= at => {
                    stock.pieces = STOCK_FULL;
                    stock.restocked_ms = None;
                }
                None if stock.pieces < STOCK_LOW => {
                    let wait = chance.wait(RESTOCK_AFTER_MS) as u64;
                    stock.restocked_ms = Some(now_ms + wait);
                }
                Some(_) | None => {}
            }
        }
    }
}

fn stock(plan: &StorePlan) -> BTreeMap<SensorIx, Stock> {
    let watches = |kind| matches!(kind, SensorKind::Stock | SensorKind::ShelfWeight);
    (0..)
        .map(SensorIx)
        .zip(&plan.sensors)
        .filter(|(_, s)| watches(s.kind))
        .map(|(ix, s)| {
            let stock = Stock {
                sku: s.sku.clone().unwrap_or_default(),
                pieces: STOCK_FULL,
                restocked_ms: None,
            };
            (ix, stock)
        })
        .collect()
}

fn push_generic(
    lines: &mut Vec<BasketLine>,
    plan: &StorePlan,
    zone: ZoneIx,
    pieces: u32,
    chance: &mut Chance,
) {
    let department = plan.zones[zone.at()]
        .department
        .as_deref()
        .unwrap_or("misc");
    let mut left = pieces;
    while left > 0 && lines.len() < 60 {
        let some = (1 + chance.below(3) as u32).min(left);
        left -= some;
        let sku = format!("{department}-{:02}", chance.below(GENERIC_SKUS));
        lines.push(line(sku, some as i32));
    }
}

/// A price of 5,000 to 200,000 dong that belongs to the product.
fn line(sku: String, pieces: i32) -> BasketLine {
    let mix = sku.bytes().fold(7_u64, |h, b| {
        h.wrapping_mul(0x0100_0000_01b3) ^ u64::from(b)
    });
    let price = 5_000 + (mix >> 20) % 196 * 1_000;
    BasketLine {
        sku,
        pieces,
        amount_minor: i64::from(pieces) * price as i64,
    }
}
