//! Named values of a message to quantities in their one unit.

use crate::{
    fact::{Fact, Says, Source, Value},
    quantity::Quantity,
    scalar::Scalar,
};

/// What a name in a message means.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// As the message writes it.
    pub(crate) key: &'static str,
    /// What it is.
    pub(crate) quantity: Quantity,
    /// From the message's unit to ours.
    pub(crate) scale: Scale,
    /// Which of several.
    pub(crate) nth: u8,
}

/// From a message's unit to ours.
#[derive(Clone, Copy)]
pub(crate) enum Scale {
    /// They are the same.
    Same,
    /// Ours are so many times smaller.
    Times(f64),
    /// Ours are so many times larger.
    Per(f64),
    /// The message says °F.
    Fahrenheit,
}

/// A table's line, in the same unit.
pub(crate) const fn same(key: &'static str, quantity: Quantity) -> Field {
    scaled(key, quantity, Scale::Same)
}

/// A table's line.
pub(crate) const fn scaled(key: &'static str, quantity: Quantity, scale: Scale) -> Field {
    Field {
        key,
        quantity,
        scale,
        nth: 0,
    }
}

/// A table's line for one of several.
pub(crate) const fn several(key: &'static str, quantity: Quantity, nth: u8) -> Field {
    Field {
        key,
        quantity,
        scale: Scale::Same,
        nth,
    }
}

/// Looks a name up in a table that is sorted by it.
pub(crate) fn find(table: &'static [Field], key: &str) -> Option<&'static Field> {
    let at = table.binary_search_by(|field| field.key.cmp(key)).ok()?;
    table.get(at)
}

impl Field {
    /// What the message says under this name; nothing if that is impossible.
    pub(crate) fn read(&self, value: &Scalar<'_>) -> Option<Says<'static>> {
        let value = if self.quantity.is_flag() {
            Value::Flag(value.flag()?)
        } else {
            Value::Number(self.scale.apply(value.number()?))
        };
        Some(Says::Measured {
            quantity: self.quantity,
            nth: self.nth,
            value,
        })
    }
}

impl Scale {
    fn apply(self, number: f64) -> f64 {
        decimal(match self {
            Self::Same => number,
            Self::Times(factor) => number * factor,
            Self::Per(divisor) => number / divisor,
            Self::Fahrenheit => (number - 32.0) / 1.8,
        })
    }
}

/// The number with at most nine decimals that is nearest. Devices calculate in
/// binary: `21.700000000000003` was 21.7, and 1009.1 hPa are 100910 Pa.
pub(crate) fn decimal(number: f64) -> f64 {
    // Beyond this a binary number has no nine decimals to round.
    const EXACT: f64 = 1e6;
    const DECIMALS: f64 = 1e9;
    if number.abs() < EXACT {
        (number * DECIMALS).round() / DECIMALS
    } else {
        number
    }
}

/// A number that was measured.
pub(crate) fn measured(source: Source<'_>, quantity: Quantity, nth: u8, number: f64) -> Fact<'_> {
    let value = if quantity.is_flag() {
        Value::Flag(number != 0.0)
    } else {
        Value::Number(decimal(number))
    };
    Fact {
        source,
        says: Says::Measured {
            quantity,
            nth,
            value,
        },
    }
}

/// A text that a device says of itself, unless it is empty.
pub(crate) fn about<'a>(
    source: Source<'a>,
    what: &'static str,
    text: Option<&'a str>,
) -> Option<Fact<'a>> {
    let text = text.filter(|text| !text.is_empty())?;
    Some(Fact {
        source,
        says: Says::About {
            what,
            value: Value::Text(text),
        },
    })
}

/// That something is there or gone.
pub(crate) const fn online(source: Source<'_>, online: bool) -> Fact<'_> {
    Fact {
        source,
        says: Says::Online(online),
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::Field;

    /// Binary search needs it, and nobody should have to sort by eye.
    pub(crate) fn is_sorted(table: &[Field]) {
        for pair in table.windows(2) {
            assert!(pair[0].key < pair[1].key, "{} stands wrong", pair[1].key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_a_person_would_write_them() {
        for (scale, from, to) in [
            (Scale::Same, 21.700_000_000_000_003, 21.7),
            (Scale::Times(100.0), 1009.1, 100_910.0),
            (Scale::Times(100.0), 1013.25, 101_325.0),
            (Scale::Per(1000.0), 2995.0, 2.995),
            (Scale::Fahrenheit, 212.0, 100.0),
            (Scale::Same, 1e12, 1e12),
        ] {
            assert!((scale.apply(from) - to).abs() < f64::EPSILON, "{from}");
        }
    }
}
