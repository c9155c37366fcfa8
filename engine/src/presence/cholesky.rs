//! Solving with a covariance, by its Cholesky factor.

/// Lower Cholesky factor of the covariance of as many things as there are noises: what
/// two of them have in common, and on the diagonal each one's noise besides.
pub fn factor(noises: &[f32], covariance: impl Fn(usize, usize) -> f32) -> Vec<Vec<f64>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(noises.len());
    for (i, noise) in noises.iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for j in 0..=i {
            let own = if i == j { *noise } else { 0.0 };
            let covariance = f64::from(covariance(i, j) + own);
            let known: f64 = match factor.get(j) {
                Some(other) => row.iter().zip(other).map(|(x, y)| x * y).sum(),
                None => row.iter().map(|x| x * x).sum(),
            };
            row.push(match factor.get(j) {
                Some(other) => (covariance - known) / other[j],
                None => libm::sqrt((covariance - known).max(1e-9)),
            });
        }
        factor.push(row);
    }
    factor
}

/// Solves `factor factorᵀ x = right` for x.
pub fn solve(factor: &[Vec<f64>], right: Vec<f32>) -> Vec<f32> {
    let mut x: Vec<f64> = right.into_iter().map(f64::from).collect();
    for i in 0..x.len() {
        let known: f64 = factor[i][..i].iter().zip(&x).map(|(l, x)| l * x).sum();
        x[i] = (x[i] - known) / factor[i][i];
    }
    for i in (0..x.len()).rev() {
        let known: f64 = (i + 1..x.len()).map(|j| factor[j][i] * x[j]).sum();
        x[i] = (x[i] - known) / factor[i][i];
    }
    x.into_iter().map(|x| x as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_solved_multiplies_to_what_was_given() {
        let common = |i: usize, j: usize| 4.0 / (1.0 + i.abs_diff(j) as f32);
        let noises = [1.0, 0.5, 2.0, 0.1];
        let right = [3.0, -1.0, 0.5, 2.0];
        let x = solve(&factor(&noises, common), right.to_vec());
        for (i, right) in right.iter().enumerate() {
            let sum: f32 = (0..4).map(|j| common(i, j) * x[j]).sum();
            assert!((sum + noises[i] * x[i] - right).abs() < 1e-4, "{x:?}");
        }
    }
}
