//! The small state in the cache: one record per offer, open showing, receipt
//! and code, each cut into pieces that sled keeps safely, and the number of the
//! last ledger entry that all of it holds.

use super::{Cache, CacheError, SCHEMA, VALUE_MAX, decode, encode};
use crate::store::state::Changed;
use engine::{
    Snapshot,
    effect::{LedgerEntry, Reservation, ShowingId},
    snapshot::Tally,
    trial::TrialTally,
};
use protocol::id::OfferId;
use serde::{Deserialize, Serialize};
use sled::Batch;

const META: &[u8] = b"meta";
const RESIDUE: &[u8] = b"residue";
// First byte of a key; none is that of a name above.
const TALLY: u8 = b't';
const OPEN: u8 = b'o';
const PAUSES: u8 = b'p';
const TRIAL: u8 = b'x';

/// How far the cache is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::store) struct Meta {
    /// Everything up to this entry of the ledger is in.
    pub(in crate::store) applied_seq: u64,
    /// Starts so far.
    pub(in crate::store) boot: u32,
}

impl Cache {
    pub(in crate::store) fn meta(&self) -> Result<Meta, CacheError> {
        let value = self.state.get(META)?;
        value.map_or(Ok(Meta::default()), |value| decode(&value))
    }

    /// Adds the small state to `snapshot`.
    pub(in crate::store) fn load_state(&self, snapshot: &mut Snapshot) -> Result<(), CacheError> {
        snapshot.boot = self.meta()?.boot;
        for record in self.records(TALLY) {
            let (offer, tally): (OfferId, Tally) = decode(&record?)?;
            snapshot.tallies.insert(offer, tally);
        }
        for record in self.records(OPEN) {
            let reservation: Reservation = decode(&record?)?;
            snapshot.apply(&LedgerEntry::Open(reservation));
        }
        self.load_sales(&mut snapshot.sales)?;
        for record in self.records(PAUSES) {
            snapshot.pauses = decode(&record?)?;
        }
        for record in self.records(TRIAL) {
            let (offer, tally): (OfferId, TrialTally) = decode(&record?)?;
            snapshot.trials.restore(offer, tally);
        }
        self.load_money(&mut snapshot.money)?;
        Ok(())
    }

    /// Writes what changed, and that everything up to `applied_seq` is in: all
    /// of it at once or nothing. Who is enrolled must be synced before, since
    /// a replay begins after `applied_seq`.
    pub(in crate::store) fn write_state(
        &self,
        state: &Snapshot,
        changed: &Changed,
        applied_seq: u64,
    ) -> Result<(), CacheError> {
        let mut batch = Batch::default();
        for offer in &changed.offers {
            let record = state
                .tallies
                .get(offer)
                .map(|tally| encode(&(offer, tally)));
            self.put(&mut batch, &tally_key(offer), record.as_deref())?;
        }
        for showing in &changed.showings {
            let record = state.open.get(showing).map(encode);
            self.put(&mut batch, &open_key(showing), record.as_deref())?;
        }
        self.write_sales(&state.sales, changed, &mut batch)?;
        if changed.pauses {
            self.put(&mut batch, &[PAUSES], Some(&encode(&state.pauses)))?;
        }
        for offer in &changed.trials {
            let tally = state.trials.of(offer);
            let record = tally.map(|tally| encode(&(offer, tally)));
            let key = [&[TRIAL][..], offer.as_str().as_bytes(), &[0]].concat();
            self.put(&mut batch, &key, record.as_deref())?;
        }
        self.write_money(&state.money, changed, &mut batch)?;
        let meta = Meta {
            applied_seq,
            boot: state.boot,
        };
        batch.insert(META, encode(&meta));
        self.state.apply_batch(batch)?;
        Ok(())
    }

    /// Whether sled's files still hold bytes of profiles that were removed.
    pub(in crate::store) fn has_residue(&self) -> Result<bool, CacheError> {
        Ok(self.state.contains_key(RESIDUE)?)
    }

    pub(in crate::store) fn set_residue(&self) -> Result<(), CacheError> {
        self.state.insert(RESIDUE, &[SCHEMA])?;
        Ok(())
    }

    /// Replaces a record, or removes it.
    pub(super) fn put(
        &self,
        batch: &mut Batch,
        key: &[u8],
        record: Option<&[u8]>,
    ) -> Result<(), CacheError> {
        let mut pieces = 0_u16;
        for piece in record.unwrap_or_default().chunks(VALUE_MAX - 1) {
            let value = [&[SCHEMA][..], piece].concat();
            batch.insert([key, &pieces.to_be_bytes()].concat(), value);
            pieces += 1;
        }
        for surplus in self
            .state
            .range([key, &pieces.to_be_bytes()].concat()..)
            .keys()
        {
            let surplus = surplus?;
            if surplus.len() != key.len() + 2 || !surplus.starts_with(key) {
                break;
            }
            batch.remove(surplus);
        }
        Ok(())
    }

    /// Records of one kind, put together again.
    pub(super) fn records(
        &self,
        kind: u8,
    ) -> impl Iterator<Item = Result<Vec<u8>, CacheError>> + '_ {
        let mut items = self.state.scan_prefix([kind]).peekable();
        std::iter::from_fn(move || {
            let (first, value) = match items.next()? {
                Ok(item) => item,
                Err(error) => return Some(Err(error.into())),
            };
            let name = first[..first.len().saturating_sub(2)].to_vec();
            let mut record = value[1..].to_vec();
            while let Some(item) = items.next_if(|item| is_piece_of(item, &name)) {
                match item {
                    Ok((_, value)) => record.extend_from_slice(&value[1..]),
                    Err(error) => return Some(Err(error.into())),
                }
            }
            Some(Ok(record))
        })
    }
}

fn is_piece_of(item: &sled::Result<(sled::IVec, sled::IVec)>, name: &[u8]) -> bool {
    item.as_ref().map_or(true, |(key, _)| {
        key.len() == name.len() + 2 && key.starts_with(name)
    })
}

fn tally_key(offer: &OfferId) -> Vec<u8> {
    [&[TALLY][..], offer.as_str().as_bytes(), &[0]].concat()
}

fn open_key(showing: &ShowingId) -> Vec<u8> {
    let screen = showing.screen.as_str().as_bytes();
    [&[OPEN][..], screen, &[0], &showing.revision.to_be_bytes()].concat()
}
