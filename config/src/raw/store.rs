//! `store.toml` as it is written.

use super::{
    Duration, Hours, Jurisdiction, Listen, Name, Percent, Size, Sku,
    device::{Scanner, Sensor},
    limit::Campaign,
    mapper::Mapper,
    offer,
    screen::Screen,
    till::Till,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One shop: its floor, its devices, and how its gateway runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Aislecast shop (store.toml)")]
pub(crate) struct Store {
    /// Which shop this is.
    #[serde(rename = "store")]
    pub(crate) site: Site,
    /// Who answers for what is kept of shoppers, as records of consent name them.
    pub(crate) controller: Option<Controller>,
    /// When the shop is open. Outside, screens show the house loop.
    pub(crate) opening: Opening,
    /// Walls and shelves.
    pub(crate) floor: Floor,
    /// Parts of the floor that offers can be aimed at.
    #[schemars(length(min = 1, max = 64))]
    pub(crate) zones: Vec<Zone>,
    /// Radio receivers with a known place.
    #[schemars(length(min = 1, max = 64))]
    pub(crate) scanners: Vec<Scanner>,
    /// Door counters, thermometers, shelf scales and the like.
    #[serde(default)]
    #[schemars(length(max = 256))]
    pub(crate) sensors: Vec<Sensor>,
    /// How messages are read that no dialect knows.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub(crate) mappers: Vec<Mapper>,
    /// Tills that tell of receipts in their own words.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub(crate) tills: Vec<Till>,
    /// Displays.
    #[schemars(length(min = 1, max = 64))]
    pub(crate) screens: Vec<Screen>,
    /// Segments that the loyalty programme knows, each with a word for people.
    /// Offers can only mention these.
    #[serde(default)]
    pub(crate) segments: BTreeMap<String, String>,
    /// What says something about health, belief or children here.
    #[serde(default)]
    pub(crate) sensitive: Sensitive,
    /// Offers that share caps and a budget.
    #[serde(default)]
    #[schemars(length(max = 256))]
    pub(crate) campaigns: Vec<Campaign>,
    /// What screens show when there is nothing better.
    #[schemars(length(min = 1, max = 16))]
    pub(crate) house: Vec<offer::Creative>,
    /// How people are taken to be somewhere.
    pub(crate) presence: Presence,
    /// What keeps a public screen from giving people away.
    pub(crate) guard: Guard,
    /// How one of several offers is chosen.
    pub(crate) decide: Decide,
    /// Where the messages come from.
    pub(crate) broker: Broker,
    /// The console, the screens' page and the API.
    pub(crate) http: Http,
    /// How offers change while the shop runs.
    pub(crate) offers: Offers,
    /// Whose bundles of offers are taken.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) authors: Vec<Author>,
    /// What other systems are told.
    pub(crate) outward: Outward,
    /// The broker of a hub of many shops. Left out, no hub is told anything.
    pub(crate) uplink: Option<External>,
    /// What is kept and where.
    pub(crate) storage: Storage,
    /// How long things are kept.
    pub(crate) retention: Retention,
    /// What the shop's days are recorded for, to decide them again. Left out,
    /// nothing is recorded.
    pub(crate) recording: Option<Recording>,
    /// How logs are written.
    pub(crate) log: Log,
}

/// Which shop this is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    /// Name in topics and addresses.
    pub(crate) id: Name,
    /// Name as people read it.
    #[schemars(length(min = 1, max = 80))]
    pub(crate) name: String,
    /// Name of the shop's time zone in the IANA database: `Asia/Ho_Chi_Minh`.
    #[schemars(length(min = 1, max = 40), extend("examples" = ["Asia/Ho_Chi_Minh"]))]
    pub(crate) time_zone: String,
}

/// Who answers for what is kept of shoppers: the controller, as privacy law has it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Controller {
    /// As it is registered. Left out, the shop's name.
    #[schemars(length(min = 1, max = 120))]
    pub(crate) name: Option<String>,
    /// Where it is, as on a letter.
    #[schemars(length(min = 1, max = 240))]
    pub(crate) address: String,
    /// Where shoppers ask about their data: a mail address, a telephone number or a page.
    #[schemars(length(min = 1, max = 240))]
    pub(crate) contact: String,
    /// Under whose law.
    pub(crate) jurisdiction: Jurisdiction,
}

