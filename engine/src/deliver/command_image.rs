//! A command in a coding that has no names of fields: what is skipped in JSON
//! when it is empty must not be skipped here.

use protocol::{
    id::{OfferId, ScreenId},
    screen::{Creative, CreativeText, ScreenAction, ScreenCommand},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
struct Image {
    screen: ScreenId,
    revision: u64,
    show: Option<Show>,
}

#[derive(Serialize, Deserialize)]
struct Show {
    offer: OfferId,
    texts: Vec<CreativeText>,
    price: Option<String>,
    price_before: Option<String>,
    badge: Option<String>,
    image: Option<String>,
    colour: String,
    shown_for_ms: u32,
    code: Option<String>,
}

/// Writes a command.
pub(super) fn serialize<S: Serializer>(command: &ScreenCommand, to: S) -> Result<S::Ok, S::Error> {
    let ScreenCommand {
        screen,
        revision,
        action,
    } = command.clone();
    let show = match action {
        ScreenAction::Clear => None,
        ScreenAction::Show {
            offer,
            creative,
            shown_for_ms,
            code,
        } => Some(Show {
            offer,
            texts: creative.texts,
            price: creative.price,
            price_before: creative.price_before,
            badge: creative.badge,
            image: creative.image,
            colour: creative.colour,
            shown_for_ms,
            code,
        }),
    };
    let image = Image {
        screen,
        revision,
        show,
    };
    image.serialize(to)
}

/// Reads it back.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ScreenCommand, D::Error> {
    let image = Image::deserialize(from)?;
    let action = image
        .show
        .map_or(ScreenAction::Clear, |show| ScreenAction::Show {
            offer: show.offer,
            creative: Creative {
                texts: show.texts,
                price: show.price,
                price_before: show.price_before,
                badge: show.badge,
                image: show.image,
                colour: show.colour,
            },
            shown_for_ms: show.shown_for_ms,
            code: show.code,
        });
    Ok(ScreenCommand {
        screen: image.screen,
        revision: image.revision,
        action,
    })
}
