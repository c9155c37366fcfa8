//! A place that is known only so well.

use crate::plan::Point;
use serde::{Deserialize, Serialize};

/// Where somebody may be: the expected place and how far about it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Expected place, metres.
    pub at: Point,
    /// Likeliest storey, 0 for the ground floor.
    pub level: u8,
    /// Variance eastward, m².
    pub var_x: f32,
    /// Variance northward, m².
    pub var_y: f32,
    /// Covariance of the two, m².
    pub cov_xy: f32,
}

/// The ellipse of one standard deviation about an expected place; it holds 39 %
/// of a normal distribution, twice its size 86 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ellipse {
    /// Half the longer axis, metres.
    pub major_m: f32,
    /// Half the shorter axis, metres.
    pub minor_m: f32,
    /// Direction of the longer axis, from east towards north, radians.
    pub bearing_rad: f32,
}

impl Place {
    /// Known for certain.
    pub const fn certain(at: Point, level: u8) -> Self {
        Self {
            at,
            level,
            var_x: 0.0,
            var_y: 0.0,
            cov_xy: 0.0,
        }
    }

    /// The error ellipse: eigenvectors of the covariance.
    pub fn ellipse(&self) -> Ellipse {
        let mean = 0.5 * (self.var_x + self.var_y);
        let half = 0.5 * (self.var_x - self.var_y);
        let reach = libm::hypotf(half, self.cov_xy);
        Ellipse {
            major_m: libm::sqrtf(mean + reach),
            minor_m: libm::sqrtf((mean - reach).max(0.0)),
            bearing_rad: 0.5 * libm::atan2f(self.cov_xy, half),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipse_has_the_axes_of_its_covariance() {
        // Axes 3 and 1 turned by 30°: R diag(9, 1) Rᵀ.
        let place = Place {
            var_x: 7.0,
            var_y: 3.0,
            cov_xy: 3.464_101_6,
            ..Place::certain(Point { x: 0.0, y: 0.0 }, 0)
        };
        let ellipse = place.ellipse();
        assert!((ellipse.major_m - 3.0).abs() < 1e-5);
        assert!((ellipse.minor_m - 1.0).abs() < 1e-5);
        assert!((ellipse.bearing_rad - core::f32::consts::FRAC_PI_6).abs() < 1e-5);
    }
}
