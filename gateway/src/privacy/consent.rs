//! A shopper's consents as a record that others can read: the sections and
//! fields of ISO/IEC TS 27560:2023 (header, processing, parties, events), in the
//! words of the W3C Data Privacy Vocabulary (DPV 2.3) as JSON-LD. `docs/privacy.md`
//! says field by field what is there and what the shop must add.

use super::{
    given::{By, Channel, Given},
    map::{Form, Limits, ROWS, Row},
};
use crate::store::Person;
use config::Controller;
use engine::{
    shopper::{Consent, ConsentAct, ConsentNote, Purpose},
    time::UnixMs,
};
use jiff::Timestamp;
use protocol::id::StoreId;
use serde_json::{Value, json};

/// Which schema of DPV the record keeps to.
const SCHEMA: &str = "https://w3id.org/dpv/schema/dpv-27560#record";
/// The shop, wherever the record names it.
const SHOP: &str = "_:shop";
/// Relations whose values are terms and not texts.
const RELATIONS: [&str; 12] = [
    "dct:conformsTo",
    "dpv:hasConsentStatus",
    "dpv:hasDataController",
    "dpv:hasDataSource",
    "dpv:hasJurisdiction",
    "dpv:hasLegalBasis",
    "dpv:hasLocation",
    "dpv:hasPersonalData",
    "dpv:hasProcessing",
    "dpv:hasRecipient",
    "dpv:isIndicatedBy",
    "skos:broader",
];
/// Where consent is taken back (`docs/privacy.md`).
const TAKEN_BACK_AT: &str = "the tablet at the door, the desk or the loyalty programme of the shop";
/// What else a shopper may ask, and of whom.
const RIGHTS: [(&str, &str); 4] = [
    ("eu-gdpr:A7-3", "to take consent back"),
    ("eu-gdpr:A15", "to see what is kept"),
    ("eu-gdpr:A17", "to be forgotten"),
    ("eu-gdpr:A20", "to take along what is kept"),
];
const ASKED_AT: &str = "the desk of the shop";

/// Who keeps the record.
#[derive(Debug, Clone, Copy)]
pub struct Keeper<'a> {
    /// Which shop.
    pub store: &'a StoreId,
    /// As people read it.
    pub name: &'a str,
    /// Who answers for it, if the shop says so.
    pub controller: Option<&'a Controller>,
    /// How long it keeps what.
    pub limits: &'a Limits,
}

/// The record of one shopper at this moment; nothing where nothing is known.
pub fn record(keeper: Keeper<'_>, subject: &str, person: &Person, now: UnixMs) -> Option<Value> {
    let standing = person.enrolment.as_ref().map(|enrolment| enrolment.consent);
    if standing.is_none() && person.notes.is_empty() {
        return None;
    }
    let last = person.notes.last().and_then(|note| note.at);
    let first = person.notes.first().and_then(|note| note.at);
    let newest = newest_given(&person.notes);
    let store = keeper.store;
    let process = |purpose| {
        let status = status(purpose, standing, &person.notes, now);
        process(purpose, status, standing, keeper.limits)
    };
    Some(json!({
        "@context": context(),
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": SCHEMA,
        "dct:identifier": format!("{store}:{subject}"),
        "dct:created": first.map(date),
        "dct:modified": last.map(date),
        "dpv:hasDataSubject": {
            "@type": "dpv:DataSubject", "skos:broader": "dpv:Customer", "dct:identifier": subject,
        },
        "dpv:hasDataController": controller(keeper),
        "dpv:hasJurisdiction": keeper.controller.map(|who| format!("loc:{}", who.jurisdiction)),
        "dpv:hasNotice": notice(standing.map(|consent| consent.notice), newest.as_ref()),
        "dpv:hasProcess": Purpose::ALL.map(process),
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": TAKEN_BACK_AT,
        },
        "dpv:hasRight": RIGHTS.map(|(right, what)| json!({
            "@type": ["dpv:DataSubjectRight", right],
            "dct:title": what, "dpv:isExercisedAt": ASKED_AT,
        })),
        "dpv:hasConsentStatus": person.notes.iter().map(event).collect::<Vec<_>>(),
    }))
}

