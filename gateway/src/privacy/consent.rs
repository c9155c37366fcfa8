//! A shopper's consents as a record that others can read: the sections and
//! fields of ISO/IEC TS 27560:2023 (header, processing, parties, events), in the
//! words of the W3C Data Privacy Vocabulary as JSON-LD.

use super::given::{By, Channel, Given};
use crate::store::Person;
use engine::{
    shopper::{Consent, ConsentAct, ConsentNote, Purpose},
    time::UnixMs,
};
use jiff::Timestamp;
use protocol::id::StoreId;
use serde_json::{Value, json};

/// The record of one shopper; nothing where nothing is known.
pub fn record(store: &StoreId, subject: &str, person: &Person) -> Option<Value> {
    let standing = person.enrolment.as_ref();
    if standing.is_none() && person.notes.is_empty() {
        return None;
    }
    let last = person.notes.last().and_then(|note| note.at);
    let first = person.notes.first().and_then(|note| note.at);
    let newest = newest_given(&person.notes);
    Some(json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
            "dct": "http://purl.org/dc/terms/",
        },
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": "https://w3id.org/dpv/schema/iso-27560",
        "dct:identifier": format!("{store}:{subject}"),
        "dct:created": first.map(date),
        "dct:modified": last.map(date),
        "dpv:hasDataSubject": { "@type": "dpv:Customer", "dct:identifier": subject },
        "dpv:hasDataController": { "@type": "dpv:DataController", "dct:identifier": store },
        "dpv:hasNotice": notice(standing.map(|e| e.consent), newest.as_ref()),
        "dpv:hasProcess": Purpose::ALL
            .map(|purpose| process(purpose, standing.map(|enrolment| enrolment.consent))),
        "dpv:hasConsentStatus": person.notes.iter().map(event).collect::<Vec<_>>(),
    }))
}

/// The notice that the consent in force goes by.
fn notice(consent: Option<Consent>, given: Option<&Given>) -> Value {
    json!({
        "@type": "dpv:ConsentNotice",
        "dct:hasVersion": consent.map(|consent| consent.notice),
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

/// One purpose, and whether it is consented to now.
fn process(purpose: Purpose, consent: Option<Consent>) -> Value {
    let is_given = consent.is_some_and(|consent| consent.purposes.has(purpose));
    let (meaning, data) = of_purpose(purpose);
    json!({
        "@type": "dpv:Process",
        "dpv:hasPurpose": { "@type": meaning, "dct:title": purpose.name() },
        "dpv:hasLegalBasis": "eu-gdpr:A6-1-a",
        "dpv:hasPersonalData": data,
        "dpv:hasConsentStatus": if is_given { "dpv:ConsentGiven" } else { "dpv:ConsentInvalid" },
        "dpv:hasDuration": consent.and_then(|consent| consent.until).map(date),
        "dpv:hasFrequency": consent.and_then(|consent| consent.showings_per_day),
        "dpv:hasStorageCondition": "dpv:StorageLocation",
        "dpv:hasRecipient": [],
    })
}

/// What a purpose is called in the vocabulary, and which data it uses.
const fn of_purpose(purpose: Purpose) -> (&'static str, &'static [&'static str]) {
    match purpose {
        Purpose::InStoreOffers => ("dpv:Advertising", &["dpv:Location"]),
        Purpose::Personalisation => (
            "dpv:PersonalisedAdvertising",
            &["dpv:Location", "dpv:Preference", "dpv:Language", "dpv:Age"],
        ),
        Purpose::Measurement => (
            "dpv:AdvertisingPerformance",
            &["dpv:Location", "dpv:Purchase"],
        ),
        Purpose::CrossStore => ("dpv:DataSharing", &["dpv:Preference"]),
    }
}

/// One event: what, when, by whom, where, by what evidence.
fn event(note: &ConsentNote) -> Value {
    let given = Given::read(&note.how).unwrap_or_default();
    let (status, more) = match &note.act {
        ConsentAct::Given { version, consent } => {
            let purposes = names(|purpose| consent.purposes.has(purpose));
            let notice = consent.notice;
            let more = json!({ "version": version, "purposes": purposes, "notice": notice });
            ("dpv:ConsentGiven", more)
        }
        ConsentAct::Withdrawn { purposes } => {
            let purposes = names(|purpose| purposes.has(purpose));
            ("dpv:ConsentWithdrawn", json!({ "purposes": purposes }))
        }
    };
    json!({
        "@type": status,
        "dct:created": note.at.map(date),
        "dct:date": given.at.map(date),
        "dpv:isIndicatedBy": match given.by {
            By::Shopper => "dpv:DataSubject",
            By::Guardian => "dpv:GuardianOfDataSubject",
        },
        "dpv:hasIndicationMethod": given.channel.map(Channel::name),
        "dct:source": given.evidence,
        "dct:description": more,
    })
}

fn names(is_in: impl Fn(Purpose) -> bool) -> Vec<&'static str> {
    let purposes = Purpose::ALL.into_iter().filter(|purpose| is_in(*purpose));
    purposes.map(Purpose::name).collect()
}

fn date(at: UnixMs) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::shopper::{Enrolment, Purposes, ShopperId};

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

    #[test]
    fn a_record_says_who_agreed_to_what_when_where_and_by_what_evidence() {
        let told = record(&"quan-1".parse().unwrap(), "aabb", &person()).unwrap();
        assert_eq!(told["@type"], "dpv:ConsentRecord");
        assert_eq!(told["dct:identifier"], "quan-1:aabb");
        assert_eq!(told["dpv:hasNotice"]["dct:language"], "vi");
        for (at, purpose, status) in [
            (0, "in_store_offers", "dpv:ConsentGiven"),
            (1, "personalisation", "dpv:ConsentInvalid"),
        ] {
            let process = &told["dpv:hasProcess"][at];
            assert_eq!(process["dpv:hasPurpose"]["dct:title"], purpose);
            assert_eq!(process["dpv:hasConsentStatus"], status);
        }
        let [given, withdrawn] = [0, 1].map(|at| &told["dpv:hasConsentStatus"][at]);
        assert_eq!(given["dct:created"], "2026-11-22T02:00:00Z");
        assert_eq!(given["dpv:hasIndicationMethod"], "till");
        assert_eq!(given["dct:source"], "form 4711");
        assert_eq!(withdrawn["@type"], "dpv:ConsentWithdrawn");
        assert_eq!(
            withdrawn["dct:description"]["purposes"],
            json!(["measurement"])
        );
    }

    #[test]
    fn nobody_has_no_record() {
        assert_eq!(
            record(&"quan-1".parse().unwrap(), "aabb", &Person::default()),
            None
        );
    }
}
