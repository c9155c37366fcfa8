use super::*;
use std::collections::BTreeMap;

fn rule(what: What, at: &str, device: Option<&str>, topic: &Pattern) -> Rule {
    let at = Place::parse(at).unwrap();
    Rule {
        what,
        device: device.map(|d| Template::parse(d, topic, &at).unwrap()),
        at,
        nth: 0,
        conversion: Conversion::NONE,
    }
}

fn mapper(topic: &str, rules: impl FnOnce(&Pattern) -> Vec<Rule>) -> Mapper {
    let topic = Pattern::parse(topic).unwrap();
    Mapper {
        id: "test".to_owned(),
        payload: Payload::Json,
        time: None,
        rules: rules(&topic),
        topic,
    }
}

/// Facts as `device quantity value`.
fn told(mapper: &Mapper, topic: &str, payload: &str) -> Result<Vec<String>, Unreadable> {
    let mut told = Vec::new();
    mapper.read(topic, payload.as_bytes(), &mut |fact| {
        let Some(Device::Named(device)) = fact.source.device else {
            panic!("a mapper names its devices");
        };
        told.push(match fact.says {
            Says::Measured {
                quantity, value, ..
            } => {
                format!("{device} {} {value:?}", quantity.name())
            }
            Says::Happened { what, action, .. } => format!("{device} {what} {action}"),
            Says::Online(online) => format!("{device} online {online}"),
            other => panic!("{other:?}"),
        });
    })?;
    Ok(told)
}