fn controller(keeper: Keeper<'_>) -> Value {
    let Keeper { store, .. } = keeper;
    let who = keeper.controller;
    json!({
        "@id": SHOP, "@type": "dpv:DataController",
        "dct:identifier": store, "dpv:hasIdentifier": store,
        "dpv:hasName": who.map_or(keeper.name, |who| &who.name),
        "dpv:hasAddress": who.map(|who| &who.address),
        "dpv:hasContact": who.map(|who| &who.contact),
    })
}

/// What prefixes stand for, and which texts are terms: without that they would be no
/// more than texts to a reader of JSON-LD.
fn context() -> Value {
    let mut context = json!({
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "loc": "https://w3id.org/dpv/loc#",
        "dct": "http://purl.org/dc/terms/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    });
    for relation in RELATIONS {
        context[relation] = json!({ "@type": "@id" });
    }
    context
}

/// A version of the notice, and the language in which it was shown.
fn notice(version: Option<u32>, given: Option<&Given>) -> Value {
    json!({
        "@type": "dpv:ConsentNotice",
        "dct:hasVersion": version,
        "dct:language": given.and_then(|given| given.language.as_deref()),
    })
}

fn newest_given(notes: &[ConsentNote]) -> Option<Given> {
    let given = |note: &&ConsentNote| matches!(note.act, ConsentAct::Given { .. });
    notes
        .iter()
        .rev()
        .find(given)
        .and_then(|note| Given::read(&note.how))
}

/// Where consent to one purpose stands.
fn status(
    purpose: Purpose,
    standing: Option<Consent>,
    notes: &[ConsentNote],
    now: UnixMs,
) -> &'static str {
    let was_given = |note: &ConsentNote| match &note.act {
        ConsentAct::Given { consent, .. } => consent.purposes.has(purpose),
        ConsentAct::Withdrawn { purposes } => purposes.has(purpose),
    };
    match standing.filter(|consent| consent.purposes.has(purpose)) {
        Some(consent) if consent.until.is_some_and(|until| until <= now) => "dpv:ConsentExpired",
        Some(_) => "dpv:ConsentGiven",
        None if notes.iter().any(was_given) => "dpv:ConsentWithdrawn",
        None => "dpv:ConsentUnknown",
    }
}

/// One purpose, and whether it is consented to now.
fn process(of: Purpose, status: &'static str, consent: Option<Consent>, limits: &Limits) -> Value {
    let used = used(of);
    let showings = consent.and_then(|consent| consent.showings_per_day);
    json!({
        "@type": "dpv:Process",
        "dpv:hasPurpose": purpose(of),
        "dpv:hasLegalBasis": ["dpv:ExpressedConsent", "eu-gdpr:A6-1-a"],
        "dpv:hasPersonalData": used.data,
        "dpv:hasProcessing": used.processing,
        "dpv:hasDataSource": used.source,
        "dpv:hasDataController": SHOP,
        "dpv:hasRecipient": SHOP,
        "dpv:hasConsentStatus": status,
        "dpv:hasDuration": consent.map(lasts),
        "dpv:hasFrequency": showings.map(|most| json!({
            "@type": "dpv:Frequency", "rdf:value": most, "dct:description": "showings a day at most",
        })),
        "dpv:hasStorageCondition": ROWS
            .iter()
            .filter(|row| row.purposes.contains(&of) && row.form != Form::Anonymous)
            .filter_map(|row| stored(row, limits))
            .collect::<Vec<_>>(),
    })
}

/// One kind of thing that is kept for a purpose: where, and for how long.
fn stored(row: &Row, limits: &Limits) -> Option<Value> {
    let duration = match row.term.days(limits) {
        Some(0) => return None,
        Some(days) => {
            json!({ "@type": "dpv:TemporalDuration", "rdf:value": format!("P{days}D") })
        }
        None => {
            let until = row.term.told(limits);
            json!({ "@type": "dpv:UntilEventDuration", "rdf:value": until })
        }
    };
    Some(json!({
        "@type": ["dpv:StorageLocation", "dpv:StorageDuration"],
        "dct:description": row.what,
        "dpv:hasLocation": "dpv:WithinDevice",
        "dpv:hasDuration": duration,
    }))
}

/// How long a consent holds.
fn lasts(consent: Consent) -> Value {
    match consent.until {
        Some(until) => json!({ "@type": "dpv:UntilTimeDuration", "rdf:value": date(until) }),
        None => json!({ "@type": "dpv:UntilEventDuration", "rdf:value": "it is taken back" }),
    }
}

fn purpose(purpose: Purpose) -> Value {
    let broader = used(purpose).broader;
    json!({ "@type": "dpv:Purpose", "skos:broader": broader, "dct:title": purpose.name() })
}

/// What a purpose is called in the vocabulary, and what it uses.
struct Used {
    broader: &'static str,
    data: &'static [&'static str],
    processing: &'static [&'static str],
    source: &'static [&'static str],
}

