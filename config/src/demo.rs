//! The annotated shop of this folder, built into the program.

use crate::{
    Shop,
    compile::compile,
    doc::Doc,
    sources::{Source, Sources},
};
use jiff::civil::Date;
use serde_json::Value;
use std::{path::PathBuf, sync::LazyLock};

/// The annotated default of `store.toml`: every key there is, with what it means.
pub const DEFAULT_STORE_TOML: &str = include_str!("../store.toml");

macro_rules! embedded {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../", $folder, "/", $name)))),*]
    };
}

const OFFERS: &[(&str, &str)] = embedded!("offers":
    "coffee-again.toml",
    "evening-salmon.toml",
    "family-ice-cream.toml",
    "fresh-basket.toml",
    "gold-rice.toml",
    "iced-tea-noon.toml",
    "long-queue-mints.toml",
    "morning-bread.toml",
    "office-breakfast.toml",
    "rainy-hotpot.toml",
    "refill-detergent.toml",
    "student-noodles.toml",
    "sunny-sunscreen.toml",
    "weekend-mango.toml",
    "young-family-milk.toml",
);

const CREATIVES: &[(&str, &str)] = embedded!("creatives":
    "coffee-again.svg",
    "evening-salmon.svg",
    "family-ice-cream.svg",
    "fresh-basket.svg",
    "gold-rice.svg",
    "house-bags.svg",
    "house-join.svg",
    "house-welcome.svg",
    "iced-tea-noon.svg",
    "long-queue-mints.svg",
    "morning-bread.svg",
    "office-breakfast.svg",
    "rainy-hotpot.svg",
    "refill-detergent.svg",
    "student-noodles.svg",
    "sunny-sunscreen.svg",
    "weekend-mango.svg",
    "young-family-milk.svg",
);

/// The demo's shop, the same that the files in this folder describe. Relative
/// paths start from the working directory.
pub fn demo() -> Shop {
    // Before any offer ends: an old program still shows its demo.
    let today = Date::constant(2026, 1, 1);
    match compile(&sources(), Vec::new(), today) {
        Ok(shop) => shop,
        Err(problems) => unreachable!("a test loads these very files:\n{problems}"),
    }
}

/// A picture of the demo, by the name creatives call it.
pub fn demo_creative(name: &str) -> Option<&'static str> {
    CREATIVES
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, svg)| *svg)
}

/// Every key of the default with its value.
pub(crate) fn default_values() -> &'static Value {
    static VALUES: LazyLock<Value> =
        LazyLock::new(|| match Doc::parse("store.toml", DEFAULT_STORE_TOML) {
            Ok(doc) => doc.to_json(),
            Err(problems) => unreachable!("a test reads this very text: {problems:?}"),
        });
    &VALUES
}

/// The built-in files.
pub(crate) fn sources() -> Sources {
    let offer = |(name, text): &(&str, &str)| Source {
        file: format!("offers/{name}"),
        text: (*text).to_owned(),
    };
    Sources {
        folder: PathBuf::from("config"),
        store: Some(Source {
            file: "store.toml".to_owned(),
            text: DEFAULT_STORE_TOML.to_owned(),
        }),
        survey: None,
        offers: OFFERS.iter().map(offer).collect(),
        pictures: CREATIVES
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect(),
    }
}
