//! Files of customers: JSON lines as the desk takes them, or CSV, row by row.

use anyhow::{Context as _, anyhow, bail};
use csv::StringRecord;
use serde_json::{Map, Value, json};
use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

/// Columns of a CSV file, in any order.
const COLUMNS: &str = "customer, version, purposes, notice, until, showings_per_day, given_channel, given_at, \
                       given_language, given_by, given_evidence, segments, language, adult, affinities, \
                       visits, last_visit, ibeacon, eddystone_uid, altbeacon, irk, rotating";

/// One row: where it stands in its file, and as the desk takes it.
pub(super) type Row = (u64, anyhow::Result<String>);

/// Reads `path`, which ends in `.csv`, `.jsonl` or `.ndjson`, row by row.
pub(super) fn read(path: &Path) -> anyhow::Result<Box<dyn Iterator<Item = Row>>> {
    let file = File::open(path).with_context(|| format!("failed to read {}", path.display()))?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("csv") => csv_rows(file),
        Some("jsonl" | "ndjson") => {
            let lines = (1..).zip(BufReader::new(file).lines());
            let rows = lines.map(|(line, text)| (line, text.map_err(anyhow::Error::from)));
            Ok(Box::new(rows.filter(|(_, text)| {
                !text.as_ref().is_ok_and(|t| t.trim().is_empty())
            })))
        }
        _ => bail!("{} ends neither in .jsonl nor in .csv", path.display()),
    }
}

fn csv_rows(file: File) -> anyhow::Result<Box<dyn Iterator<Item = Row>>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let columns = reader.headers()?.clone();
    for required in ["customer", "version", "purposes"] {
        if !columns.iter().any(|column| column == required) {
            bail!(
                "the first line must name the columns, {required:?} among them; there are: {COLUMNS}"
            );
        }
    }
    let known: Vec<&str> = COLUMNS.split(", ").collect();
    if let Some(other) = columns.iter().find(|column| !known.contains(column)) {
        bail!("no column is called {other:?}; there are: {COLUMNS}");
    }
    Ok(Box::new(reader.into_records().zip(2..).map(
        move |(record, row)| {
            let line = record
                .as_ref()
                .ok()
                .and_then(|r| r.position())
                .map_or(row, csv::Position::line);
            let message = record
                .map_err(anyhow::Error::from)
                .and_then(|r| message(&columns, &r));
            (line, message.map(|message| message.to_string()))
        },
    )))
}

/// One row as the desk's JSON.
fn message(columns: &StringRecord, record: &StringRecord) -> anyhow::Result<Value> {
    let mut message = Map::new();
    let mut consent = Map::from_iter([("notice".to_owned(), json!(1))]);
    let (mut keys, mut given) = (Vec::new(), Map::new());
    for (column, text) in columns
        .iter()
        .zip(record)
        .filter(|(_, text)| !text.is_empty())
    {
        let value = || cell(column, text).with_context(|| format!("column {column:?}"));
        match column {
            "notice" | "until" | "showings_per_day" | "purposes" => {
                consent.insert(column.to_owned(), value()?);
            }
            "ibeacon" | "eddystone_uid" | "altbeacon" | "irk" | "rotating" => {
                keys.push(json!({column: value()?}));
            }
            _ => match column.strip_prefix("given_") {
                Some(column) => drop(given.insert(column.to_owned(), value()?)),
                None => drop(message.insert(column.to_owned(), value()?)),
            },
        }
    }
    if !given.is_empty() {
        consent.insert("given".to_owned(), given.into());
    }
    // No purpose is a consent to nothing, and said so.
    consent.entry("purposes").or_insert_with(|| json!([]));
    message.insert("consent".to_owned(), consent.into());
    message.insert("keys".to_owned(), keys.into());
    Ok(message.into())
}

