//! What a reason is called wherever it is written down: a name that stays when
//! the order in which rules are asked changes.

use super::Reason;

impl Reason {
    /// Every reason, in the order in which rules are asked.
    pub const ALL: [Self; 35] = [
        Self::SafeNow,
        Self::Paused,
        Self::OtherScreen,
        Self::NoDate,
        Self::OutOfDates,
        Self::OutOfHours,
        Self::SensorSilent,
        Self::Condition,
        Self::OutOfStock,
        Self::OtherPrice,
        Self::Budget,
        Self::Pacing,
        Self::VoucherBudget,
        Self::CampaignBudget,
        Self::ScreenHour,
        Self::GuardSensitivity,
        Self::GuardTurn,
        Self::NobodyInZone,
        Self::ZoneUnsure,
        Self::NoConsent,
        Self::NoSegment,
        Self::Visits,
        Self::DaysAway,
        Self::Language,
        Self::Affinity,
        Self::Dwell,
        Self::Cap,
        Self::CampaignCap,
        Self::Group,
        Self::Holdout,
        Self::Switchback,
        Self::Reverted,
        Self::Ramp,
        Self::GuardCrowd,
        Self::GuardSettle,
    ];

    /// What it is called in files, JSON and hashes.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SafeNow => "safe_now",
            Self::Paused => "paused",
            Self::OtherScreen => "other_screen",
            Self::NoDate => "no_date",
            Self::OutOfDates => "out_of_dates",
            Self::OutOfHours => "out_of_hours",
            Self::SensorSilent => "sensor_silent",
            Self::Condition => "condition",
            Self::OutOfStock => "out_of_stock",
            Self::OtherPrice => "other_price",
            Self::Budget => "budget",
            Self::Pacing => "pacing",
            Self::VoucherBudget => "voucher_budget",
            Self::CampaignBudget => "campaign_budget",
            Self::ScreenHour => "screen_hour",
            Self::GuardSensitivity => "guard_sensitivity",
            Self::GuardTurn => "guard_turn",
            Self::NobodyInZone => "nobody_in_zone",
            Self::ZoneUnsure => "zone_unsure",
            Self::NoConsent => "no_consent",
            Self::NoSegment => "no_segment",
            Self::Visits => "visits",
            Self::DaysAway => "days_away",
            Self::Language => "language",
            Self::Affinity => "affinity",
            Self::Dwell => "dwell",
            Self::Cap => "cap",
            Self::CampaignCap => "campaign_cap",
            Self::Group => "group",
            Self::Holdout => "holdout",
            Self::Switchback => "switchback",
            Self::Reverted => "reverted",
            Self::Ramp => "ramp",
            Self::GuardCrowd => "guard_crowd",
            Self::GuardSettle => "guard_settle",
        }
    }

    /// Stands for the label in hashes over millions of verdicts.
    pub(crate) const fn mark(self) -> u32 {
        const MARKS: [u32; Reason::ALL.len()] = {
            let (mut marks, mut at) = ([0; Reason::ALL.len()], 0);
            while at < marks.len() {
                marks[at] = fnv_1a(Reason::ALL[at].label());
                at += 1;
            }
            marks
        };
        MARKS[self as usize]
    }
}

/// FNV-1a with 32 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
const fn fnv_1a(text: &str) -> u32 {
    let (bytes, mut hash, mut at) = (text.as_bytes(), 0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_is_listed_once_and_called_what_json_calls_it() {
        for (at, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, at, "{reason:?}");
            let json = serde_json::to_value(reason).unwrap();
            assert_eq!(json, reason.label());
        }
        // A new reason must be listed: the last one is the last.
        assert_eq!(Reason::ALL.len(), Reason::GuardSettle as usize + 1);
    }

    #[test]
    fn no_two_reasons_have_the_same_mark() {
        let marks: BTreeSet<u32> = Reason::ALL.into_iter().map(Reason::mark).collect();
        assert_eq!(marks.len(), Reason::ALL.len());
        // The published values of FNV-1a.
        assert_eq!((fnv_1a(""), fnv_1a("foobar")), (0x811c_9dc5, 0xbf9c_f968));
    }
}
