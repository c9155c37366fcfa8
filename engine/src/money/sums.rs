//! Sums of offers, campaigns and hours.

use super::Issued;
use serde::{Deserialize, Serialize};

/// What the vouchers of one offer cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// Codes that can still be redeemed.
    pub reserved: u32,
    /// What they are worth, in the currency's smallest unit.
    pub reserved_minor: u64,
    /// Codes that were redeemed.
    pub committed: u32,
    /// What they were worth, in the currency's smallest unit.
    pub committed_minor: u64,
    /// Codes whose worth was freed again.
    pub released: u32,
    /// Codes handed in after their worth was freed: beside the budget, and
    /// nothing is issued for that money.
    pub late: u32,
    /// What they were worth, in the currency's smallest unit.
    pub late_minor: u64,
    /// Codes handed in that another receipt had redeemed or held.
    pub again: u32,
    /// What they were worth, in the currency's smallest unit.
    pub again_minor: u64,
    /// Local day of `issued_today`.
    pub day: i32,
    /// Codes issued on that day and not freed.
    pub issued_today: u32,
}

impl Sums {
    pub(super) fn reserve(&mut self, issued: &Issued) {
        self.reserved += 1;
        self.reserved_minor += u64::from(issued.worth_minor);
        if issued.day > self.day {
            self.day = issued.day;
            self.issued_today = 0;
        }
        self.issued_today += u32::from(issued.day == self.day);
    }

    pub(super) fn free(&mut self, issued: &Issued) {
        self.unreserve(issued);
        self.released += 1;
        if issued.day == self.day {
            self.issued_today = self.issued_today.saturating_sub(1);
        }
    }

    pub(super) fn commit(&mut self, issued: &Issued) {
        self.unreserve(issued);
        self.committed += 1;
        self.committed_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn take_back(&mut self, issued: &Issued) {
        self.committed = self.committed.saturating_sub(1);
        self.committed_minor = less(self.committed_minor, issued);
        self.reserved += 1;
        self.reserved_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn late(&mut self, issued: &Issued) {
        self.late += 1;
        self.late_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn not_late(&mut self, issued: &Issued) {
        self.late = self.late.saturating_sub(1);
        self.late_minor = less(self.late_minor, issued);
    }

    pub(super) fn again(&mut self, issued: &Issued) {
        self.again += 1;
        self.again_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn not_again(&mut self, issued: &Issued) {
        self.again = self.again.saturating_sub(1);
        self.again_minor = less(self.again_minor, issued);
    }

    fn unreserve(&mut self, issued: &Issued) {
        self.reserved = self.reserved.saturating_sub(1);
        self.reserved_minor = less(self.reserved_minor, issued);
    }

    /// Codes that were redeemed or can still be, late ones too: nothing beyond
    /// the budget is issued.
    pub const fn taken(&self) -> u32 {
        self.reserved
            .saturating_add(self.committed)
            .saturating_add(self.late)
    }
}

/// What the offers of one campaign used up together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CampaignSums {
    /// Showings charged in all.
    pub showings: u32,
    /// Local day of `showings_today`.
    pub day: i32,
    /// Showings charged on that day.
    pub showings_today: u32,
    /// Worth of codes that can still be redeemed, in the currency's smallest unit.
    pub reserved_minor: u64,
    /// Worth of codes that were redeemed, in the currency's smallest unit.
    pub committed_minor: u64,
    /// Worth of codes handed in too late, in the currency's smallest unit.
    pub late_minor: u64,
}

impl CampaignSums {
    pub(super) fn charge(&mut self, day: i32) {
        if day > self.day {
            self.day = day;
            self.showings_today = 0;
        }
        self.showings += 1;
        self.showings_today += u32::from(day == self.day);
    }

    pub(super) fn refund(&mut self, day: i32) {
        self.showings = self.showings.saturating_sub(1);
        if day == self.day {
            self.showings_today = self.showings_today.saturating_sub(1);
        }
    }

    pub(super) fn reserve(&mut self, issued: &Issued) {
        self.reserved_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn free(&mut self, issued: &Issued) {
        self.reserved_minor = less(self.reserved_minor, issued);
    }

    pub(super) fn commit(&mut self, issued: &Issued) {
        self.free(issued);
        self.committed_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn take_back(&mut self, issued: &Issued) {
        self.committed_minor = less(self.committed_minor, issued);
        self.reserve(issued);
    }

    pub(super) fn late(&mut self, issued: &Issued) {
        self.late_minor += u64::from(issued.worth_minor);
    }

    pub(super) fn not_late(&mut self, issued: &Issued) {
        self.late_minor = less(self.late_minor, issued);
    }

    /// Money that nothing more can be issued for.
    pub const fn taken_minor(&self) -> u64 {
        self.reserved_minor
            .saturating_add(self.committed_minor)
            .saturating_add(self.late_minor)
    }
}

fn less(sum_minor: u64, issued: &Issued) -> u64 {
    sum_minor.saturating_sub(u64::from(issued.worth_minor))
}

/// Showings within the newest hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HourCount {
    /// Hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// Showings charged in it.
    pub count: u16,
}

impl HourCount {
    pub(super) fn charge(&mut self, hour: i64) {
        if hour > self.hour {
            *self = Self { hour, count: 0 };
        }
        // An hour before the newest is a clock gone back: it renews nothing.
        self.count = self.count.saturating_add(1);
    }

    pub(super) const fn refund(&mut self, hour: i64) {
        if hour == self.hour {
            self.count = self.count.saturating_sub(1);
        }
    }

    /// Showings that count against a limit in this hour.
    pub const fn within(&self, hour: i64) -> u16 {
        if hour > self.hour { 0 } else { self.count }
    }
}
