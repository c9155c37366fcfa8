//! `offers/*.toml` as they are written.

use super::trial::{Arm, Ramp};
use super::{
    Amount, Colour, Day, Duration, FileName, Hours, Language, Moment, Money, Name, Percent, Sku,
};
use super::{audience::Audience, limit::Voucher, store::Weekday};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One campaign.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Aislecast offer (offers/*.toml)")]
pub(crate) struct Offer {
    /// Name; also the name of the file.
    pub(crate) id: Name,
    /// Name as marketers read it.
    #[schemars(length(min = 1, max = 80))]
    pub(crate) title: String,
    /// How much showing it on a public screen says about the people before it.
    pub(crate) sensitivity: Sensitivity,
    /// Higher goes first among offers that could all be shown; 50 if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100), extend("default" = 50))]
    pub(crate) priority: Option<u8>,
    /// Department it belongs to, as in `store.toml`; it wins among shoppers who like that.
    #[serde(default)]
    pub(crate) department: Option<Name>,
    /// Products it promotes.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub(crate) skus: Vec<Sku>,
    /// Zones in which the people must be; any zone seen from the screen if left out.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) zones: Vec<Name>,
    /// Screens it may appear on; all if left out.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) screens: Vec<Name>,
    /// How long somebody must have been in the zone; at once if left out.
    #[serde(default)]
    #[schemars(extend("default" = "0s"))]
    pub(crate) dwell: Option<Duration>,
    /// How sure it must be that somebody is in those zones; if left out, being
    /// taken to be there (`presence.enter` of `store.toml`) is enough.
    #[serde(default)]
    #[schemars(extend("examples" = ["90 %"]))]
    pub(crate) zone_confidence: Option<Percent>,
    /// How long it stays on the screen; 12 seconds if left out.
    #[serde(default)]
    #[schemars(extend("default" = "12s"))]
    pub(crate) shown_for: Option<Duration>,
    /// Share of shoppers who never get it, so that its effect can be measured; 10 % if left out.
    #[serde(default)]
    #[schemars(extend("default" = "10 %"))]
    pub(crate) holdout: Option<Percent>,
    /// Several pictures to compare, the control first; each shopper always gets
    /// the same.
    #[serde(default, rename = "arm")]
    #[schemars(length(max = 4))]
    pub(crate) arms: Vec<Arm>,
    /// Length of blocks in which it is shown and not shown by turns on each
    /// screen, to measure it among people nobody knows. Shoppers are then not
    /// held out.
    #[serde(default)]
    #[schemars(extend("examples" = ["30min"]))]
    pub(crate) switchback: Option<Duration>,
    /// Lets it loose step by step; on everybody at once if left out.
    #[serde(default)]
    pub(crate) ramp: Option<Ramp>,
    /// When.
    pub(crate) schedule: Schedule,
    /// Who; everybody if left out.
    #[serde(default)]
    pub(crate) segments: Segments,
    /// What their profiles must say; nothing if left out.
    #[serde(default)]
    pub(crate) audience: Audience,
    /// What must be true of the shop around.
    #[serde(default)]
    pub(crate) when: When,
    /// How often for one shopper.
    #[serde(default)]
    pub(crate) cap: Cap,
    /// How often for everybody.
    pub(crate) budget: Budget,
    /// What to paint.
    pub(crate) creative: Creative,
    /// Of one group a shopper is shown one offer a visit, and its vouchers are
    /// not taken together.
    #[serde(default)]
    pub(crate) group: Option<Name>,
    /// The campaign of `store.toml` that it shares caps and budget with.
    #[serde(default)]
    pub(crate) campaign: Option<Name>,
    /// A voucher beside the picture: a signed code for one redemption.
    #[serde(default)]
    pub(crate) voucher: Option<Voucher>,
    /// A code beside the picture, so that a receipt tells which showing sold.
    #[serde(default)]
    pub(crate) code: Option<Code>,
    /// Situations and what is expected in them; `aislecast check` tries them all.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) test: Vec<Test>,
}

/// A code beside the picture: a GS1 Digital Link whose serial names the showing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// Global Coupon Number, AI (255), without its serial: 13 digits.
    #[schemars(length(min = 13, max = 13), extend("examples" = ["9520123456788"]))]
    pub(crate) coupon: String,
    /// Where the link begins; `"https://id.gs1.org"` if left out.
    #[serde(default)]
    #[schemars(length(min = 9, max = 80), extend("examples" = ["https://shop.example"]))]
    pub(crate) link: Option<String>,
}

/// How much showing an offer on a public screen says about the people before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sensitivity {
    /// Says nothing about anybody: may be shown to an empty aisle.
    Public,
    /// Says that somebody here belongs to a broad group.
    Segment,
    /// Says something about one person. Never on a public screen.
    Personal,
    /// Says something about health, belief, children. Never on a public screen.
    Sensitive,
}

/// Dates, weekdays and hours on the shop's clock.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schedule {
    /// First day; from now on if left out.
    #[serde(default)]
    pub(crate) first_day: Option<Day>,
    /// Last day, included. Every offer ends.
    pub(crate) last_day: Day,
    /// On which days; every day if left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 7))]
    pub(crate) weekdays: Option<Vec<Weekday>>,
    /// At which hours; all day if left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 8))]
    pub(crate) hours: Option<Vec<Hours>>,
}

/// Which segments a shopper must and must not be in.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Segments {
    /// At least one of these.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) any: Vec<Name>,
    /// Every one of these.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) all: Vec<Name>,
    /// None of these.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) none: Vec<Name>,
}

/// What must be true of the shop around. A silent sensor makes it false.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    /// Values of sensors.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub(crate) sensor: Vec<SensorRule>,
    /// Numbers of people.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub(crate) crowd: Vec<CrowdRule>,
    /// Pieces on the shelf.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub(crate) stock: Vec<StockRule>,
    /// What the tills take. Without it, the picture's own price must be what
    /// they take, where a sensor of kind `price` says so.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub(crate) price: Vec<PriceRule>,
}

/// The value of one sensor.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SensorRule {
    /// Which sensor of `store.toml`.
    pub(crate) id: Name,
    /// Not below.
    #[serde(default)]
    pub(crate) min: Option<Amount>,
    /// Not above.
    #[serde(default)]
    pub(crate) max: Option<Amount>,
}

/// The number of people somewhere, strangers counted by sensors included.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CrowdRule {
    /// Where; the zones seen from the screen together if left out.
    #[serde(default)]
    pub(crate) zone: Option<Name>,
    /// Not fewer.
    #[serde(default)]
    #[schemars(extend("examples" = ["3 people"]))]
    pub(crate) min: Option<Amount>,
    /// Not more.
    #[serde(default)]
    #[schemars(extend("examples" = ["12 people"]))]
    pub(crate) max: Option<Amount>,
}

/// Pieces of one product on the shelf.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StockRule {
    /// Which product; a sensor of kind `stock` must count it.
    pub(crate) sku: Sku,
    /// Not fewer.
    #[schemars(extend("examples" = ["6 pieces"]))]
    pub(crate) min: Amount,
}

/// What one product costs at the till.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceRule {
    /// Which product; a sensor of kind `price` must say what it costs.
    pub(crate) sku: Sku,
    /// Exactly this, as it is read: `29.000 ₫`.
    #[schemars(length(min = 1, max = 16), extend("examples" = ["29.000 ₫"]))]
    pub(crate) is: String,
}

/// How often one shopper may be shown it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the keys of the file")]
pub(crate) struct Cap {
    /// Within one visit; once if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100), extend("default" = 1))]
    pub(crate) per_visit: Option<u16>,
    /// Within one day; as often as within one visit if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub(crate) per_day: Option<u16>,
    /// For everybody: showings on one screen within one hour; any number if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) per_screen_hour: Option<u16>,
}

/// How often it may be shown at all.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// Showings over the whole campaign.
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) showings: u32,
    /// Showings within one day; as many as there are if left out.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) showings_per_day: Option<u32>,
    /// How a day's showings are spread over it; `"free"` if left out.
    #[serde(default)]
    #[schemars(extend("default" = "free"))]
    pub(crate) pacing: Option<Pacing>,
}

/// How a day's showings are spread over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Pacing {
    /// As they come.
    Free,
    /// Evenly over the hours at which the shop is open and the offer runs.
    Even,
}

/// One picture: text and colours.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Creative {
    /// Background colour. The text on it is white.
    pub(crate) colour: Colour,
    /// Name of a picture in the `creatives` folder.
    #[serde(default)]
    pub(crate) image: Option<FileName>,
    /// The price as it is to be read, with its currency: `29.000 ₫`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 16))]
    pub(crate) price: Option<String>,
    /// The price before, struck through.
    #[serde(default)]
    #[schemars(length(min = 1, max = 16))]
    pub(crate) price_before: Option<String>,
    /// A short flag such as `-20%`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 10))]
    pub(crate) badge: Option<String>,
    /// The words, in order of preference; the first are painted large.
    #[schemars(length(min = 1, max = 4))]
    pub(crate) texts: Vec<Text>,
}

/// The words in one language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    /// Language tag: `vi`, `en`.
    pub(crate) language: Language,
    /// One line. More than 48 characters become unreadable from an aisle away.
    #[schemars(length(min = 1, max = 48))]
    pub(crate) headline: String,
    /// One or two sentences.
    #[serde(default)]
    #[schemars(length(max = 140))]
    pub(crate) body: Option<String>,
}

/// A situation and what is expected in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
    /// The situation in words.
    #[schemars(length(min = 1, max = 120))]
    pub(crate) name: String,
    /// Date and time on the shop's clock; leave it out for a clock nobody vouches for.
    #[serde(default)]
    pub(crate) at: Option<Moment>,
    /// On which screen.
    pub(crate) screen: Name,
    /// Shoppers who opted in and are seen from the screen.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub(crate) audience: Vec<Person>,
    /// Values of sensors; a sensor that is left out is silent. A door says how
    /// many people are in the shop, which are spread over its zones by area.
    #[serde(default)]
    pub(crate) sensors: BTreeMap<String, Amount>,
    /// Enrolled shoppers who qualify; 0 if left out.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) enrolled: Option<u32>,
    /// Whether few people came or went just now; no if left out.
    #[serde(default)]
    pub(crate) settling: Option<bool>,
    /// Whether it is the offer's turn on the screen; yes if left out.
    #[serde(default)]
    pub(crate) turn: Option<bool>,
    /// Showings already charged to the budget.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) showings: Option<u32>,
    /// Showings already charged today.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) showings_today: Option<u32>,
    /// Whether the offer's switchback is off on that screen; no if left out.
    #[serde(default)]
    pub(crate) switched_off: Option<bool>,
    /// Whether the offer was taken back by its ramp's guard; no if left out.
    #[serde(default)]
    pub(crate) reverted: Option<bool>,
    /// Its vouchers that are out or redeemed.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) vouchers: Option<u32>,
    /// Those of them issued today.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) vouchers_today: Option<u32>,
    /// Showings of its campaign.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) campaign_showings: Option<u32>,
    /// What vouchers of its campaign have cost.
    #[serde(default)]
    pub(crate) campaign_money: Option<Money>,
    /// Showings on this screen within this hour.
    #[serde(default)]
    pub(crate) this_hour: Option<u16>,
    /// Expected: whether nothing stops the offer.
    #[serde(default)]
    pub(crate) shown: Option<bool>,
    /// Expected: what stops it, by the name `aislecast` gives the reason.
    #[serde(default)]
    #[schemars(length(min = 1, max = 40))]
    pub(crate) why: Option<String>,
}

/// A shopper who opted in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// Where.
    pub(crate) zone: Name,
    /// Since when; a minute if left out.
    #[serde(default)]
    pub(crate) dwell: Option<Duration>,
    /// How sure it is; entirely if left out.
    #[serde(default)]
    pub(crate) sure: Option<Percent>,
    /// In which segments.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) segments: Vec<Name>,
    /// Whether consent to being shown offers holds; yes if left out.
    #[serde(default)]
    pub(crate) consent: Option<bool>,
    /// Whether consent to choosing them by profile holds; yes if left out.
    #[serde(default)]
    pub(crate) personalisation: Option<bool>,
    /// Preferred language; unknown if left out.
    #[serde(default)]
    pub(crate) language: Option<Language>,
    /// Visits so far; none if left out.
    #[serde(default)]
    #[schemars(range(max = 100_000))]
    pub(crate) visits: Option<u32>,
    /// Days since the visit before this one; unknown if left out.
    #[serde(default)]
    #[schemars(range(max = 100_000))]
    pub(crate) days_away: Option<u32>,
    /// How much departments are liked.
    #[serde(default)]
    pub(crate) affinities: BTreeMap<String, Percent>,
    /// Whether known to be of age; yes if left out.
    #[serde(default)]
    pub(crate) adult: Option<bool>,
    /// Whether held out from this offer; no if left out.
    #[serde(default)]
    pub(crate) held_out: Option<bool>,
    /// Whether the offer's ramp has not come to them yet; no if left out.
    #[serde(default)]
    pub(crate) waiting: Option<bool>,
    /// How often shown this offer within this visit; never if left out.
    #[serde(default)]
    pub(crate) seen_this_visit: Option<u16>,
    /// How often shown this offer today; as often as within this visit if left out.
    #[serde(default)]
    pub(crate) seen_today: Option<u16>,
    /// Whether shown another offer of its group within this visit; no if left out.
    #[serde(default)]
    pub(crate) seen_group: Option<bool>,
    /// How often shown other offers of its campaign within this visit; never if left out.
    #[serde(default)]
    pub(crate) seen_campaign: Option<u16>,
}
