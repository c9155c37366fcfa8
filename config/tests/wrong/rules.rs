//! Rules that cannot hold, and values that mean nothing.

use super::cases::{
    Edit::{self, Swap},
    STORE, TEA,
};

const SUN: &str = "offers/sunny-sunscreen.toml";
const RICE: &str = "offers/gold-rice.toml";

pub(crate) const RULES: &[(&str, &str, Edit)] = &[
    (
        "rain and no rain",
        SUN,
        Swap(
            "max = \"0.2\"\n",
            "max = \"0.2\"\n[[when.sensor]]\nid = \"rain\"\nmin = \"1\"\n",
        ),
    ),
    (
        "a shelf asked for twice",
        SUN,
        Swap(
            "min = \"3 pieces\"\n",
            "min = \"3 pieces\"\n[[when.stock]]\nsku = \"kem-chong-nang-50\"\nmin = \"6 pieces\"\n",
        ),
    ),
    (
        "a language nobody wrote",
        RICE,
        Swap("[audience]", "[audience]\nlanguages = [\"fr\"]"),
    ),
    (
        "more visits than fewer",
        RICE,
        Swap("visits = { min = 3 }", "visits = { min = 9, max = 3 }"),
    ),
    (
        "visits that ask nothing",
        RICE,
        Swap("visits = { min = 3 }", "visits = { min = 0 }"),
    ),
    (
        "a department nobody sells",
        RICE,
        Swap(
            "department = \"rice-noodles\"\nmin",
            "department = \"rice-noodle\"\nmin",
        ),
    ),
    (
        "a profile asked of everybody",
        TEA,
        Swap("languages = []", "languages = [\"en\"]"),
    ),
    (
        "a price no sensor knows",
        TEA,
        Swap("sku = \"tra-dao-loc-6\"\nis", "sku = \"tra-dao-loc\"\nis"),
    ),
    (
        "a price in no currency",
        TEA,
        Swap("is = \"39.000 ₫\"", "is = \"39.000\""),
    ),
    (
        "an even pace of no budget",
        TEA,
        Swap("showings_per_day = 600\n", ""),
    ),
    (
        "weekdays that never come",
        RICE,
        Swap(
            "first_day = 2026-02-01\nlast_day = 2028-12-31",
            "first_day = 2028-12-30\nlast_day = 2028-12-31\nweekdays = [\"wed\"]",
        ),
    ),
    (
        "a temperature without its unit",
        SUN,
        Swap("min = \"31 °C\"", "min = \"31\""),
    ),
    (
        "every fourth picture drawn",
        STORE,
        Swap("explore = \"5 %\"", "explore = \"25 %\""),
    ),
    (
        "a price of no product",
        STORE,
        Swap(
            "kind = \"price\"\nsku = \"tra-dao-loc-6\"",
            "kind = \"price\"",
        ),
    ),
];
