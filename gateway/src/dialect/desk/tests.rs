use super::*;
use crate::dialect::test_plan;
use engine::{event::Heard, shopper::IdentityKey, time::UnixMs};
use proptest::prelude::*;
use protocol::{beacon::Beacon, frame::Quantity};

fn pseudonym() -> Pseudonymiser {
    Pseudonymiser::new([7; 16])
}

fn message(desk: Desk, payload: &str) -> DeskMessage {
    read(desk, payload.as_bytes(), &pseudonym(), &test_plan::plan())
}

fn refusal(desk: Desk, payload: &str) -> String {
    match message(desk, payload).request {
        Err(refusal) => refusal.to_string(),
        Ok(request) => panic!("taken: {request:?}"),
    }
}

const PROFILE: &str = r#"{"id": "m-1", "customer": "C-100", "version": 7,
    "consent": {"purposes": ["in_store_offers", "measurement"], "notice": 3,
                "until": "2027-01-01T00:00:00+07:00", "showings_per_day": 10},
    "keys": [{"ibeacon": {"uuid": "1de4b189-115e-45f6-b44e-509352269977", "major": 1, "minor": 65535}},
             {"eddystone_uid": {"namespace": "00112233445566778899", "instance": "0A0B0C0D0E0F"}},
             {"rotating": {"key": "0102030405060708090a111213141516", "exponent": 10}},
             {"irk": "7AI0o1fIrQU0EBCmCjl9mw=="}],
    "segments": ["family"], "language": "vi", "adult": true,
    "affinities": {"dairy": 80}, "visits": 12, "last_visit": "2026-11-14"}"#;

#[test]
fn a_whole_profile_is_read() {
    let DeskMessage { id, request } = message(Desk::Profile, PROFILE);
    assert_eq!(id.as_deref(), Some("m-1"));
    let Ok(Request::Upsert(enrolment, profile, _)) = request else {
        panic!("{request:?}");
    };
    assert_eq!(enrolment.shopper, pseudonym().shopper("C-100"));
    assert_eq!(enrolment.version, 7);
    let purposes = [Purpose::InStoreOffers, Purpose::Measurement];
    assert_eq!(
        enrolment.consent,
        Consent {
            purposes: purposes.into_iter().fold(Purposes::NONE, Purposes::with),
            notice: 3,
            until: Some(UnixMs(1_798_736_400_000)),
            showings_per_day: Some(10),
        }
    );
    assert!(matches!(
        enrolment.keys[..],
        [
            IdentityKey::Fixed(Beacon::IBeacon {
                major: 1,
                minor: 65_535,
                ..
            }),
            IdentityKey::Fixed(Beacon::EddystoneUid {
                instance: [0x0a, .., 0x0f],
                ..
            }),
            IdentityKey::Rotating {
                key: [1, .., 0x16],
                exponent: 10
            },
            IdentityKey::Irk([0xec, .., 0x9b]),
        ]
    ));
    assert_eq!(profile.segments, ["family"]);
    assert_eq!(profile.affinities, [("dairy".to_owned(), 80)]);
    assert_eq!((profile.adult, profile.visits), (Some(true), 12));
    assert_eq!(profile.last_visit_day, Some(20_771));
}

#[test]
fn the_smaller_desks_are_read() {
    let anna = pseudonym().shopper("anna");
    let only = Purposes::NONE.with(Purpose::Personalisation);
    let basket = |shopper| {
        Request::Basket(Basket {
            receipt: "till-1/55".to_owned(),
            shopper,
            lines: vec![BasketLine {
                sku: "8934673".to_owned(),
                pieces: -1,
                amount_minor: -29_000,
            }],
        })
    };
    for (desk, payload, expected) in [
        (
            Desk::Withdraw,
            r#"{"customer":"anna"}"#,
            Request::Withdraw(anna, Purposes::ALL, Given::default()),
        ),
        (
            Desk::Withdraw,
            r#"{"customer":"anna","purposes":["personalisation"]}"#,
            Request::Withdraw(anna, only, Given::default()),
        ),
        (
            Desk::Forget,
            r#"{"id":null,"customer":"anna"}"#,
            Request::Forget(anna),
        ),
        (
            Desk::Basket,
            r#"{"receipt":"till-1/55","lines":[{"sku":"8934673","pieces":-1,"amount_minor":-29000}]}"#,
            basket(None),
        ),
        (
            Desk::Basket,
            r#"{"receipt":"till-1/55","customer":"anna","lines":[{"sku":"8934673","pieces":-1,"amount_minor":-29000}]}"#,
            basket(Some(anna)),
        ),
    ] {
        assert_eq!(message(desk, payload).request, Ok(expected), "{payload}");
    }
}

