//! Receipts and codes in the cache.

use super::{Cache, CacheError, decode, encode};
use crate::store::state::Changed;
use engine::sale::{CodeTally, KeptReceipt, MAX_RECEIPTS, Sales, ShownCode};
use protocol::id::OfferId;
use sled::Batch;

// First byte of a key, beside those of the rest of the state.
const KEPT: u8 = b'k';
const CODE: u8 = b'c';
const CODE_TALLY: u8 = b'q';
/// Bytes of a key that names a receipt: kind and number of its entry.
const KEPT_KEY: usize = 9;

impl Cache {
    pub(super) fn load_sales(&self, sales: &mut Sales) -> Result<(), CacheError> {
        self.drop_oldest_receipts()?;
        for record in self.records(KEPT) {
            let kept: KeptReceipt = decode(&record?)?;
            sales.keep(kept);
        }
        for record in self.records(CODE) {
            let code: ShownCode = decode(&record?)?;
            sales.codes.insert(code.showing.revision, code);
        }
        for record in self.records(CODE_TALLY) {
            let (offer, tally): (OfferId, CodeTally) = decode(&record?)?;
            sales.tallies.insert(offer, tally);
        }
        Ok(())
    }

    /// Receipts are numbered as they come and nobody takes old ones out but a
    /// start: twice as many as are remembered may lie here, since a void writes
    /// its receipt once more.
    fn drop_oldest_receipts(&self) -> Result<(), CacheError> {
        let mut names = Vec::new();
        for key in self.state.scan_prefix([KEPT]).keys() {
            let key = key?;
            let name = key.get(..KEPT_KEY).ok_or(CacheError::Value)?.to_vec();
            if names.last() != Some(&name) {
                names.push(name);
            }
        }
        let surplus = names.len().saturating_sub(2 * MAX_RECEIPTS);
        for name in &names[..surplus] {
            for key in self.state.scan_prefix(name).keys() {
                self.state.remove(key?)?;
            }
        }
        Ok(())
    }

    pub(super) fn write_sales(
        &self,
        sales: &Sales,
        changed: &Changed,
        batch: &mut Batch,
    ) -> Result<(), CacheError> {
        for (seq, receipt) in &changed.receipts {
            let key = [&[KEPT][..], &seq.to_be_bytes()].concat();
            if let Some(kept) = sales.receipt(receipt) {
                self.put(batch, &key, Some(&encode(kept)))?;
            }
        }
        for revision in &changed.codes {
            let key = [&[CODE][..], &revision.to_be_bytes()].concat();
            let record = sales.codes.get(revision).map(encode);
            self.put(batch, &key, record.as_deref())?;
        }
        for offer in &changed.coded_offers {
            let key = [&[CODE_TALLY][..], offer.as_str().as_bytes(), &[0]].concat();
            let record = sales
                .tallies
                .get(offer)
                .map(|tally| encode(&(offer, tally)));
            self.put(batch, &key, record.as_deref())?;
        }
        Ok(())
    }
}
