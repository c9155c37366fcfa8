//! The constants that were tuned on recordings, in one place, so that
//! `cargo presence --cross-validate` can ask what their choice is worth. No shop
//! has a say in them: there is one configuration for all.

/// What the filter takes radio and people to be like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// Time in which what a packet counts falls to `1 / e`, ms.
    pub fades_ms: f32,
    /// Width of the likelihood above what is expected, dB squared.
    pub above: f32,
    /// And below: longer, because bodies and echoes take away and never add.
    pub below: f32,
    /// Variance of one scanner's word on what all have in common, dB squared.
    pub common_look: f32,
    /// How much more a look is worth for every second of silence before it.
    pub fresh_per_s: f32,
    /// What is added to the variance of a surveyed mean when nearly all packets were
    /// missed, dB squared: what was not heard was weaker, or not there for another
    /// reason.
    pub missed: f32,
    /// How far a beacon's power may be from the survey's tag: standard deviation, dB.
    pub power_sd_surveyed_db: f32,
    /// Variance of one look at a beacon's power, dB squared: a look lasts half a
    /// second, and what is wrong with it for as long as somebody stands there.
    pub power_look: f32,
    /// How far a scanner may be from what the map says of it: variance, dB squared.
    pub offset_variance: f32,
    /// Variance of one look at that, for the square of the map's own doubt, dB squared
    /// both: where the map is wrong it is wrong for as long as somebody is about, so
    /// that many looks are hardly more than one; and what it is wrong by draws the
    /// belief along, so that less of it is seen.
    pub offset_look: f32,
    /// How much of what one visit learnt of a scanner is kept for the next.
    pub offset_kept: f32,
    /// Half steps that somebody teaches at one place.
    pub lesson_halves: u8,
    /// Spread of a half step along each axis, as part of the distance between
    /// scanners. A shopper walks 0.2 to 0.7 m in that time; the rest makes room for
    /// what the map has wrong to pass, which is the larger the farther scanners are
    /// apart (chosen on `rssi_tetam`, 5.6 m apart: 0.7 m lags behind, 1.4 m trembles).
    pub spread: f32,
    /// How much of the smoothed probability of a zone each half step keeps.
    pub smooth_kept: f32,
    /// By how much another zone must be likelier before a doubtful one is left for it.
    pub margin: f32,
    /// Half steps before somebody who came in is placed by less than certainty.
    pub guessed_after: u8,
}

impl Tuning {
    /// In use everywhere.
    pub const USED: Self = Self {
        fades_ms: 500.0,
        above: 425.0,
        below: 106.0,
        common_look: 14.0,
        fresh_per_s: 0.25,
        missed: 40.0,
        power_sd_surveyed_db: 5.5,
        power_look: 144.0,
        offset_variance: 25.0,
        offset_look: 5.2,
        offset_kept: 0.3,
        lesson_halves: 10,
        spread: 0.18,
        smooth_kept: 0.4,
        margin: 0.2,
        guessed_after: 2,
    };
}

impl Default for Tuning {
    fn default() -> Self {
        Self::USED
    }
}