#[test]
fn readings_are_read_in_natural_units_and_by_their_names() {
    use Quantity as Q;
    for (payload, expected) in [
        (
            r#"{"sensor":"temperature","value":21.5}"#,
            Q::TemperatureCentiCelsius(2150),
        ),
        (
            r#"{"sensor":"temperature","value":"-3"}"#,
            Q::TemperatureCentiCelsius(-300),
        ),
        (
            r#"{"sensor":"temperature","temperature_centi_celsius":2150}"#,
            Q::TemperatureCentiCelsius(2150),
        ),
        (r#"{"sensor":"temperature","fault":true}"#, Q::Fault),
        (
            r#"{"sensor":"door","value":{"inward":7,"outward":5}}"#,
            Q::Passages {
                inward: 7,
                outward: 5,
            },
        ),
        (
            r#"{"sensor":"door","passages":{"inward":7,"outward":5}}"#,
            Q::Passages {
                inward: 7,
                outward: 5,
            },
        ),
        (r#"{"sensor":"stock","value":12}"#, Q::StockPieces(12)),
    ] {
        match message(Desk::Reading, payload).request {
            Ok(Request::Reading(reading)) => {
                assert_eq!(reading.value, expected, "{payload}");
                assert_eq!(reading.heard, Heard::OnReceipt);
            }
            other => panic!("{payload}: {other:?}"),
        }
    }
    let dated = r#"{"sensor":"stock","value":1,"at":1798736400000}"#;
    let Ok(Request::Reading(reading)) = message(Desk::Reading, dated).request else {
        panic!("{dated}");
    };
    assert_eq!(reading.heard, Heard::At(UnixMs(1_798_736_400_000)));
}

#[test]
fn a_refusal_names_the_field_and_what_would_be_right() {
    for (desk, payload, expected) in [
        (
            Desk::Forget,
            "",
            "the message is not JSON: look at line 1, column 0",
        ),
        (Desk::Forget, "[]", "must be an object: {...}"),
        (Desk::Forget, "{}", "customer: is missing"),
        (
            Desk::Forget,
            r#"{"customer":7}"#,
            "customer: must be a text of 1 to 128 bytes",
        ),
        (
            Desk::Forget,
            r#"{"customer":"x","hunter2":1}"#,
            "has a field that is not known here; known are id, customer",
        ),
        (
            Desk::Withdraw,
            r#"{"customer":"x","purposes":["measurement","hunter2"]}"#,
            "purposes[1]: must be in_store_offers, personalisation, measurement or cross_store",
        ),
        (
            Desk::Profile,
            r#"{"customer":"x","version":"7","consent":{"purposes":[],"notice":1}}"#,
            "version: must be a whole number, without quotes, in its range",
        ),
        (
            Desk::Profile,
            r#"{"customer":"x","version":7,"consent":{"purposes":[],"notice":1,"until":1798736400}}"#,
            "consent.until: must be a date such as 2027-01-01T00:00:00+07:00, or milliseconds (not seconds) since 1970",
        ),
        (
            Desk::Profile,
            r#"{"customer":"x","version":7,"consent":{"purposes":[],"notice":1},"keys":[{"irk":"hunter2"}]}"#,
            "keys[0].irk: must be 16 bytes, most significant first, as 32 hexadecimal digits or as base64",
        ),
        (
            Desk::Profile,
            r#"{"customer":"x","version":7,"consent":{"purposes":[],"notice":1},"keys":[{}]}"#,
            "keys[0]: must hold exactly one of ibeacon, eddystone_uid, rotating, irk, altbeacon",
        ),
        (
            Desk::Basket,
            r#"{"receipt":"1","lines":[{"sku":"1","pieces":1.5,"amount_minor":1}]}"#,
            "lines[0].pieces: must be a whole number, without quotes, in its range",
        ),
        (
            Desk::Reading,
            r#"{"sensor":"hunter2","value":1}"#,
            "sensor: the plan has no sensor of this name: look into store.toml",
        ),
        (
            Desk::Reading,
            r#"{"sensor":"stock"}"#,
            "must hold exactly one value",
        ),
        (
            Desk::Reading,
            r#"{"sensor":"stock","value":1,"stock_pieces":1}"#,
            "must hold exactly one value",
        ),
        (
            Desk::Reading,
            r#"{"sensor":"stock","value":"NaN"}"#,
            "value: must be a number in the sensor's range",
        ),
    ] {
        let said = refusal(desk, payload);
        assert_eq!(said, expected, "{payload}");
        assert!(!said.contains("hunter2"));
    }
    let unknown = message(Desk::Reading, r#"{"sensor":"x","value":1}"#).request;
    assert_eq!(unknown.unwrap_err().malformed(), Malformed::UnknownDevice);
}

#[test]
fn the_id_comes_back_with_a_refusal_too() {
    let refused = message(Desk::Forget, r#"{"id":"m-2"}"#);
    assert_eq!(refused.id.as_deref(), Some("m-2"));
    assert!(refused.request.is_err());
    assert_eq!(
        refusal(Desk::Forget, r#"{"id":7,"customer":"x"}"#),
        "id: must be a text of 1 to 64 bytes"
    );
}

#[test]
fn what_is_too_large_or_too_deep_is_refused() {
    let large = format!(r#"{{"customer":"{}"}}"#, "x".repeat(70_000));
    assert_eq!(
        refusal(Desk::Forget, &large),
        "the message is larger than 64 KiB: split it"
    );
    let deep = "[".repeat(30_000);
    assert!(refusal(Desk::Forget, &deep).starts_with("the message is not JSON"));
}

proptest! {
    #[test]
    fn no_bytes_make_a_desk_panic(bytes: Vec<u8>) {
        for desk in Desk::ALL {
            let _ = read(desk, &bytes, &pseudonym(), &test_plan::plan());
        }
    }

    #[test]
    fn no_mutation_of_a_profile_makes_the_desk_panic_or_quote_it(
        at in 0..PROFILE.len(), with: u8, cut in 0..PROFILE.len()
    ) {
        let mut bytes = PROFILE.as_bytes().to_vec();
        bytes[at] = with;
        for payload in [&bytes[..], &bytes[..cut]] {
            let message = read(Desk::Profile, payload, &pseudonym(), &test_plan::plan());
            if let Err(refusal) = message.request {
                prop_assert!(!refusal.to_string().contains("C-100"));
            }
        }
    }
}

#[test]
fn the_last_visit_is_a_day_of_the_calendar() {
    for wrong in ["14.11.2026", "2026-02-30", "1026-11-14", ""] {
        let consent = r#"{"purposes":[],"notice":1}"#;
        let message =
            format!(r#"{{"customer":"x","version":7,"consent":{consent},"last_visit":"{wrong}"}}"#);
        assert_eq!(
            refusal(Desk::Profile, &message),
            "last_visit: must be a day such as 2026-11-14",
            "{wrong}"
        );
    }
}

#[test]
fn how_a_consent_came_to_be_is_read_field_by_field() {
    let told = |given: &str| {
        let message = format!(r#"{{"customer": "C-1", "given": {given}}}"#);
        read(
            Desk::Withdraw,
            message.as_bytes(),
            &Pseudonymiser::new([1; 16]),
            &test_plan::plan(),
        )
        .request
    };
    let whole = r#"{"channel": "till", "at": "2026-11-22T09:30:00+07:00", "language": "vi",
                    "by": "guardian", "evidence": "form 4711"}"#;
    let Ok(Request::Withdraw(_, Purposes::ALL, given)) = told(whole) else {
        panic!("it is a withdrawal");
    };
    assert_eq!(
        (given.channel, given.by),
        (Some(Channel::Till), By::Guardian)
    );
    assert_eq!(given.at, Some(UnixMs(1_795_314_600_000)));
    assert_eq!(given.evidence.as_deref(), Some("form 4711"));
    assert_eq!(format!("{given:?}"), "given(redacted)");
    for (given, words) in [
        (r#"{"channel": "shop"}"#, "given.channel: must be desk"),
        (r#"{"by": "aunt"}"#, "given.by: must be shopper"),
        (r#"{"evidence": ""}"#, "given.evidence: must be a text"),
        (r#"{"when": 7}"#, "known are channel, at"),
    ] {
        let refused = told(given).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
}