/// When the shop is open.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    /// On which days.
    #[schemars(length(min = 1, max = 7))]
    pub(crate) weekdays: Vec<Weekday>,
    /// At which hours.
    #[schemars(length(min = 1, max = 8))]
    pub(crate) hours: Vec<Hours>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A place: metres east and metres north of the floor's south-west corner.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct Place(pub(crate) [f32; 2]);

impl JsonSchema for Place {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        // Half a kilometre is more shop than 64 zones can describe.
        schemars::json_schema!({
            "type": "array",
            "items": { "type": "number", "minimum": -500.0, "maximum": 500.0 },
            "minItems": 2,
            "maxItems": 2,
            "examples": [[3.5, 2.0]],
        })
    }
}

/// Corners in either direction; the last is joined to the first.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(crate) struct Corners(#[schemars(length(min = 3, max = 64))] pub(crate) Vec<Place>);

/// Walls and shelves, metres from the south-west corner: `[east, north]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Floor {
    /// The outer wall.
    pub(crate) outline: Corners,
    /// Shelves, counters, pillars: people walk around them, and radio loses
    /// strength in them.
    #[serde(default)]
    #[schemars(length(max = 512))]
    pub(crate) obstacles: Vec<Corners>,
    /// Storeys above the ground floor, rising; none if left out.
    #[serde(default)]
    #[schemars(length(max = 7))]
    pub(crate) upper: Vec<Upper>,
    /// Stairs, escalators, lifts: without them nobody changes storeys.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) stairs: Vec<Stairs>,
}

/// A storey above the ground floor, measured from the same corner.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upper {
    /// Its outer wall.
    pub(crate) outline: Corners,
    /// Its shelves, counters, pillars, and the hole above an open hall.
    #[serde(default)]
    #[schemars(length(max = 512))]
    pub(crate) obstacles: Vec<Corners>,
}

/// Where one gets from one storey to the next.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stairs {
    /// The lower of the two storeys, 0 for the ground floor.
    #[schemars(range(max = 6))]
    pub(crate) lower: u8,
    /// Where on both.
    pub(crate) area: Corners,
}

/// A part of the floor that offers can be aimed at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Zone {
    /// Name in files and topics.
    pub(crate) id: Name,
    /// Name as people read it.
    #[schemars(length(min = 1, max = 60))]
    pub(crate) label: String,
    /// Where it is, metres.
    pub(crate) area: Corners,
    /// Whether this is the way in and out. At least one zone is.
    #[serde(default)]
    pub(crate) entrance: bool,
    /// Department sold here; links to what a shopper likes.
    #[serde(default)]
    pub(crate) department: Option<Name>,
    /// Storey, 0 for the ground floor; 0 if left out.
    #[serde(default)]
    #[schemars(range(max = 7))]
    pub(crate) level: u8,
}

/// What says something about health, belief or children in this shop: offers
/// for it are never on a public screen, whatever their files say.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sensitive {
    /// Departments.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub(crate) departments: Vec<Name>,
    /// Products.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    pub(crate) skus: Vec<Sku>,
    /// Words that no picture on a public screen may hold.
    #[serde(default)]
    #[schemars(length(max = 1_000), inner(length(min = 1, max = 40)))]
    pub(crate) words: Vec<String>,
}

/// How people are taken to be somewhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Presence {
    /// Probability of a zone at which somebody enters it.
    pub(crate) enter: Percent,
    /// Probability of the current zone below which somebody leaves it.
    pub(crate) leave: Percent,
    /// Silence after which somebody is taken to have left the shop.
    pub(crate) absent_after: Duration,
    /// How fast radio fades with distance: 2 in the open, 3 and more among shelves.
    #[schemars(range(min = 1.0, max = 6.0))]
    pub(crate) path_loss_exponent: f32,
}

/// What keeps a public screen from giving people away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guard {
    /// An offer for a segment needs at least this many people surely in view ...
    #[schemars(range(max = 1000))]
    pub(crate) people_in_view_min: u16,
    /// ... and at least this many enrolled shoppers who qualify.
    #[schemars(range(max = 1_000_000))]
    pub(crate) enrolled_min: u32,
    /// It has its turn on a screen in one of so many quarters of an hour.
    #[schemars(range(max = 1000))]
    pub(crate) turns: u16,
    /// A picture stays at least this long unless it must go.
    pub(crate) dwell_on_screen_min: Duration,
    /// After few people came or went no such offer appears for about this long.
    pub(crate) settle: Duration,
}

/// How one of several offers is chosen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    /// Share of pictures drawn evenly from all offers that nothing stops, so
    /// that what is rarely shown can be learned about; up to 20 %.
    pub(crate) explore: Percent,
}

