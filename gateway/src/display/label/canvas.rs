//! Grey pixels.

/// White is 255.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Row by row from the top.
    pub(super) luma: Vec<u8>,
}

impl Canvas {
    pub(super) fn white(width: u16, height: u16) -> Self {
        Self {
            width,
            height,
            luma: vec![255; usize::from(width) * usize::from(height)],
        }
    }

    /// A black box; what lies outside is left out.
    pub(super) fn fill(&mut self, (left, top): (f32, f32), (width, height): (f32, f32)) {
        for y in top as i32..(top + height) as i32 {
            for x in left as i32..(left + width) as i32 {
                self.mix(x, y, 1.0, 0);
            }
        }
    }

    /// Mixes so much of this ink in; what lies outside is left out.
    pub(super) fn mix(&mut self, x: i32, y: i32, share: f32, ink: u8) {
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else {
            return;
        };
        if x >= self.width || y >= self.height {
            return;
        }
        let at = usize::from(y) * usize::from(self.width) + usize::from(x);
        let under = f32::from(self.luma[at]);
        let share = share.clamp(0.0, 1.0);
        self.luma[at] = (under + (f32::from(ink) - under) * share).round() as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut canvas = Canvas::white(4, 2);
        canvas.fill((-3.0, -3.0), (5.0, 4.0));
        assert_eq!(canvas.luma, [0, 0, 255, 255, 255, 255, 255, 255]);
        canvas.mix(9, 9, 1.0, 0);
        canvas.mix(3, 1, 0.5, 0);
        assert_eq!(canvas.luma[7], 128);
    }
}
