//! Facts about real shops and real radio that the simulated shop is built on.
//!
//! They are numbers measured from published data sets, not the data:
//! *complete journey* (dunnhumby's two years of household baskets) for trips
//! and baskets, *TETAM* (`Position-Annotated-BLE-RSSI-Dataset`, CC0) for radio
//! and walking.

/// Share of a day's visits that begin in each hour, local time; measured from
/// the basket times of complete journey.
pub const HOUR_SHARE: [f64; 24] = [
    0.0075, 0.0037, 0.0048, 0.0016, 0.0013, 0.0024, 0.0064, 0.0142, 0.0214, 0.0298, 0.0434, 0.0587,
    0.0667, 0.0667, 0.0706, 0.0763, 0.0890, 0.0977, 0.0942, 0.0811, 0.0669, 0.0501, 0.0305, 0.0149,
];

/// Share of a week's visits on each day from Monday; complete journey.
pub const WEEKDAY_SHARE: [f64; 7] = [0.1439, 0.1328, 0.1307, 0.1361, 0.1389, 0.1583, 0.1592];

/// Pieces in a basket: `(quantile, pieces)`; complete journey.
pub const BASKET_PIECES: [(f64, f64); 9] = [
    (0.0, 1.0),
    (0.10, 1.0),
    (0.25, 2.0),
    (0.50, 5.0),
    (0.75, 12.0),
    (0.90, 24.0),
    (0.95, 35.0),
    (0.99, 59.0),
    (1.0, 80.0),
];

/// Share of baskets with 1, 2, ... 9 departments; complete journey.
pub const DEPARTMENTS_SHARE: [f64; 9] = [
    0.3642, 0.2433, 0.1557, 0.1073, 0.0691, 0.0379, 0.0159, 0.0050, 0.0013,
];

/// Rows of [`CO_LIFT`] and how often a basket holds the department; complete journey.
pub const DEPARTMENTS: [(Department, f64); 7] = [
    (Department::Grocery, 0.7754),
    (Department::DrugGeneral, 0.4237),
    (Department::Produce, 0.3302),
    (Department::MeatPacked, 0.2135),
    (Department::Meat, 0.1934),
    (Department::Deli, 0.1296),
    (Department::Pastry, 0.1090),
];

/// How much likelier a department is in a basket that holds another; complete journey.
pub const CO_LIFT: [[f64; 7]; 7] = [
    [1.00, 1.04, 1.22, 1.25, 1.24, 1.17, 1.15],
    [1.04, 1.00, 1.20, 1.24, 1.21, 1.19, 1.16],
    [1.22, 1.20, 1.00, 1.84, 2.04, 1.80, 1.67],
    [1.25, 1.24, 1.84, 1.00, 2.29, 1.68, 1.58],
    [1.24, 1.21, 2.04, 2.29, 1.00, 1.77, 1.63],
    [1.17, 1.19, 1.80, 1.68, 1.77, 1.00, 2.10],
    [1.15, 1.16, 1.67, 1.58, 1.63, 2.10, 1.00],
];

/// Departments of complete journey that shops like ours have as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Department {
    /// Everything packed and dry, dairy and drinks with it.
    Grocery,
    /// Drugs, household, baby, beauty.
    DrugGeneral,
    /// Fruit and vegetables.
    Produce,
    /// Sausage, ham, frozen meat and fish.
    MeatPacked,
    /// The butcher's and the fishmonger's counters.
    Meat,
    /// Ready to eat.
    Deli,
    /// Bread and cake.
    Pastry,
}

/// Words in the names of a shop's departments and zones, and what complete
/// journey calls the nearest thing; the first that fits counts.
const WORDS: [(&str, Department); 22] = [
    ("produce", Department::Produce),
    ("fruit", Department::Produce),
    ("vegetable", Department::Produce),
    ("bakery", Department::Pastry),
    ("bread", Department::Pastry),
    ("pastry", Department::Pastry),
    ("deli", Department::Deli),
    ("ready", Department::Deli),
    ("cafe", Department::Deli),
    ("frozen", Department::MeatPacked),
    ("sausage", Department::MeatPacked),
    ("meat", Department::Meat),
    ("fish", Department::Meat),
    ("seafood", Department::Meat),
    ("household", Department::DrugGeneral),
    ("clean", Department::DrugGeneral),
    ("beauty", Department::DrugGeneral),
    ("cosmetic", Department::DrugGeneral),
    ("health", Department::DrugGeneral),
    ("pharm", Department::DrugGeneral),
    ("baby", Department::DrugGeneral),
    ("drug", Department::DrugGeneral),
];

/// The row of [`DEPARTMENTS`] nearest to a department of the shop.
pub fn department_row(name: &str) -> usize {
    let found = WORDS.iter().find(|(word, _)| name.contains(word));
    let department = found.map_or(Department::Grocery, |(_, d)| *d);
    DEPARTMENTS
        .iter()
        .position(|(d, _)| *d == department)
        .expect("every department has a row")
}

