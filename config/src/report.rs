//! Collects what is wrong with one file.

use crate::{
    doc::{At, Doc, Finding},
    problem::{Problem, Severity},
    suggest::{listed, nearest},
};
use std::{collections::BTreeMap, ops::Range};

/// Most problems said of one file. Whoever sees so many has the wrong file, and
/// a file made to have a million must not fill the memory.
const MOST: usize = 100;

/// Collects what is wrong with one file.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    /// The file.
    pub(crate) doc: &'a Doc<'a>,
    problems: Vec<Problem>,
    unsaid: usize,
    errors: usize,
}

impl<'a> Report<'a> {
    /// Nothing found yet.
    pub(crate) fn new(doc: &'a Doc<'a>) -> Self {
        Self {
            doc,
            problems: Vec::new(),
            unsaid: 0,
            errors: 0,
        }
    }

    /// Whether nothing was found that keeps the shop from running.
    pub(crate) fn is_fine(&self) -> bool {
        self.errors == 0
    }

    /// Everything found, and how much more there is.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        if self.unsaid > 0 {
            let what = format!("{} more problems in this file are not listed", self.unsaid);
            let finding = Finding::error(what, "solve those above and check again");
            self.problems.push(self.doc.problem(At::Value, "", finding));
        }
        self.problems
    }

    /// Something at the value of a key.
    pub(crate) fn add(&mut self, key: &str, finding: Finding) {
        self.add_in(self.doc.span(At::Value, key), key, finding);
    }

    /// Something at a known place.
    pub(crate) fn add_in(&mut self, span: Range<usize>, key: &str, finding: Finding) {
        self.errors += usize::from(finding.severity == Severity::Error);
        if self.problems.len() < MOST {
            self.problems.push(self.doc.problem_in(span, key, finding));
        } else {
            self.unsaid += 1;
        }
    }

    /// Something that keeps the shop from running.
    pub(crate) fn error(&mut self, key: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(key, Finding::error(what, remedy));
    }

    /// Something that is probably not intended.
    pub(crate) fn warn(&mut self, key: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(key, Finding::warning(what, remedy));
    }

    /// The line on which a key stands.
    pub(crate) fn line(&self, key: &str) -> usize {
        self.doc.line(self.doc.span(At::Value, key).start)
    }

    /// Looks a name up and says what was probably meant when it is not there.
    pub(crate) fn find<'k>(
        &mut self,
        key: &str,
        kind: &str,
        name: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<usize> {
        let found = known.clone().position(|k| k == name);
        if found.is_none() {
            let remedy = format!("known: {}", listed(known.clone()));
            let finding = Finding::error(format!("there is no {kind} {name:?}"), remedy)
                .meaning(nearest(name, known));
            self.add(key, finding);
        }
        found
    }

    /// Says which names occur twice.
    pub(crate) fn unique<'k>(
        &mut self,
        names: impl Iterator<Item = (String, &'k str)>,
        kind: &str,
    ) {
        let mut seen = BTreeMap::new();
        for (key, name) in names {
            if let Some(first) = seen.insert(name, key.clone()) {
                let line = self.line(&first);
                self.error(
                    &key,
                    format!("{kind} {name:?} is already there, on line {line}"),
                    "give each its own",
                );
            }
        }
    }
}