const fn used(purpose: Purpose) -> Used {
    match purpose {
        Purpose::InStoreOffers => Used {
            broader: "dpv:Advertising",
            data: &["pd:CurrentLocation"],
            processing: &["dpv:Observe", "dpv:Use"],
            source: &["dpv:DataSubjectDataSource"],
        },
        Purpose::Personalisation => Used {
            broader: "dpv:PersonalisedAdvertising",
            data: &[
                "pd:CurrentLocation",
                "pd:Preference",
                "pd:Language",
                "pd:Age",
            ],
            processing: &["dpv:Profiling", "dpv:Use"],
            source: &["dpv:DataSubjectDataSource", "dpv:DataControllerDataSource"],
        },
        Purpose::Measurement => Used {
            broader: "dpv:OptimisationForController",
            data: &["pd:CurrentLocation", "pd:Purchase"],
            processing: &["dpv:Observe", "dpv:Store"],
            source: &["dpv:DataSubjectDataSource", "dpv:DataControllerDataSource"],
        },
        Purpose::CrossStore => Used {
            broader: "dpv:PersonalisedAdvertising",
            data: &["pd:Preference"],
            processing: &["dpv:Share"],
            source: &["dpv:DataControllerDataSource"],
        },
    }
}

/// One event: what, when, by whom, where, by what evidence.
fn event(note: &ConsentNote) -> Value {
    let given = Given::read(&note.how).unwrap_or_default();
    let (mut told, purposes) = match &note.act {
        ConsentAct::Given { version, consent } => {
            let told = json!({
                "@type": "dpv:ConsentGiven",
                "dct:hasVersion": version,
                "dpv:hasLegalBasis": "dpv:ExpressedConsent",
                "dpv:hasDuration": lasts(*consent),
                "dpv:hasNotice": notice(Some(consent.notice), Some(&given)),
            });
            (told, consent.purposes)
        }
        ConsentAct::Withdrawn { purposes } => {
            (json!({ "@type": "dpv:ConsentWithdrawn" }), *purposes)
        }
    };
    let named = Purpose::ALL.into_iter().filter(|one| purposes.has(*one));
    told["dpv:hasPurpose"] = named.map(purpose).collect();
    told["dct:created"] = json!(note.at.map(date));
    told["dpv:isIndicatedAtTime"] = json!(given.at.or(note.at).map(date));
    told["dpv:isIndicatedBy"] = json!(match given.by {
        By::Shopper => "dpv:DataSubject",
        By::Guardian => "dpv:GuardianOfDataSubject",
    });
    told["dpv:hasIndicationMethod"] = json!(given.channel.map(Channel::name));
    told["dct:source"] = json!(given.evidence);
    told
}

