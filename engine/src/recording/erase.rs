//! Takes people out of a run: their slots, everything said under them, and
//! what the image at the beginning knows of them.

use super::{Body, Image, Moment, Reader, Slot, Standing, Taken, Unreadable, pen::Pen};
use crate::shopper::ShopperId;
use std::collections::BTreeSet;

/// Rewrites a run piece by piece.
#[derive(Debug, Default)]
pub struct Eraser {
    reader: Reader,
    pen: Pen,
    gone: BTreeSet<Slot>,
    /// Whom the run names and who is gone.
    erased: BTreeSet<ShopperId>,
}

impl Eraser {
    /// The piece without anybody `keep` does not keep.
    pub fn piece(
        &mut self,
        mut piece: &[u8],
        keep: &dyn Fn(ShopperId, &Standing) -> bool,
    ) -> Result<Vec<u8>, Unreadable> {
        while let Some(mut moment) = self.reader.next(&mut piece)? {
            if self.is_kept(&mut moment, keep)? {
                self.pen.put(&moment);
            }
        }
        Ok(self.pen.take())
    }

    /// How many people were taken out.
    pub fn erased(&self) -> usize {
        self.erased.len()
    }

    fn is_kept(
        &mut self,
        moment: &mut Moment,
        keep: &dyn Fn(ShopperId, &Standing) -> bool,
    ) -> Result<bool, Unreadable> {
        let body = match &mut moment.taken {
            Taken::Signal(slot, _) => return Ok(!self.gone.contains(slot)),
            Taken::Step(_) => return Ok(true),
            Taken::Body(body) => body.as_mut(),
        };
        match body {
            Body::Begin(begin) => {
                let mut image = Image::read(&begin.image)?;
                for (slot, shopper) in &begin.slots {
                    let standing = image.standings.get(shopper).ok_or(Unreadable::Damaged)?;
                    if !keep(*shopper, standing) {
                        self.gone.insert(*slot);
                        self.erased.insert(*shopper);
                    }
                }
                let erased = &self.erased;
                begin.slots.retain(|(_, shopper)| !erased.contains(shopper));
                image.retain(&|shopper| !erased.contains(&shopper));
                begin.image = image.bytes();
            }
            Body::Subject {
                slot,
                shopper,
                standing,
                ..
            } if !keep(*shopper, standing) => {
                self.gone.insert(*slot);
                self.erased.insert(*shopper);
            }
            Body::Receipt { slot, .. } => {
                *slot = slot.filter(|slot| !self.gone.contains(slot));
            }
            _ => {}
        }
        let is_gone = body.slot().is_some_and(|slot| self.gone.contains(&slot));
        // The ledger was given an entry all the same.
        if is_gone
            && matches!(
                body,
                Body::Upsert { .. } | Body::Withdraw { .. } | Body::Forget { .. }
            )
        {
            *body = Body::Elsewhere;
            return Ok(true);
        }
        Ok(!is_gone)
    }
}
