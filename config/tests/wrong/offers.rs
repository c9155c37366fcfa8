//! What marketers get wrong about offers beyond their shape, one thing at a time.

use super::cases::{
    Edit::{self, Swap},
    MILK, STORE, TEA,
};

const SALMON: &str = "offers/evening-salmon.toml";
const SUN: &str = "offers/sunny-sunscreen.toml";

pub(crate) const OFFERS: &[(&str, &str, Edit)] = &[
    // The guard
    (
        "two people in view",
        STORE,
        Swap("people_in_view_min = 3", "people_in_view_min = 2"),
    ),
    (
        "a group of twenty",
        STORE,
        Swap("enrolled_min = 50", "enrolled_min = 20"),
    ),
    ("no turns", STORE, Swap("\nturns = 8", "\nturns = 1")),
    (
        "a picture that flashes by",
        STORE,
        Swap(
            "dwell_on_screen_min = \"6s\"",
            "dwell_on_screen_min = \"1s\"",
        ),
    ),
    (
        "a screen that answers at once",
        STORE,
        Swap("settle = \"3s\"", "settle = \"0s\""),
    ),
    // What is said
    (
        "a name to be filled in",
        MILK,
        Swap(
            "Fresh milk for the whole family",
            "Fresh milk for {first_name}",
        ),
    ),
    (
        "points to be filled in",
        TEA,
        Swap("Too hot? Iced peach tea!", "%points% points? Iced tea!"),
    ),
    (
        "a name by another sign",
        TEA,
        Swap("Nóng quá? Trà đào đây!", "Chào <ten_khach>, trà đào đây!"),
    ),
    (
        "somebody's points",
        MILK,
        Swap(
            "Fresh milk for the whole family",
            "Milk for half of your points",
        ),
    ),
    (
        "what somebody bought",
        MILK,
        Swap("Sữa tươi cho cả nhà", "Sữa tươi bạn hay mua"),
    ),
    (
        "an illness",
        TEA,
        Swap("Six cold bottles", "Sugar-free for diabetics: six bottles"),
    ),
    (
        "an illness, in Vietnamese",
        TEA,
        Swap("Lốc 6 chai", "Cho người tiểu đường: lốc 6 chai"),
    ),
    (
        "a word that may mean something else",
        SALMON,
        Swap("300 g trays", "Good for your health: 300 g trays"),
    ),
    (
        "children, perhaps",
        SALMON,
        Swap("Khay 300 g", "Em bé cũng thích! Khay 300 g"),
    ),
    (
        "a word of the shop's own",
        MILK,
        Swap("Mua hai hộp 1 lít", "Cho bé ăn dặm: hai hộp 1 lít"),
    ),
    (
        "a product that the shop keeps to itself",
        STORE,
        Swap("\"que-thu-thai\"", "\"ca-hoi-khay-300g\""),
    ),
    (
        "a department that the shop keeps to itself",
        STORE,
        Swap("departments = []", "departments = [\"meat-fish\"]"),
    ),
    (
        "a department that no zone has",
        STORE,
        Swap("departments = []", "departments = [\"pharmacy\"]"),
    ),
    // What is asked
    (
        "a class there is not",
        TEA,
        Swap("sensitivity = \"public\"", "sensitivity = \"private\""),
    ),
    (
        "no class at all",
        TEA,
        Swap("sensitivity = \"public\"\n", ""),
    ),
    (
        "a group that is nobody",
        MILK,
        Swap(
            "any = [\"young-family\"]",
            "any = [\"student\"]\nnone = [\"student\"]",
        ),
    ),
    (
        "a dwell that nobody has",
        MILK,
        Swap("dwell = \"5s\"", "dwell = \"2 h\""),
    ),
    (
        "more a day than ever",
        TEA,
        Swap("showings_per_day = 600", "showings_per_day = 600000"),
    ),
    (
        "more a visit than a day",
        TEA,
        Swap("per_day = 2", "per_day = 0"),
    ),
    (
        "a headline for a novel",
        TEA,
        Swap(
            "Too hot? Iced peach tea!",
            "Too hot today? Then take six cold bottles of iced peach tea!",
        ),
    ),
    (
        "the same language twice",
        TEA,
        Swap("language = \"en\"", "language = \"vi\""),
    ),
    (
        "a coupon with a slip",
        TEA,
        Swap("9520123456788", "9520123456789"),
    ),
    (
        "a test that says two things",
        MILK,
        Swap("why = \"guard_turn\"", "shown = true\nwhy = \"guard_turn\""),
    ),
    // Money
    (
        "an arm with a price of its own",
        TEA,
        Swap(
            "[creative]\n",
            "[[arm]]\nname = \"as-it-is\"\n\n[[arm]]\nname = \"cheaper\"\n[arm.creative]\n\
             colour = \"#8a3b12\"\nprice = \"29.000 ₫\"\n[[arm.creative.texts]]\n\
             language = \"vi\"\nheadline = \"Trà đào\"\n\n[creative]\n",
        ),
    ),
    (
        "a voucher for nothing",
        SUN,
        Swap("worth = \"20.000 ₫\"", "worth = \"0 ₫\""),
    ),
    (
        "a voucher in another currency",
        SUN,
        Swap("worth = \"20.000 ₫\"", "worth = \"a fifth\""),
    ),
    (
        "no vouchers to redeem",
        SUN,
        Swap("redemptions = 300", "redemptions = 0"),
    ),
    (
        "a day with more vouchers than there are",
        SUN,
        Swap("redemptions_per_day = 40", "redemptions_per_day = 400"),
    ),
    (
        "a code that is over before the till",
        SUN,
        Swap("valid_for = \"20min\"", "valid_for = \"20s\""),
    ),
    (
        "a code that sets money aside for days",
        SUN,
        Swap("valid_for = \"20min\"", "valid_for = \"72h\""),
    ),
    (
        "a voucher and a coupon on one picture",
        SUN,
        Swap(
            "[voucher]",
            "[code]\ncoupon = \"9520123456788\"\n\n[voucher]",
        ),
    ),
    (
        "the number of another voucher",
        SUN,
        Swap("number = 101", "number = 102"),
    ),
    (
        "a campaign that nobody named",
        SUN,
        Swap("campaign = \"summer\"", "campaign = \"sumer\""),
    ),
    (
        "a voucher dearer than its campaign",
        STORE,
        Swap("money = \"6.000.000 ₫\"", "money = \"10.000 ₫\""),
    ),
    (
        "two campaigns of one name",
        STORE,
        Swap(
            "[[campaigns]]",
            "[[campaigns]]\nid = \"summer\"\n\n[[campaigns]]",
        ),
    ),
    (
        "a campaign's visit longer than its day",
        STORE,
        Swap(
            "cap = { per_visit = 3, per_day = 4 }",
            "cap = { per_visit = 5, per_day = 4 }",
        ),
    ),
    (
        "a group of one offer",
        SUN,
        Swap("group = \"at-the-till\"", "group = \"at-the-tills\""),
    ),
    (
        "a voucher that stacks beside one that does not",
        SUN,
        Swap("stacks = false", "stacks = true"),
    ),
    (
        "no showing in an hour",
        SUN,
        Swap("per_screen_hour = 30", "per_screen_hour = 0"),
    ),
];
