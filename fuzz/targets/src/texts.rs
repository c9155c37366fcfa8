//! What people write: codes and the shop's files.

use crate::facts::promised;
use config::{
    OfferCheck, Problems,
    bundle::{Author, Bundle, Role},
};
use std::sync::LazyLock;

pub(crate) fn gs1(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        promised(|sink| dialect::gs1::read(text, sink));
        let code = dialect::gs1::parse(text);
        // What it is read as means the same as what was read.
        if let Some(same) = code.element_string.as_deref().filter(|_| code.valid) {
            let again = dialect::gs1::parse(same);
            assert!(again.valid && again.ai == code.ai, "a code reads back");
        }
    }
}

const MILK: &str = include_str!("../../../config/offers/young-family-milk.toml");

pub(crate) fn store(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        told(config::read(text, &[("offers/milk.toml", MILK)]).err());
    }
}

pub(crate) fn offer(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        // The shop is read once, and not for every input.
        static SHOP: LazyLock<OfferCheck> = LazyLock::new(OfferCheck::demo);
        told(Some(SHOP.problems("offers/offer.toml", text)));
    }
}

/// A public key whose secret was thrown away.
const AUTHOR: &str = "317b5e6f9b6dae5474a8143eabc0473ee3c0bdf001a41426ebb5982bb91b4a96";

/// Anybody may send a bundle: nothing of it is believed before its signature is.
pub(crate) fn bundle(data: &[u8]) {
    let Ok(bundle) = Bundle::read(data) else {
        return;
    };
    let again = Bundle::read(&bundle.to_bytes());
    assert_eq!(again.as_ref(), Ok(&bundle), "a bundle reads back");
    let lan = Author {
        name: "lan".to_owned(),
        key: AUTHOR.parse().expect("64 hexadecimal digits"),
        role: Role::Marketer,
    };
    let taken = bundle.verify("hoa-mai-q7", &[lan], false);
    assert!(taken.is_err(), "nobody can sign with this author's key");
}

/// Every problem has a place and a remedy, and what the schema lets through the
/// parser reads.
fn told(problems: Option<Problems>) {
    let Some(problems) = problems else {
        return;
    };
    assert!(
        problems.iter().all(|p| p.line > 0 && p.column > 0),
        "a problem has a place"
    );
    assert!(
        !problems.to_string().contains("print-config"),
        "the schema admits what the parser does not"
    );
}
