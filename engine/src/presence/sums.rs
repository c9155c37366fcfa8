//! Sums over a belief. Floating-point addition is not associative, so the
//! compiler keeps to one running sum unless eight are written out; eight fill
//! the registers of every machine this runs on, and give the same bits on all.

const LANES: usize = 8;

/// Sum.
pub fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Sum of products.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Makes a belief add up to one; whether it could be done.
pub fn normalise(belief: &mut [f32]) -> bool {
    let total = sum(belief);
    let sound = total > f32::MIN_POSITIVE && total.is_finite();
    if sound {
        let scale = 1.0 / total;
        belief.iter_mut().for_each(|p| *p *= scale);
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_sums_are_one_sum() {
        let values: Vec<f32> = (1..=19_u8).map(f32::from).collect();
        assert!((sum(&values) - 190.0).abs() < 1e-3);
        assert!((dot(&values, &values) - 2_470.0).abs() < 1e-3);
    }

    #[test]
    fn nothing_cannot_be_made_to_add_up() {
        assert!(!normalise(&mut [0.0; 9]));
        assert!(!normalise(&mut [f32::NAN; 9]));
        let mut belief = [2.0; 9];
        assert!(normalise(&mut belief));
        assert!((sum(&belief) - 1.0).abs() < 1e-6);
    }
}
