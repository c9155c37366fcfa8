//! `aislecast privacy`: what is kept of people, told to whoever must answer for
//! it and to each of them.

mod person;
mod receipt;
mod report;

use super::Failure;
use clap::Subcommand;
pub(super) use receipt::keep as keep_receipt;

#[derive(Debug, Subcommand)]
pub(super) enum Privacy {
    /// Say what is kept of people, why, for how long, and how much of it is there.
    Report(report::Report),
    /// Say what is kept of one shopper.
    Show(person::Show),
    /// Write everything that is kept of one shopper, as JSON to take along.
    Export(person::Export),
    /// Write the record of a shopper's consents: ISO/IEC TS 27560, as JSON-LD.
    Consents(person::Consents),
    /// Say who looked at what is kept of shoppers.
    Looks(person::Looks),
    /// Give the receipt of somebody who was forgotten, again.
    Receipt(receipt::Again),
    /// Say whether a receipt for an erasure is genuine, without a gateway.
    Verify(receipt::Verify),
    /// Print the key that receipts are checked with, as a PEM file.
    PublicKey(receipt::PublicKey),
}

impl Privacy {
    pub(super) fn perform(self) -> Result<(), Failure> {
        match self {
            Self::Report(report) => report.perform(),
            Self::Show(show) => show.perform(),
            Self::Export(export) => export.perform(),
            Self::Consents(consents) => consents.perform(),
            Self::Looks(looks) => looks.perform(),
            Self::Receipt(again) => again.perform(),
            Self::Verify(verify) => verify.perform(),
            Self::PublicKey(key) => key.perform(),
        }
    }
}