/// Where the messages come from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Broker {
    /// Which of the two below is used.
    pub(crate) mode: BrokerMode,
    /// For `embedded`: where devices reach it.
    pub(crate) listen: Listen,
    /// For `embedded`, which asks nobody for a password: whether that is known and wanted.
    #[serde(default)]
    pub(crate) allow_anonymous: bool,
    /// For `external`: how the gateway reaches it.
    pub(crate) external: External,
}

/// Which broker is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BrokerMode {
    /// A broker inside the gateway: for trying things out.
    Embedded,
    /// A broker that runs beside it, usually mosquitto.
    External,
}

/// How to reach an external broker.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct External {
    /// Host name or address.
    #[schemars(length(min = 1, max = 253), extend("examples" = ["localhost"]))]
    pub(crate) host: String,
    /// 1883, or 8883 with TLS.
    #[schemars(range(min = 1, max = 65535))]
    pub(crate) port: u16,
    /// Client id on the broker.
    pub(crate) client_id: Name,
    /// Silence after which the link is probed.
    pub(crate) keep_alive: Duration,
    /// User name, if the broker asks for one.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) username: Option<String>,
    /// File that holds the password, and nothing else.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) password_file: Option<String>,
    /// With TLS: PEM file of the authority that signed the broker's certificate.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) tls_ca_file: Option<String>,
    /// With TLS: PEM file of our own certificate, if the broker asks for one.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) tls_certificate_file: Option<String>,
    /// With TLS: PEM file of the key of our own certificate.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) tls_key_file: Option<String>,
}

/// The console, the screens' page and the API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    /// Address and port.
    pub(crate) listen: Listen,
    /// File that holds a token which may do everything; accounts and tokens that can be
    /// taken back are made by `aislecast account` and `aislecast token`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) token_file: Option<String>,
    /// File that holds a token to plan, apply and pause offers with, and nothing
    /// else; only its owner may read it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) marketer_token_file: Option<String>,
    /// File that holds a token to look and change nothing, and nothing else; only
    /// its owner may read it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) viewer_token_file: Option<String>,
}

/// How offers change while the shop runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offers {
    /// Whether a bundle of a marketer needs the signature of an operator, too.
    pub(crate) countersign: bool,
}

/// Somebody whose bundles of offers are taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Author {
    /// Name in bundles and in the history.
    pub(crate) name: Name,
    /// Public key, as `aislecast offers keygen` prints it.
    #[schemars(length(min = 64, max = 64))]
    pub(crate) key: String,
    /// Whether their signature counts as an operator's.
    pub(crate) role: Role,
}

/// What an author may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Make bundles.
    Marketer,
    /// Make bundles, and countersign those of others.
    Operator,
}

/// What other systems are told. Never anything about a person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outward {
    /// Whether events go out as `CloudEvents`: what screens showed, what is
    /// wrong, how full zones are at least.
    pub(crate) events: bool,
    /// Zones, screens and health as devices of Home Assistant.
    pub(crate) home_assistant: HomeAssistant,
}

/// Zones, screens and health as devices of Home Assistant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HomeAssistant {
    /// Whether it is told of them.
    pub(crate) enabled: bool,
    /// Its discovery prefix.
    #[schemars(length(min = 1, max = 60), extend("examples" = ["homeassistant"]))]
    pub(crate) prefix: String,
}

/// What is kept and where.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Storage {
    /// Folder of ledger, cache and secrets.
    #[schemars(length(min = 1, max = 400))]
    pub(crate) dir: String,
    /// Memory for the cache's pages.
    pub(crate) cache: Size,
    /// How often the cache is written behind.
    pub(crate) flush_every: Duration,
    /// Longest wait before a commit is made durable together with others.
    pub(crate) group_commit: Duration,
    /// A file this large is kept to be given up when the disk is full.
    pub(crate) ballast: Size,
}

/// How long things are kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retention {
    /// Who was shown what, one by one; when the oldest is older, all so far is
    /// replaced by its sums.
    pub(crate) exposures: Duration,
    /// Profiles of shoppers who neither came in nor were imported again.
    pub(crate) unused_profiles: Duration,
}

/// How much of the shop's days is recorded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recording {
    /// Days that are kept, today included.
    #[schemars(range(min = 1, max = 31))]
    pub(crate) keep_days: u8,
    /// Room for all of them; the oldest day goes first.
    pub(crate) max_bytes: Size,
}

/// How logs are written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// For people or for machines.
    pub(crate) format: LogFormat,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}
