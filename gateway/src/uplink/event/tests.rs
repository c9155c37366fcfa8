use super::*;
use engine::{
    money::Claim,
    sale::Sale,
    shopper::{Enrolment, IdentityKey, ShopperId},
};

const SHOPPER: ShopperId = ShopperId(0xDEAD_BEEF_CAFE_F00D);

fn receipts() -> Receipts {
    Receipts::new([7; 32])
}

fn showing() -> ShowingId {
    ShowingId {
        screen: "dairy".parse().unwrap(),
        revision: 4_294_967_301,
    }
}

fn enrolled() -> LedgerEntry {
    let agreed = Purposes::NONE.with(Purpose::InStoreOffers);
    let mut enrolment = Enrolment::consenting(SHOPPER, 3, agreed);
    enrolment.keys.push(IdentityKey::Irk([0xA7; 16]));
    LedgerEntry::Enrolled(enrolment)
}

fn exposed() -> LedgerEntry {
    LedgerEntry::Exposed(Exposure {
        showing: showing(),
        offer: "milk".parse().unwrap(),
        painted_ms: 9_000,
        seen_by: vec![(SHOPPER, 4_000), (ShopperId(2), 500)],
        anonymous_ms: 70,
        ended: Some(UnixMs(1_000)),
    })
}

fn sold() -> LedgerEntry {
    LedgerEntry::Sold(Sale {
        receipt: "till-1/4711".to_owned(),
        is_known: true,
        joined: Vec::new(),
        codes: Vec::new(),
    })
}

/// The words that a hub reads: what is written here never changes.
#[test]
fn a_hub_reads_these_words_and_nobody_is_in_them() {
    let redeemed = MoneyEntry::Committed {
        code: 5,
        by: Claim {
            receipt: "till-1/4711".to_owned(),
            attempt: 1,
        },
    };
    let receipt = receipts().name("till-1/4711");
    for (entry, lane, expected) in [
        (
            LedgerEntry::Started { boot: 3 },
            Lane::Rest,
            r#"{"started":{"boot":3}}"#.to_owned(),
        ),
        (
            enrolled(),
            Lane::First,
            r#"{"consented":{"purposes":["in_store_offers"]}}"#.to_owned(),
        ),
        (
            exposed(),
            Lane::Rest,
            r#"{"exposed":{"showing":{"screen":"dairy","revision":4294967301},"offer":"milk","painted_ms":9000,"viewers":2,"viewed_ms":4500,"anonymous_ms":70,"ended":1000}}"#.to_owned(),
        ),
        (
            sold(),
            Lane::First,
            format!(r#"{{"sold":{{"receipt":"{receipt}","known":true,"offers":[],"codes":[]}}}}"#),
        ),
        (
            LedgerEntry::Money(Box::new(redeemed)),
            Lane::First,
            format!(r#"{{"redeemed":{{"code":5,"receipt":"{receipt}"}}}}"#),
        ),
        (
            LedgerEntry::Forgotten {
                shopper: SHOPPER,
                version: 3,
            },
            Lane::First,
            r#""erased""#.to_owned(),
        ),
    ] {
        let (goes, event) = told(&entry, &receipts()).unwrap();
        let words = serde_json::to_string(&event).unwrap();
        assert_eq!((goes, words.as_str()), (lane, expected.as_str()));
        for person in ["4711", &SHOPPER.0.to_string(), "a7a7", "167,167"] {
            assert!(!words.contains(person), "{words}");
        }
        let kept = postcard::to_stdvec(&event).unwrap();
        assert_eq!(postcard::from_bytes::<Event>(&kept).unwrap(), event);
    }
}

#[test]
fn what_only_caps_and_trials_need_is_not_told() {
    for entry in [
        LedgerEntry::Blank,
        LedgerEntry::Released { showing: showing() },
        LedgerEntry::Epoch { id: 1, since: 1 },
    ] {
        assert_eq!(told(&entry, &receipts()), None);
    }
}
