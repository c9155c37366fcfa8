//! Money and limits in the cache: codes, sums, hours and open charges, each as
//! the entry of a checkpoint that adds it.

use super::{Cache, CacheError, decode, encode};
use crate::store::state::{Changed, checkpoint_of};
use engine::money::{Money, MoneyEntry};
use sled::Batch;

// First byte of a key, beside those of the rest of the state.
const CODE: u8 = b'v';
const SUMS: u8 = b's';

impl Cache {
    pub(super) fn load_money(&self, money: &mut Money) -> Result<(), CacheError> {
        for kind in [CODE, SUMS] {
            for record in self.records(kind) {
                let entry: MoneyEntry = decode(&record?)?;
                money.apply(&entry);
            }
        }
        Ok(())
    }

    /// Codes one by one; the sums, hours and charges are few, and are written
    /// as a whole when one of them changed.
    pub(super) fn write_money(
        &self,
        money: &Money,
        changed: &Changed,
        batch: &mut Batch,
    ) -> Result<(), CacheError> {
        for revision in &changed.vouchers {
            let key = [&[CODE][..], &revision.to_be_bytes()].concat();
            let code = money.codes.get(revision).cloned();
            let record = code.map(|code| encode(&MoneyEntry::Kept(Box::new(code))));
            self.put(batch, &key, record.as_deref())?;
        }
        if changed.has_money {
            let sums: Vec<Vec<u8>> = checkpoint_of(money).map(|entry| encode(&entry)).collect();
            for (place, record) in (0_u32..).zip(&sums) {
                self.put(batch, &sums_key(place), Some(record))?;
            }
            self.remove_sums_from(sums.len() as u32, batch)?;
        }
        Ok(())
    }

    fn remove_sums_from(&self, first: u32, batch: &mut Batch) -> Result<(), CacheError> {
        for key in self.state.range(sums_key(first)..).keys() {
            let key = key?;
            if key.first() != Some(&SUMS) {
                break;
            }
            batch.remove(key);
        }
        Ok(())
    }
}

fn sums_key(place: u32) -> Vec<u8> {
    [&[SUMS][..], &place.to_be_bytes()].concat()
}