fn cell(column: &str, text: &str) -> anyhow::Result<Value> {
    Ok(match column {
        "version" | "notice" | "showings_per_day" | "visits" => json!(number(text)?),
        "adult" => match text {
            "true" | "yes" | "1" => json!(true),
            "false" | "no" | "0" => json!(false),
            _ => bail!("must be true or false"),
        },
        "purposes" | "segments" => json!(list(text).collect::<Vec<_>>()),
        "affinities" => {
            let pairs = list(text).map(|pair| {
                let (department, liked) = pair
                    .split_once(':')
                    .context("must be like dairy:80;meat:20")?;
                Ok((department.to_owned(), json!(number(liked)?)))
            });
            Value::Object(pairs.collect::<anyhow::Result<_>>()?)
        }
        "ibeacon" => {
            let parts: Vec<&str> = text.split('/').collect();
            let [uuid, major, minor] = parts[..] else {
                bail!("must be UUID/MAJOR/MINOR");
            };
            json!({"uuid": uuid, "major": number(major)?, "minor": number(minor)?})
        }
        "eddystone_uid" => {
            let (namespace, instance) =
                text.split_once('/').context("must be NAMESPACE/INSTANCE")?;
            json!({"namespace": namespace, "instance": instance})
        }
        "altbeacon" => json!({"id": text}),
        "rotating" => {
            let (key, exponent) = text.split_once('/').context("must be KEY/EXPONENT")?;
            json!({"key": key, "exponent": number(exponent)?})
        }
        _ => json!(text),
    })
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn number(text: &str) -> anyhow::Result<u64> {
    text.trim()
        .parse()
        .map_err(|_| anyhow!("must be a whole number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::desk::{self, Request},
        pseudonym::Pseudonymiser,
    };
    use protocol::topic::Desk;
    use std::fs;

    fn rows(name: &str, text: &str) -> anyhow::Result<Vec<Row>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        Ok(read(&path)?.collect())
    }

    #[test]
    fn a_csv_row_is_what_the_desk_takes() {
        let text = "customer,version,purposes,segments,language,adult,affinities,last_visit,ibeacon,irk\n\
                    C-1,7,in_store_offers;personalisation,family;member,vi,yes,dairy:80,2026-11-14,\
                    1de4b189-115e-45f6-b44e-509352269977/1/2,ec0234a357c8ad05341010a60a397d9b\n\
                    C-2,1,,,,,,,,\n";
        let rows = rows("members.csv", text).unwrap();
        let plan = config::demo().plan;
        let read = |row: &Row| {
            let json = row.1.as_ref().unwrap();
            match desk::read(
                Desk::Profile,
                json.as_bytes(),
                &Pseudonymiser::new([0; 16]),
                &plan,
            )
            .request
            {
                Ok(Request::Upsert(enrolment, profile, _)) => (*enrolment, *profile),
                other => panic!("{other:?}"),
            }
        };
        let (enrolment, profile) = read(&rows[0]);
        assert_eq!(
            (rows[0].0, enrolment.version, enrolment.keys.len()),
            (2, 7, 2)
        );
        assert_eq!(profile.segments, ["family", "member"]);
        assert_eq!(profile.affinities, [("dairy".to_owned(), 80)]);
        assert_eq!(profile.adult, Some(true));
        assert_eq!(profile.last_visit_day, Some(20_771));
        let (enrolment, _) = read(&rows[1]);
        assert!(enrolment.consent.purposes.is_empty());
    }

    #[test]
    fn how_a_consent_was_given_comes_along() {
        let text = "customer,version,purposes,given_channel,given_at,given_language,given_by,given_evidence\n\
                    C-1,1,in_store_offers,paper,2026-11-22T09:30:00+07:00,vi,guardian,form 4711\n\
                    C-2,1,in_store_offers,,,,,\n";
        let rows = rows("members.csv", text).unwrap();
        let given = |n: usize| {
            let message: Value = serde_json::from_str(rows[n].1.as_ref().unwrap()).unwrap();
            message["consent"]["given"].clone()
        };
        let expected = json!({"channel": "paper", "at": "2026-11-22T09:30:00+07:00",
            "language": "vi", "by": "guardian", "evidence": "form 4711"});
        assert_eq!((given(0), given(1)), (expected, Value::Null));
        let plan = config::demo().plan;
        let known = Pseudonymiser::new([0; 16]);
        let json = rows[0].1.as_ref().unwrap();
        let read = desk::read(Desk::Profile, json.as_bytes(), &known, &plan).request;
        let Ok(Request::Upsert(_, _, taken)) = read else {
            panic!("{read:?}")
        };
        assert_eq!(taken.evidence.as_deref(), Some("form 4711"));
    }

    #[test]
    fn a_bad_cell_names_its_line_and_column_and_the_rest_is_read() {
        let text = "customer,version,purposes\nC-1,seven,\nC-2,1,\n";
        let rows = rows("members.csv", text).unwrap();
        let (line, refused) = &rows[0];
        let words = format!("{:#}", refused.as_ref().unwrap_err());
        assert_eq!(
            (*line, words.as_str()),
            (2, "column \"version\": must be a whole number")
        );
        assert!(rows[1].1.is_ok());
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused_as_a_whole() {
        for (name, text, word) in [
            ("a.txt", "", ".jsonl"),
            ("a.csv", "customer,purposes\n", "\"version\""),
            (
                "a.csv",
                "customer,version,purposes,segmnets\n",
                "\"segmnets\"",
            ),
        ] {
            let refused = rows(name, text).unwrap_err().to_string();
            assert!(refused.contains(word), "{refused}");
        }
    }
}
