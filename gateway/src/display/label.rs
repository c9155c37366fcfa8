//! A creative as an e-paper label: words in black on white, sharp, in exactly
//! the tag's pixels. Labels are set from the same words and prices that
//! screens paint, so a label can never say another price. Pictures are left
//! out: two inks at 100 dots an inch turn them into noise.
//!
//! ```text
//! +------------------------------------+
//! | headline, up to two lines  [badge] |
//! | price                  ~~before~~  |     or, without a price, the body
//! +------------------------------------+
//! ```

mod canvas;
mod face;

use canvas::Canvas;
use face::Face;
use jpeg_encoder::{ColorType, Encoder, EncodingError};
use protocol::screen::Creative;
use ring::digest::{SHA256, digest};
use std::{fmt::Write as _, fs, io, path::Path, sync::Arc};

/// High enough that no ripple around letters survives the two inks.
const QUALITY: u8 = 95;
/// Smallest letters that can be read at arm's length on a tag, pixels.
const LETTER_MIN: f32 = 11.0;

/// A picture for a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// Baseline JPEG, the only thing an access point takes.
    pub(super) jpeg: Arc<[u8]>,
    /// Names the picture: the same words in the same size have the same.
    pub(super) digest: String,
}

/// Why a creative is no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unprintable {
    #[error("its words do not fit the label in readable letters")]
    TooLong,
    #[error("the font lacks one of its letters")]
    NoLetter,
    #[error("the picture cannot be encoded")]
    Encoding,
}

impl Unprintable {
    /// The same as text that outlives it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::TooLong => "words of an offer do not fit the label in readable letters",
            Self::NoLetter => "the font of the label lacks a letter of an offer",
            Self::Encoding => "a label could not be encoded",
        }
    }
}

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The file.
    #[error("{0}")]
    File(#[from] io::Error),
    /// What it holds.
    #[error("it is no TrueType or OpenType font")]
    Format,
}

/// Sets labels in one font and size.
#[derive(Debug, Clone)]
pub(super) struct Printer {
    face: Arc<Face>,
    width: u16,
    height: u16,
}

impl Printer {
    /// With the font in this file, for a tag of so many pixels.
    pub(super) fn new(font: &Path, width: u16, height: u16) -> Result<Self, FontError> {
        let face = Face::parse(fs::read(font)?).ok_or(FontError::Format)?;
        Ok(Self {
            face: Arc::new(face),
            width,
            height,
        })
    }

    /// Sets a creative.
    pub(super) fn print(&self, creative: &Creative) -> Result<Label, Unprintable> {
        let mut canvas = Canvas::white(self.width, self.height);
        self.set(&mut canvas, creative)?;
        let jpeg = encode(&canvas).map_err(|_| Unprintable::Encoding)?;
        let sum = digest(&SHA256, &jpeg);
        let digest = sum.as_ref()[..12].iter().fold(String::new(), |mut hex, b| {
            write!(hex, "{b:02x}").expect("writing to a String cannot fail");
            hex
        });
        Ok(Label {
            jpeg: jpeg.into(),
            digest,
        })
    }

    fn set(&self, canvas: &mut Canvas, creative: &Creative) -> Result<(), Unprintable> {
        let (width, height) = (f32::from(self.width), f32::from(self.height));
        let margin = (height / 20.0).max(3.0);
        let inner = width - 2.0 * margin;
        let middle = height * 0.52;
        let words = creative.texts.first();
        let headline = words.map_or("", |w| &w.headline);
        let body = words.map_or("", |w| &w.body);
        let mut headline_width = inner;
        if let Some(badge) = &creative.badge {
            let most = (inner * 0.35, height * 0.22);
            let line = self.face.fit(badge, most, 1, LETTER_MIN)?;
            let box_width = line.width + 2.0 * margin;
            let left = width - margin - box_width;
            canvas.fill((left, margin), (box_width, line.px * 1.3));
            self.face
                .write(canvas, &line, (left + margin, margin + line.px * 0.15), 255);
            headline_width -= box_width + margin;
        }
        let room = (headline_width, middle - margin);
        let lines = self.face.fit(headline, room, 2, LETTER_MIN)?;
        self.face.write(canvas, &lines, (margin, margin), 0);
        let below = height - middle - margin;
        match (&creative.price, body) {
            (Some(price), _) => self.price(
                canvas,
                price,
                creative.price_before.as_deref(),
                (margin, middle, inner, below),
            ),
            (None, "") => Ok(()),
            (None, body) => {
                let lines = self.face.fit(body, (inner, below), 3, LETTER_MIN)?;
                self.face.write(canvas, &lines, (margin, middle), 0);
                Ok(())
            }
        }
    }