/// Walking speed while shopping, m/s: lowest and highest track mean of TETAM's
/// five walks (0.28 to 0.41) widened to their 90th percentile (0.59).
pub const BROWSING_MPS: (f64, f64) = (0.28, 0.60);
/// Walking speed towards the next shelf, m/s: brisk indoor walking, assumed.
pub const HEADING_MPS: (f64, f64) = (0.7, 1.2);

/// Mean time between advertisements, s; TETAM.
pub const ADVERT_PERIOD_S: f64 = 0.4545;
/// Random delay added to each advertising interval, ms (Bluetooth Core 5.4,
/// Vol 6, Part B, 4.4.2.2.1: 0 to 10 ms).
pub const ADVERT_JITTER_MS: f64 = 10.0;
/// Share of packets a scanner in range misses; TETAM.
pub const PACKET_LOSS: f64 = 0.137;
/// Mean strength one metre away, dBm; TETAM.
pub const REFERENCE_DBM: f32 = -60.7;
/// Path-loss exponent; TETAM.
pub const PATH_LOSS_EXPONENT: f32 = 1.55;
/// Deviation of the strength from place to place, dB; TETAM, with a level for
/// each scanner. With the scanners' own deviation it adds up to the 4.5 dB that
/// one line through all scanners leaves.
pub const SHADOWING_SD_DB: f32 = 4.0;
/// How much scanners of one make differ, dB; TETAM: -4.9, 4.6, -1.9, 1.9, and
/// eight within 1.1.
pub const SCANNER_SD_DB: f32 = 2.1;
/// Distance over which shadows change, m; in TETAM they correlate by .44 at
/// 1.5 m, .27 at 2.5 m and .13 at 4.5 m.
pub const SHADOWING_REACH_M: f32 = 2.5;
/// Deviation from packet to packet, dB: median over TETAM's links.
pub const PACKET_SD_DB_MEDIAN: f32 = 2.9;
/// Spread of that deviation between links: with a log-normal of this sigma the
/// pooled deviation is 3.8 dB, as in TETAM (`2 sigma^2 = ln(3.8^2 / 2.9^2)`).
pub const PACKET_SD_SIGMA: f32 = 0.52;
/// Noise runs round the three advertising channels: a damped oscillation of
/// this angle per packet (about 5.3 packets a turn) ...
/// Sine and cosine of 68.5 degrees.
pub const CHANNEL_CYCLE: (f32, f32) = (0.930_418, 0.366_501);
/// ... that loses this much per packet ...
pub const CHANNEL_CYCLE_DAMPING: f32 = 0.7075;
/// ... and carries this share of the noise's power. The three were solved from
/// TETAM's autocorrelation: lag 1 .17, lag 2 -.24, lag 5 .11, lag 10 0.
pub const CHANNEL_CYCLE_SHARE: f32 = 0.6556;
/// Below this a scanner hears nothing, dBm (ESP32 data sheet: -97 at 1 Mbit/s).
pub const SENSITIVITY_DBM: f32 = -95.0;
/// Loss through a shopper's own body, dB at its worst, assumed from the 3 to
/// 8 dB that body-worn studies report.
pub const BODY_LOSS_DB: f32 = 5.0;
/// Loss per shelf in the way, dB, and the most it adds up to, assumed.
pub const SHELF_LOSS_DB: (f32, f32) = (1.5, 9.0);

/// How much likelier a product is bought by somebody who saw its display;
/// complete journey, within product and store.
pub const DISPLAY_LIFT: f64 = 2.13;
/// Share of shoppers at a shelf who buy one given promoted product, assumed.
pub const BASE_PURCHASE: f64 = 0.08;

/// Draws a number of pieces.
pub fn basket_pieces(quantile: f64) -> u32 {
    let above = BASKET_PIECES
        .iter()
        .position(|(q, _)| *q > quantile)
        .unwrap_or(BASKET_PIECES.len() - 1)
        .max(1);
    let ((q0, low), (q1, high)) = (BASKET_PIECES[above - 1], BASKET_PIECES[above]);
    (low + (high - low) * (quantile - q0) / (q1 - q0)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_quantiles_come_back() {
        let sum: f64 = HOUR_SHARE.iter().sum();
        assert!((sum - 1.0).abs() < 0.001, "{sum}");
        let sum: f64 = WEEKDAY_SHARE.iter().sum();
        assert!((sum - 1.0).abs() < 0.001, "{sum}");
        for (quantile, pieces) in [(0.0, 1), (0.25, 2), (0.5, 5), (0.75, 12), (0.99, 59)] {
            assert_eq!(basket_pieces(quantile), pieces, "{quantile}");
        }
    }

    #[test]
    fn department_names_find_their_row() {
        for (name, expected) in [
            ("dairy", Department::Grocery),
            ("produce", Department::Produce),
            ("frozen-meat", Department::MeatPacked),
            ("bakery", Department::Pastry),
            ("baby", Department::DrugGeneral),
        ] {
            assert_eq!(DEPARTMENTS[department_row(name)].0, expected, "{name}");
        }
    }
}
