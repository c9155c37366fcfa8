//! How sure to say one is.
//!
//! The filter lets belief spread farther than people walk, so that what the map has
//! wrong can pass ([`super::stroll`]). That keeps it from getting lost, and makes it
//! less sure than it has reason to be: of a random walk that is looked at again and
//! again, variance settles at the product of the spread of a step and the error of a
//! look (the steady state of the scalar Kalman filter, while steps are small). With
//! a spread of `s` where people walk `w`, variance is `s / w` times too large, and a
//! normal distribution whose variance is to be `s / w` times smaller is raised to the
//! power of `s / w`. What is told of zones is; the belief itself, and the zone that
//! follows from it, are left alone.

/// What a shopper walks in half a second who does not stand still, metres. People
/// who shop walk 0.2 to 0.7 m in that time.
const WALK_M: f32 = 0.5;

/// The power that takes back what a spread of so many metres a half step adds.
pub fn power(spread_m: f32) -> f32 {
    (spread_m / WALK_M).max(1.0)
}

/// Raises the probabilities of zones, and of being in none, to a power, and makes
/// them add up again.
pub fn raise(probabilities: &mut [f32], power: f32) {
    if power <= 1.0 {
        return;
    }
    let none = (1.0 - probabilities.iter().sum::<f32>()).max(0.0);
    let mut total = libm::powf(none, power);
    for p in &mut *probabilities {
        *p = libm::powf(*p, power);
        total += *p;
    }
    // The likeliest of a few is never so unlikely that its power is nothing.
    probabilities.iter_mut().for_each(|p| *p /= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_zone_gains_and_all_still_add_up() {
        let mut probabilities = [0.6, 0.3];
        raise(&mut probabilities, 2.0);
        let none = 1.0 - probabilities.iter().sum::<f32>();
        // 0.36, 0.09 and 0.01 of 0.46.
        for (is, of) in [
            (probabilities[0], 36.0),
            (probabilities[1], 9.0),
            (none, 1.0),
        ] {
            assert!((is - of / 46.0).abs() < 1e-5, "{is} {of}");
        }
    }

    #[test]
    fn certainty_doubt_and_nothing_stay_what_they_are() {
        for before in [[1.0, 0.0], [0.5, 0.5], [0.0, 0.0]] {
            let mut probabilities = before;
            raise(&mut probabilities, 2.4);
            for (is, was) in probabilities.iter().zip(before) {
                assert!((is - was).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn where_nobody_is_spread_beyond_walking_nothing_is_taken_back() {
        for (spread_m, is) in [(0.35, 1.0), (0.5, 1.0), (1.0, 2.0), (1.2, 2.4)] {
            assert!((power(spread_m) - is).abs() < 1e-6);
        }
    }
}
