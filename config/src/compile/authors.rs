//! Whose bundles of offers are taken.

use crate::{
    bundle::{Author, PublicKey, Role},
    raw::store::{self, Store},
    report::Report,
    shell::OffersDesk,
};

/// The desk for offers.
pub(crate) fn offers_desk(raw: &Store, report: &mut Report<'_>) -> OffersDesk {
    let each = || raw.authors.iter().enumerate();
    let names = each().map(|(i, a)| (format!("authors[{i}].name"), a.name.0.as_str()));
    report.unique(names, "author");
    let keys = each().map(|(i, a)| (format!("authors[{i}].key"), a.key.as_str()));
    // One key under two names could countersign its own bundles.
    report.unique(keys, "key");
    let authors = each().filter_map(|(i, author)| read(author, i, report));
    let authors: Vec<Author> = authors.collect();
    let operators = authors.iter().filter(|a| a.role == Role::Operator).count();
    if raw.offers.countersign && operators == 0 {
        report.warn(
            "offers.countersign",
            "nobody can countersign: no author is an operator",
            "give one of [[authors]] role = \"operator\"",
        );
    }
    OffersDesk {
        countersign: raw.offers.countersign,
        authors,
    }
}

fn read(author: &store::Author, index: usize, report: &mut Report<'_>) -> Option<Author> {
    match author.key.parse::<PublicKey>() {
        Ok(key) => Some(Author {
            name: author.name.0.clone(),
            key,
            role: match author.role {
                store::Role::Marketer => Role::Marketer,
                store::Role::Operator => Role::Operator,
            },
        }),
        Err(why) => {
            let key = format!("authors[{index}].key");
            report.error(
                &key,
                why.to_string(),
                "paste what `aislecast offers keygen` printed",
            );
            None
        }
    }
}
