//! How far away something may be, by how strongly it is heard.
//!
//! A guess that integrators know from other tools: bodies, shelves and antennas
//! change it threefold from one packet to the next. Nothing in the shop is
//! decided by it; zones come from all scanners together.

/// Farthest that [`capped_m`] says.
const FARTHEST_M: f64 = 400.0;

/// Distance by the ratio of strengths, metres: the curve that was fitted to a
/// Nexus 4 (`AltBeacon`, `CurveFittedDistanceCalculator`), as Theengs Gateway uses
/// it. `reference_dbm` is the strength one metre away. Nothing where either is 0:
/// no receiver reports that.
pub fn ratio_m(rssi_dbm: f64, reference_dbm: f64) -> Option<f64> {
    if rssi_dbm == 0.0 || reference_dbm == 0.0 {
        return None;
    }
    let ratio = rssi_dbm / reference_dbm;
    Some(if ratio < 1.0 {
        ratio.powi(10)
    } else {
        0.899_76 * ratio.powf(7.709_5) + 0.111
    })
}

/// The same, but never more than 400 m: as Home Assistant's
/// bluetooth-data-tools does it.
pub fn capped_m(rssi_dbm: f64, reference_dbm: f64) -> Option<f64> {
    ratio_m(rssi_dbm, reference_dbm).map(|metres| metres.min(FARTHEST_M))
}