#[test]
fn topics_fit_patterns_as_brokers_match_filters() {
    for (pattern, filter, topic, captures) in [
        ("a/{b}/+/c", "a/+/+/c", "a/x/y/c", Some(vec![("b", "x")])),
        ("a/{b}/+/c", "a/+/+/c", "a/x/c", None),
        ("a/{b}/+/c", "a/+/+/c", "a/x/y/c/d", None),
        ("a/#", "a/#", "a/x/y", Some(vec![])),
        // The level above # fits too (MQTT 3.1.1, 4.7.1.2).
        ("a/#", "a/#", "a", Some(vec![])),
        ("a", "a", "a", Some(vec![])),
        (
            "a/{x}/{y}",
            "a/+/+",
            "a//1",
            Some(vec![("x", ""), ("y", "1")]),
        ),
    ] {
        let parsed = Pattern::parse(pattern).unwrap();
        assert_eq!(parsed.filter(), filter);
        assert_eq!(parsed.captures(topic), captures, "{pattern} {topic}");
    }
    for bad in [
        "",
        "+/a",
        "#",
        "{a}/b",
        "a/b+",
        "a/#/b",
        "a/{B}",
        "a/{x}/{x}",
    ] {
        assert!(Pattern::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn pointers_are_those_of_rfc_6901_with_a_star() {
    let document: Json = serde_json::from_str(
        r#"{"a/b": 1, "m~n": 2, "": 3, "l": [{"t": 4}, {"t": 5}, {}], "o": {"x": 6, "y": 7}, "01": 8}"#,
    )
    .unwrap();
    for (pointer, expected) in [
        ("/a~1b", "[1]"),
        ("/m~0n", "[2]"),
        ("/", "[3]"),
        ("/l/1/t", "[5]"),
        ("/l/01/t", "[]"),
        ("/l/-/t", "[]"),
        ("/l/*/t", "[4,5]"),
        ("/o/*", "[6,7]"),
        ("/01", "[8]"),
        ("/nothing/*/x", "[]"),
    ] {
        let place = Place::parse(pointer).unwrap();
        let found: Vec<_> = place.all(&document).map(|f| f.value).collect();
        assert_eq!(
            serde_json::to_string(&found).unwrap(),
            expected,
            "{pointer}"
        );
    }
    for bad in ["a", "/a~2", "/a~", "/*/*"] {
        assert!(Place::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn every_item_of_a_list_is_a_device() {
    let counter = mapper("radar/{site}/state", |topic| {
        let device = Some("{site}-{/lines/*/id}");
        vec![
            rule(
                What::Measured(Quantity::PassagesIn),
                "/lines/*/in",
                device,
                topic,
            ),
            rule(What::Online, "/up", None, topic),
        ]
    });
    let payload =
        r#"{"up": true, "lines": [{"id": 1, "in": 41}, {"id": "b", "in": "42"}, {"in": 1}]}"#;
    let expected = [
        "q7-1 passages_in Number(41.0)",
        "q7-b passages_in Number(42.0)",
        "q7 online true",
    ];
    assert_eq!(told(&counter, "radar/q7/state", payload).unwrap(), expected);
    assert!(told(&counter, "radar/q7", payload).is_err());
}

#[test]
fn units_are_converted_after_scale_and_offset() {
    for (quantity, unit, scale, offset, value, expected) in [
        (Quantity::Temperature, Some("°F"), 1.0, 0.0, 212.0, 100.0),
        (Quantity::Temperature, Some("K"), 0.1, 0.0, 2_931.5, 20.0),
        (
            Quantity::BatteryVoltage,
            Some("mV"),
            1.0,
            0.0,
            2_950.0,
            2.95,
        ),
        (Quantity::Mass, Some("g"), 1.0, -250.0, 1_250.0, 1.0),
        (Quantity::Distance, None, 2.0, 1.0, 3.0, 7.0),
        (
            Quantity::Pressure,
            Some("hPa"),
            1.0,
            0.0,
            1_013.25,
            101_325.0,
        ),
    ] {
        let conversion = Conversion::new(quantity, unit, scale, offset).unwrap();
        let converted = conversion.number(&Json::from(value)).unwrap();
        assert!((converted - expected).abs() < 1e-9, "{unit:?} {converted}");
    }
    let bad = Conversion::new(Quantity::Illuminance, Some("°F"), 1.0, 0.0).unwrap_err();
    assert_eq!(bad.what, "unit \"°F\" is none of illuminance");
    assert!(bad.remedy.starts_with("known: lx"), "{}", bad.remedy);
}

#[test]
fn words_are_taken_and_no_others() {
    let words = [("open", Word::Flag(true)), ("shut", Word::Flag(false))];
    let words: BTreeMap<_, _> = words.map(|(k, v)| (k.to_owned(), v)).into();
    let conversion = Conversion::NONE.with_words(words);
    assert_eq!(conversion.flag(&Json::from("open")), Some(true));
    assert_eq!(conversion.flag(&Json::from("shut")), Some(false));
    assert_eq!(conversion.flag(&Json::from(true)), None);
    assert_eq!(Conversion::NONE.flag(&Json::from("ON")), Some(true));
    assert_eq!(Conversion::NONE.flag(&Json::from(2)), None);
}

#[test]
fn plain_text_is_the_value_itself() {
    let mut scale = mapper("scale/{device}", |topic| {
        vec![rule(What::Measured(Quantity::Mass), "", None, topic)]
    });
    scale.payload = Payload::Text;
    assert_eq!(
        told(&scale, "scale/k1", " 1.5\n").unwrap(),
        ["k1 mass Number(1.5)"]
    );
    assert!(told(&scale, "scale/k1", "nan").is_err());
    assert!(told(&scale, "scale/k1", "heavy").is_err());
}

#[test]
fn a_message_without_the_values_says_nothing_and_none_says_too_much() {
    let counter = mapper("c/{device}", |topic| {
        vec![rule(What::Measured(Quantity::Count), "/n/*", None, topic)]
    });
    assert_eq!(told(&counter, "c/1", "{}").unwrap(), [""; 0]);
    assert_eq!(told(&counter, "c/1", r#"{"n": [null]}"#).unwrap(), [""; 0]);
    let many = format!("{{\"n\": {:?}}}", vec![1; 1_000]);
    assert_eq!(told(&counter, "c/1", &many).unwrap().len(), MAX_FACTS);
    assert!(told(&counter, "c/1", "{").is_err());
}

#[test]
fn a_name_is_made_of_what_is_there() {
    let topic = Pattern::parse("a/{device}").unwrap();
    let many = Place::parse("/l/*/t").unwrap();
    let one = Place::parse("/t").unwrap();
    for (template, at, fits) in [
        ("{device}", &one, true),
        ("{device}-{/l/*/id}", &many, true),
        ("{*}", &many, true),
        ("{*}", &one, false),
        ("{/l/*/id}", &one, false),
        ("{/m/*/id}", &many, false),
        ("{/id}", &many, true),
        ("{devise}", &one, false),
        ("{device", &one, false),
    ] {
        assert_eq!(
            Template::parse(template, &topic, at).is_ok(),
            fits,
            "{template}"
        );
    }
}
