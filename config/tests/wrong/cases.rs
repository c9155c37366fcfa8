//! What is done to the shipped shop, one thing at a time.

/// What is done to one file of the shipped shop.
pub(crate) enum Edit {
    /// Each place of the first text becomes the second.
    Swap(&'static str, &'static str),
    /// The whole file becomes this.
    Whole(&'static str),
    /// The file becomes these bytes.
    Bytes(&'static [u8]),
    /// The file is gone.
    Gone,
}
use Edit::{Bytes, Gone, Swap, Whole};

pub(crate) const STORE: &str = "store.toml";
pub(crate) const TEA: &str = "offers/iced-tea-noon.toml";
pub(crate) const MILK: &str = "offers/young-family-milk.toml";

pub(crate) const CASES: &[(&str, &str, Edit)] = &[
    // The file itself
    ("there is no store.toml", STORE, Gone),
    ("not UTF-8", TEA, Bytes(b"id = \"\xff\xfe\"")),
    ("not TOML, twice", TEA, Whole("id = iced\ntitle == 'x'\n")),
    (
        "a key twice",
        STORE,
        Swap("offset = \"0 dB\"", "offset = \"0 dB\"\noffset = \"1 dB\""),
    ),
    ("an empty offer", TEA, Whole("")),
    // Keys, types, values
    (
        "an unknown key with a near one",
        STORE,
        Swap("at = [3.5, 2.5]", "att = [3.5, 2.5]"),
    ),
    (
        "an unknown key with no near one",
        STORE,
        Swap("[http]\n", "[http]\ncolour = 1\n"),
    ),
    (
        "an unknown section",
        STORE,
        Swap("[presence]", "[presense]"),
    ),
    (
        "a country that is none",
        STORE,
        Swap("jurisdiction = \"VN\"", "jurisdiction = \"Việt Nam\""),
    ),
    (
        "a controller without a contact",
        STORE,
        Swap("contact = \"quyenriengtu@hoamai.example\"\n", ""),
    ),
    ("a missing key", STORE, Swap("label = \"Lối vào\"\n", "")),
    (
        "a number where a duration belongs",
        TEA,
        Swap("shown_for = \"12s\"", "shown_for = 12"),
    ),
    (
        "a duration without a unit",
        TEA,
        Swap("shown_for = \"12s\"", "shown_for = \"12\""),
    ),
    (
        "a unit nobody knows",
        STORE,
        Swap("\"16 MiB\"", "\"16 MB\""),
    ),
    (
        "a word that is none of few",
        TEA,
        Swap("\"public\"", "\"pubic\""),
    ),
    ("a weekday in full", TEA, Swap("\"mon\"", "\"monday\"")),
    (
        "a name with a capital",
        STORE,
        Swap("id = \"produce\"", "id = \"Produce\""),
    ),
    ("a date there is not", TEA, Swap("2030-12-31", "2030-02-31")),
    (
        "hours that end when they begin",
        TEA,
        Swap("10:00-17:00", "10:00-10:00"),
    ),
    (
        "a headline too long for a screen",
        TEA,
        Swap(
            "Nóng quá? Trà đào đây!",
            "Nóng quá? Trà đào đây! Uống một ngụm là mát cả ngày dài",
        ),
    ),
    (
        "a text over two lines",
        TEA,
        Swap(
            "\"Nóng quá? Trà đào đây!\"",
            "\"\"\"Nóng quá?\nTrà đào đây!\"\"\"",
        ),
    ),
    (
        "a priority out of range",
        TEA,
        Swap("priority = 60", "priority = 600"),
    ),
    (
        "a corner with one number",
        STORE,
        Swap("[[0, 0], [7, 0]", "[[0], [7, 0]"),
    ),
    (
        "a coordinate that is no number",
        STORE,
        Swap("at = [3.5, 2.5]", "at = [nan, 2.5]"),
    ),
    (
        "an address without a port",
        STORE,
        Swap("127.0.0.1:8080", "127.0.0.1"),
    ),
    ("a colour by name", TEA, Swap("\"#8a3b12\"", "\"brown\"")),
    // The floor
    (
        "a zone outside the wall",
        STORE,
        Swap(
            "[[24, 0], [30, 0], [30, 6], [24, 6]]",
            "[[24, 0], [34, 0], [34, 6], [24, 6]]",
        ),
    ),
    (
        "zones that overlap",
        STORE,
        Swap(
            "[[12, 5], [16, 5], [16, 15], [12, 15]]",
            "[[11, 5], [16, 5], [16, 15], [11, 15]]",
        ),
    ),
    (
        "an area whose edges cross",
        STORE,
        Swap(
            "[[12, 5], [16, 5], [16, 15], [12, 15]]",
            "[[12, 5], [16, 15], [16, 5], [12, 15]]",
        ),
    ),
    (
        "an area of nothing",
        STORE,
        Swap(
            "[[12, 5], [16, 5], [16, 15], [12, 15]]",
            "[[12, 5], [12, 10], [12, 15]]",
        ),
    ),
    (
        "a zone behind a counter",
        STORE,
        Swap(
            "[[0, 17.6], [6.2, 17.6], [6.2, 20], [0, 20]]",
            "[[0, 12.5], [8, 12.5], [8, 20], [0, 20]]",
        ),
    ),
    (
        "no way in",
        STORE,
        Swap("entrance = true", "entrance = false"),
    ),
    (
        "a zone twice",
        STORE,
        Swap("id = \"snacks\"\nlabel", "id = \"drinks\"\nlabel"),
    ),
    // Devices
    (
        "a scanner far away",
        STORE,
        Swap("at = [3.5, 2.5]", "at = [350, 250]"),
    ),
    (
        "theengs without its topic",
        STORE,
        Swap("base = \"home/TheengsGateway-frozen\"\n", ""),
    ),
    (
        "a topic with a wildcard",
        STORE,
        Swap("home/TheengsGateway-frozen", "home/+/frozen"),
    ),
    (
        "a scanner that does not say where it publishes",
        STORE,
        Swap(
            "source = \"theengs\"\nbase = \"home/TheengsGateway-frozen\"",
            "source = \"ingics\"",
        ),
    ),
    (
        "a topic with a wildcard, and a key of another make",
        STORE,
        Swap(
            "source = \"theengs\"\nbase = \"home/TheengsGateway-frozen\"",
            "source = \"minew\"\ntopic = \"gw/#\"\nroom = \"frozen\"",
        ),
    ),
    (
        "several gateways on one topic that cannot be told apart",
        STORE,
        Swap(
            "source = \"espresense\"\n# The room it names itself by: espresense/devices/<id>/rice\nroom = \"rice\"",
            "source = \"ruuvi-gateway\"\ntopic = \"ruuvi\"",
        ),
    ),
    (
        "an address that is none",
        STORE,
        Swap(
            "source = \"theengs\"\nbase = \"home/TheengsGateway-frozen\"",
            "source = \"minew\"\ntopic = \"gw\"\nmac = \"AC233F\"",
        ),
    ),
    (
        "a device that nobody can find, and a key of another source",
        STORE,
        Swap(
            "kind = \"queue\"",
            "kind = \"queue\"\nfrom = { source = \"shelly\", device = \"till\" }",
        ),
    ),
    (
        "a quantity that such a sensor does not have",
        STORE,
        Swap(
            "kind = \"queue\"",
            "kind = \"queue\"\nfrom = { source = \"tasmota\", topic = \"tele/x\", quantity = \"ocupants\" }",
        ),
    ),
    (
        "a distance and a weight that say nothing alone",
        STORE,
        Swap(
            "kind = \"occupancy\"",
            "kind = \"occupancy\"\nfrom = { source = \"tasmota\", topic = \"tele/x\", quantity = \"distance\", piece = \"3 g\" }",
        ),
    ),
    (
        "a sensor on a node and from elsewhere",
        STORE,
        Swap(
            "node = \"s-snacks\"\nport = 0",
            "node = \"s-snacks\"\nport = 0\nfrom = { source = \"homie\", topic = \"homie/5/x\" }",
        ),
    ),
    (
        "a door with one way",
        STORE,
        Swap(
            "kind = \"door\"",
            "kind = \"door\"\nfrom = { source = \"axis\", topic = \"axis/x\", inward = 1 }",
        ),
    ),
    (
        "a room for a node",
        STORE,
        Swap("offset = \"0 dB\"", "room = \"door\""),
    ),
    (
        "a sensor at an unknown zone",
        STORE,
        Swap(
            "kind = \"queue\"\nzone = \"checkout\"",
            "kind = \"queue\"\nzone = \"checkouts\"",
        ),
    ),
    (
        "a node without a port",
        STORE,
        Swap("node = \"s-snacks\"\nport = 0", "node = \"s-snacks\""),
    ),
    (
        "a port on something that is no node",
        STORE,
        Swap("node = \"s-snacks\"", "node = \"s-bakery\""),
    ),
    (
        "two sensors on one port",
        STORE,
        Swap(
            "node = \"s-produce\"\nport = 2",
            "node = \"s-produce\"\nport = 1",
        ),
    ),
    (
        "a stock sensor of nothing",
        STORE,
        Swap("sku = \"gao-st25-5kg\"\n", ""),
    ),
    (
        "a screen seen from nowhere",
        STORE,
        Swap("seen_from = [\"bakery\"]", "seen_from = []"),
    ),
    // Settings
    (
        "an unknown time zone",
        STORE,
        Swap("\"Asia/Ho_Chi_Minh\"", "\"Asia/Ho_Chi_Min\""),
    ),
    (
        "leaving before entering",
        STORE,
        Swap("leave = \"40 %\"", "leave = \"80 %\""),
    ),
    (
        "a discovery prefix with a wildcard",
        STORE,
        Swap("prefix = \"homeassistant\"", "prefix = \"home/+\""),
    ),
    (
        "a flush that wears the card out",
        STORE,
        Swap("flush_every = \"5s\"", "flush_every = \"500 ms\""),
    ),
    (
        "a broker open to everybody",
        STORE,
        Swap("listen = \"127.0.0.1:1883\"", "listen = \"0.0.0.0:1883\""),
    ),
    (
        "a password without a user",
        STORE,
        Swap(
            "mode = \"embedded\"\n# For \"embedded\": where devices reach it, on this machine alone.\nlisten = \"127.0.0.1:1883\"\n# \"embedded\" asks nobody for a password: `aislecast run` takes it only with\n# --broker embedded, or if this says that you know.\n# allow_anonymous = true\n\n[broker.external]\n",
            "mode = \"external\"\nlisten = \"127.0.0.1:1883\"\n[broker.external]\npassword_file = \"pw\"\ntls_key_file = \"key.pem\"\n",
        ),
    ),
    (
        "one port for two",
        STORE,
        Swap("listen = \"127.0.0.1:8080\"", "listen = \"127.0.0.1:1883\""),
    ),
    // Offers
    (
        "an offer under another name",
        TEA,
        Swap("id = \"iced-tea-noon\"", "id = \"iced-tea\""),
    ),
    (
        "an unknown zone in an offer",
        TEA,
        Swap("zones = [\"drinks\"]", "zones = [\"drink\"]"),
    ),
    (
        "zones that none of its screens serve",
        TEA,
        Swap("zones = [\"drinks\"]", "zones = [\"bakery\"]"),
    ),
    (
        "an unknown department",
        TEA,
        Swap("department = \"drinks\"", "department = \"beverages\""),
    ),
    (
        "an unknown segment",
        MILK,
        Swap("any = [\"young-family\"]", "any = [\"young-families\"]"),
    ),
    (
        "a segment asked for and excluded",
        MILK,
        Swap(
            "any = [\"young-family\"]",
            "all = [\"student\"]\nnone = [\"student\"]",
        ),
    ),
    (
        "an offer for a group that calls itself public",
        MILK,
        Swap("sensitivity = \"segment\"", "sensitivity = \"public\""),
    ),
    (
        "an offer that is over",
        TEA,
        Swap("2030-12-31", "2026-01-31"),
    ),
    (
        "an offer that ends before it begins",
        TEA,
        Swap("2030-12-31", "2025-12-31"),
    ),
    ("no end date", TEA, Swap("last_day = 2030-12-31\n", "")),
    (
        "nothing to spend",
        TEA,
        Swap("showings = 100000", "showings = 0"),
    ),
    (
        "most people held out",
        TEA,
        Swap("holdout = \"10 %\"", "holdout = \"60 %\""),
    ),
    (
        "gone before it may go",
        TEA,
        Swap("shown_for = \"12s\"", "shown_for = \"4s\""),
    ),
    (
        "a condition in the wrong unit",
        TEA,
        Swap("min = \"30 °C\"", "min = \"30 %\""),
    ),
    (
        "a condition nobody can meet",
        TEA,
        Swap("min = \"30 °C\"", "min = \"55 °C\""),
    ),
    (
        "a condition that asks nothing",
        TEA,
        Swap("max = \"40 people\"\n", ""),
    ),
    (
        "stock that no sensor counts",
        TEA,
        Swap(
            "sku = \"tra-dao-loc-6\"\nmin",
            "sku = \"tra-dao-loc-12\"\nmin",
        ),
    ),
    (
        "promoting without asking for stock",
        TEA,
        Swap(
            "[[when.stock]]\nsku = \"tra-dao-loc-6\"\nmin = \"6 pieces\"\n",
            "",
        ),
    ),
    ("white on yellow", TEA, Swap("#8a3b12", "#ffd23f")),
    (
        "a picture that is not there",
        TEA,
        Swap("iced-tea-noon.svg", "iced-tea-none.svg"),
    ),
    (
        "a path to a picture",
        TEA,
        Swap("iced-tea-noon.svg", "../store.toml"),
    ),
    (
        "a price before and none now",
        TEA,
        Swap("price = \"39.000 ₫\"\n", ""),
    ),
    // Tests of offers
    (
        "a place that is to be sure beyond doubt",
        MILK,
        Swap("zone_confidence = \"85 %\"", "zone_confidence = \"100 %\""),
    ),
    (
        "a test that expects nothing",
        MILK,
        Swap("why = \"dwell\"\n", ""),
    ),
    (
        "a test with an unknown reason",
        MILK,
        Swap("why = \"dwell\"", "why = \"dwelling\""),
    ),
    (
        "a test of somebody out of sight",
        MILK,
        Swap(
            "audience = [{ zone = \"dairy\", dwell",
            "audience = [{ zone = \"bakery\", dwell",
        ),
    ),
    (
        "a test with an unknown sensor",
        MILK,
        Swap(
            "{ stock-milk = \"30 pieces\", door",
            "{ stock-milch = \"30 pieces\", door",
        ),
    ),
];