fn date(at: UnixMs) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::shopper::{Enrolment, Purposes, ShopperId};
    use std::{collections::BTreeSet, time::Duration};

    const GIVEN: UnixMs = UnixMs(1_795_312_800_000);

    fn person() -> Person {
        let purposes = Purposes::NONE.with(Purpose::InStoreOffers);
        let enrolment = Enrolment::consenting(ShopperId(5), 3, purposes);
        let how = Given {
            language: Some("vi".to_owned()),
            evidence: Some("form 4711".to_owned()),
            ..Given::at_the(Channel::Till)
        };
        let notes = vec![
            ConsentNote {
                shopper: ShopperId(5),
                at: Some(GIVEN),
                act: ConsentAct::Given {
                    version: 3,
                    consent: enrolment.consent,
                },
                how: how.bytes(),
            },
            ConsentNote {
                shopper: ShopperId(5),
                at: None,
                act: ConsentAct::Withdrawn {
                    purposes: Purposes::NONE.with(Purpose::Measurement),
                },
                how: Given::default().bytes(),
            },
        ];
        Person {
            enrolment: Some(enrolment),
            notes,
            ..Person::default()
        }
    }

    /// At this moment of the day on which it was given.
    fn told(person: &Person, now: UnixMs) -> Option<Value> {
        told_by(None, person, now)
    }

    fn told_by(controller: Option<&Controller>, person: &Person, now: UnixMs) -> Option<Value> {
        let store = "quan-1".parse().unwrap();
        let limits = Limits {
            exposures: Duration::from_hours(400 * 24),
            unused_profiles: Duration::from_hours(730 * 24),
            recording_days: 0,
        };
        let keeper = Keeper {
            store: &store,
            name: "Quán Một",
            controller,
            limits: &limits,
        };
        record(keeper, "aabb", person, now)
    }

    #[test]
    fn a_record_says_who_agreed_to_what_when_where_and_by_what_evidence() {
        let told = told(&person(), GIVEN).unwrap();
        assert_eq!(told["@type"], "dpv:ConsentRecord");
        assert_eq!(told["dct:conformsTo"], SCHEMA);
        assert_eq!(told["dct:identifier"], "quan-1:aabb");
        assert_eq!(told["dpv:hasDataController"]["dpv:hasName"], "Quán Một");
        assert_eq!(told["dpv:hasNotice"]["dct:language"], "vi");
        for (at, purpose, status) in [
            (0, "in_store_offers", "dpv:ConsentGiven"),
            (1, "personalisation", "dpv:ConsentUnknown"),
            (2, "measurement", "dpv:ConsentWithdrawn"),
        ] {
            let process = &told["dpv:hasProcess"][at];
            assert_eq!(process["dpv:hasPurpose"]["dct:title"], purpose);
            assert_eq!(process["dpv:hasConsentStatus"], status);
        }
        let [given, withdrawn] = [0, 1].map(|at| &told["dpv:hasConsentStatus"][at]);
        assert_eq!(given["dct:created"], "2026-11-22T02:00:00Z");
        assert_eq!(given["dpv:isIndicatedAtTime"], "2026-11-22T02:00:00Z");
        assert_eq!(given["dpv:hasIndicationMethod"], "till");
        assert_eq!(given["dct:source"], "form 4711");
        assert_eq!(given["dpv:hasNotice"]["dct:hasVersion"], 1);
        assert_eq!(withdrawn["@type"], "dpv:ConsentWithdrawn");
        assert_eq!(withdrawn["dpv:hasPurpose"][0]["dct:title"], "measurement");
    }

    #[test]
    fn a_record_names_who_answers_for_it_where_the_shop_says_so() {
        let nobody = told(&person(), GIVEN).unwrap();
        assert_eq!(nobody["dpv:hasJurisdiction"], Value::Null);
        assert_eq!(
            nobody["dpv:hasDataController"]["dpv:hasContact"],
            Value::Null
        );
        let chain = Controller {
            name: "Chuỗi Quán".into(),
            address: "Quận 1".into(),
            contact: "+84 28 0000".into(),
            jurisdiction: "VN".into(),
        };
        let told = told_by(Some(&chain), &person(), GIVEN).unwrap();
        assert_eq!(told["dpv:hasJurisdiction"], "loc:VN");
        let who = &told["dpv:hasDataController"];
        assert_eq!(who["dpv:hasName"], "Chuỗi Quán");
        assert_eq!(who["dpv:hasAddress"], "Quận 1");
        assert_eq!(who["dpv:hasContact"], "+84 28 0000");
    }

    #[test]
    fn what_is_kept_for_a_purpose_stands_with_it_as_the_data_map_has_it() {
        let told = told(&person(), GIVEN).unwrap();
        let stored = |at: usize| &told["dpv:hasProcess"][at]["dpv:hasStorageCondition"];
        let profile = &stored(1)[0];
        assert_eq!(profile["dpv:hasDuration"]["rdf:value"], "P730D");
        assert_eq!(profile["dpv:hasLocation"], "dpv:WithinDevice");
        let of_measurement = stored(2).to_string();
        assert!(of_measurement.contains("P400D"), "{of_measurement}");
        assert!(of_measurement.contains("until the visit ends"));
        assert!(!of_measurement.contains("replay"), "recording is off");
        assert_eq!(stored(3), &json!([]), "nothing leaves the shop");
    }

    #[test]
    fn a_consent_that_has_ended_is_told_as_expired() {
        let mut person = person();
        let end = UnixMs(GIVEN.0 + 1_000);
        person.enrolment.as_mut().unwrap().consent.until = Some(end);
        for (now, status) in [
            (UnixMs(end.0 - 1), "dpv:ConsentGiven"),
            (end, "dpv:ConsentExpired"),
        ] {
            let told = told(&person, now).unwrap();
            let process = &told["dpv:hasProcess"][0];
            assert_eq!(process["dpv:hasConsentStatus"], status);
            let duration = &process["dpv:hasDuration"];
            assert_eq!(duration["@type"], "dpv:UntilTimeDuration");
            assert_eq!(duration["rdf:value"], "2026-11-22T02:00:01Z");
        }
    }

    /// Every term that a record may hold, each looked up on 23 November 2026 in `dpv.csv`,
    /// `pd.csv` and `eu-gdpr.csv` of DPV 2.3; `dpv-27560` in `schema/dpv-27560.ttl`.
    const TERMS: &str = "dpv:Advertising dpv:ConsentExpired dpv:ConsentGiven dpv:ConsentNotice \
        dpv:ConsentRecord dpv:ConsentUnknown dpv:ConsentWithdrawn dpv:Customer \
        dpv:DataController dpv:DataControllerDataSource dpv:DataSubject \
        dpv:DataSubjectDataSource dpv:DataSubjectRight dpv:ExpressedConsent dpv:Frequency \
        dpv:GuardianOfDataSubject dpv:Observe dpv:OptimisationForController \
        dpv:PersonalisedAdvertising dpv:Process dpv:Profiling dpv:Purpose dpv:Share \
        dpv:StorageDuration dpv:StorageLocation dpv:Store dpv:TemporalDuration \
        dpv:UntilEventDuration dpv:UntilTimeDuration dpv:Use dpv:WithdrawConsent \
        dpv:WithinDevice dpv:hasAddress dpv:hasConsentControl dpv:hasConsentStatus dpv:hasContact dpv:hasDataController \
        dpv:hasDataSource dpv:hasDataSubject dpv:hasDuration dpv:hasFrequency \
        dpv:hasIdentifier dpv:hasIndicationMethod dpv:hasJurisdiction dpv:hasLegalBasis dpv:hasLocation \
        dpv:hasName dpv:hasNotice dpv:hasPersonalData dpv:hasProcess dpv:hasProcessing \
        dpv:hasPurpose dpv:hasRecipient dpv:hasRight dpv:hasStorageCondition \
        dpv:isExercisedAt dpv:isIndicatedAtTime dpv:isIndicatedBy eu-gdpr:A15 eu-gdpr:A17 \
        eu-gdpr:A20 eu-gdpr:A6-1-a eu-gdpr:A7-3 pd:Age pd:CurrentLocation pd:Language \
        pd:Preference pd:Purchase";

    #[test]
    fn a_record_uses_no_word_that_the_vocabulary_does_not_have() {
        let known: BTreeSet<&str> = TERMS.split_whitespace().collect();
        let mut person = person();
        person.enrolment.as_mut().unwrap().consent.showings_per_day = Some(3);
        let guardian = Given {
            by: By::Guardian,
            ..Given::default()
        };
        person.notes[1].how = guardian.bytes();
        let text = told(&person, GIVEN).unwrap().to_string();
        let words = text.split('"').filter(|word| {
            let prefix = word.split_once(':').map(|(prefix, _)| prefix);
            matches!(prefix, Some("dpv" | "pd" | "eu-gdpr"))
        });
        let used: BTreeSet<&str> = words.collect();
        assert!(used.len() > 50, "{}", used.len());
        let unknown: Vec<_> = used.difference(&known).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn nobody_has_no_record() {
        assert_eq!(told(&Person::default(), GIVEN), None);
    }
}