    /// The price as large as it gets, the one before small and struck through.
    fn price(
        &self,
        canvas: &mut Canvas,
        price: &str,
        before: Option<&str>,
        (left, top, width, height): (f32, f32, f32, f32),
    ) -> Result<(), Unprintable> {
        let share = if before.is_some() { 0.66 } else { 1.0 };
        let line = self
            .face
            .fit(price, (width * share, height), 1, LETTER_MIN)?;
        let bottom = top + height;
        self.face.write(canvas, &line, (left, bottom - line.px), 0);
        if let Some(before) = before {
            let old = self
                .face
                .fit(before, (width * 0.3, height * 0.5), 1, LETTER_MIN)?;
            let at = (left + width - old.width, bottom - old.px);
            self.face.write(canvas, &old, at, 0);
            let thick = (old.px / 12.0).max(2.0);
            canvas.fill((at.0 - 2.0, at.1 + old.px * 0.48), (old.width + 4.0, thick));
        }
        Ok(())
    }
}

/// In colour although it is grey: the access point's decoder is sure to read it.
fn encode(canvas: &Canvas) -> Result<Vec<u8>, EncodingError> {
    let rgb: Vec<u8> = canvas.luma.iter().flat_map(|l| [*l; 3]).collect();
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, QUALITY).encode(&rgb, canvas.width, canvas.height, ColorType::Rgb)?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::tests::{creative, printer};

    #[test]
    fn a_label_is_a_baseline_jpeg_of_the_tags_size_and_names_its_words() {
        let Some(printer) = printer(296, 128) else {
            return;
        };
        let label = printer.print(&creative("Xoài cát 1 kg")).unwrap();
        assert_eq!(label.jpeg[..3], [0xff, 0xd8, 0xff]);
        // SOF0, baseline: length, precision, height, width.
        let sof = label
            .jpeg
            .windows(2)
            .position(|w| w == [0xff, 0xc0])
            .unwrap();
        assert_eq!(label.jpeg[sof + 5..sof + 9], [0, 128, 1, 40]);
        assert!(label.jpeg.len() < 60_000, "{}", label.jpeg.len());
        let again = printer.print(&creative("Xoài cát 1 kg")).unwrap();
        let other = printer.print(&creative("Xoài cát 2 kg")).unwrap();
        assert_eq!(label, again);
        assert_ne!(label.digest, other.digest);
    }

    #[test]
    fn what_cannot_be_read_is_no_label() {
        let Some(printer) = printer(152, 64) else {
            return;
        };
        let long = "Mua hai tặng một cho mọi loại trái cây tươi trong tuần này thôi nhé";
        assert_eq!(printer.print(&creative(long)), Err(Unprintable::TooLong));
        // A letter of Linear B.
        let no_font_has_it = "\u{10000}";
        assert_eq!(
            printer.print(&creative(no_font_has_it)),
            Err(Unprintable::NoLetter)
        );
    }

    #[test]
    fn every_shipped_offer_is_a_label() {
        let Some(printer) = printer(296, 128) else {
            return;
        };
        for offer in &config::demo().plan.offers {
            let printed = printer.print(&offer.creative);
            assert!(printed.is_ok(), "{}: {printed:?}", offer.id);
        }
    }
}
