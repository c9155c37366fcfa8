//! Lines of words in one font.

use super::{Unprintable, canvas::Canvas};
use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _, point};
use std::fmt;

/// How much the letters shrink from one try to the next.
const SMALLER: f32 = 0.94;

/// One font.
pub(super) struct Face(FontVec);

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face").finish_non_exhaustive()
    }
}

/// Words broken into lines, in letters of one size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lines {
    /// Height of a line, pixels.
    pub(super) px: f32,
    /// Width of the longest line, pixels.
    pub(super) width: f32,
    words: Vec<String>,
}

impl Face {
    /// Reads a TrueType or OpenType file.
    pub(super) fn parse(bytes: Vec<u8>) -> Option<Self> {
        FontVec::try_from_vec(bytes).ok().map(Self)
    }

    /// The largest letters in which these words fit into this room.
    pub(super) fn fit(
        &self,
        words: &str,
        (width, height): (f32, f32),
        lines_max: usize,
        px_min: f32,
    ) -> Result<Lines, Unprintable> {
        let is_there = |c: char| c.is_whitespace() || self.0.glyph_id(c).0 != 0;
        if !words.chars().all(is_there) {
            return Err(Unprintable::NoLetter);
        }
        let mut px = height;
        while px >= px_min {
            let lines = self.broken(words, width, px);
            let longest = lines.iter().map(|l| self.width(l, px)).fold(0.0, f32::max);
            let tall = px * lines.len() as f32;
            if lines.len() <= lines_max && longest <= width && tall <= height {
                return Ok(Lines {
                    px,
                    width: longest,
                    words: lines,
                });
            }
            px *= SMALLER;
        }
        Err(Unprintable::TooLong)
    }

    fn broken(&self, words: &str, width: f32, px: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in words.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer.filter(|longer| self.width(longer, px) <= width) {
                Some(longer) => *lines.last_mut().expect("it was just read") = longer,
                None => lines.push(word.to_owned()),
            }
        }
        lines
    }

    fn width(&self, line: &str, px: f32) -> f32 {
        let font = self.0.as_scaled(PxScale::from(px));
        let mut width = 0.0;
        let mut before = None;
        for c in line.chars() {
            let glyph = font.glyph_id(c);
            width += before.map_or(0.0, |b| font.kern(b, glyph)) + font.h_advance(glyph);
            before = Some(glyph);
        }
        width
    }

    /// Writes lines; `at` is the upper left corner, pixels.
    pub(super) fn write(&self, canvas: &mut Canvas, lines: &Lines, at: (f32, f32), ink: u8) {
        let scale = PxScale::from(lines.px);
        let font = self.0.as_scaled(scale);
        for (i, line) in lines.words.iter().enumerate() {
            let baseline = at.1 + lines.px * i as f32 + font.ascent();
            let mut x = at.0;
            let mut before = None;
            for c in line.chars() {
                let id = font.glyph_id(c);
                x += before.map_or(0.0, |b| font.kern(b, id));
                let glyph = id.with_scale_and_position(scale, point(x, baseline));
                if let Some(outline) = self.0.outline_glyph(glyph) {
                    let bounds = outline.px_bounds();
                    let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
                    outline.draw(|dx, dy, share| {
                        canvas.mix(left + dx as i32, top + dy as i32, share, ink);
                    });
                }
                x += font.h_advance(id);
                before = Some(id);
            }
        }
    }
}
