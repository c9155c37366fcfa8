//! Displays of other makers, put to work.

use super::{
    Kiosks,
    address::Address,
    anthias::Anthias,
    board::Witness,
    client::Client,
    drive::{Place, drive},
    label::{FontError, Printer},
    tag::{Memory, Tag},
};
use crate::{access::Gate, secret_file, shop::Shop, stop::Stop};
use config::{Display, Shell};
use engine::plan::StorePlan;
use link::Link;
use protocol::id::ScreenId;
use std::{io, path::PathBuf, sync::Arc};

/// Why displays cannot be driven.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// The password cannot be read.
    #[error("failed to read the password of screen {0} from {1} (password_file): {2}")]
    Password(ScreenId, PathBuf, #[source] io::Error),
    /// The font cannot be used.
    #[error("failed to use the font {1} of screen {0} (font): {2}")]
    Font(ScreenId, PathBuf, #[source] FontError),
    /// The house loop is no label.
    #[error(
        "failed to set the first picture of the house loop as a label for screen {0}: {1}; choose \
         another font, or shorter words"
    )]
    House(ScreenId, String),
}

/// Drives every display that is no page of its own until asked to stop.
pub fn start(
    shell: &Shell,
    (kiosks, gate): (Arc<Kiosks>, &Arc<Gate>),
    link: Link,
    shop: &Shop,
    stop: &Stop,
) -> Result<(), DisplayError> {
    let plan = shop.plan();
    for (screen, display) in plan.screens.iter().zip(&shell.screens) {
        let place = Place {
            screen: screen.id.clone(),
            shop: shop.clone(),
        };
        match display {
            Display::Page | Display::Touchkio { .. } => {}
            Display::Anthias {
                address,
                page,
                login,
            } => {
                let client = signed_in(Client::new(address), &screen.id, login.as_ref())?;
                let page = Address::at(gate, page, &screen.id);
                let mind = Anthias::new(format!("aislecast {}", screen.id), page);
                let orders = shop
                    .displays()
                    .install(&screen.id, display.name(), Witness::Page);
                tokio::spawn(drive(mind, client, orders, place, stop.clone()));
            }
            Display::OpenEpaperLink(tag) => {
                let mind = mind_of(tag, &screen.id, shell, &plan)?;
                let orders = shop
                    .displays()
                    .install(&screen.id, display.name(), Witness::Adapter);
                let client = Client::new(&tag.address);
                tokio::spawn(drive(mind, client, orders, place, stop.clone()));
            }
        }
    }
    let (shop, stop) = (shop.clone(), stop.clone());
    tokio::spawn(async move { kiosks.watch(link, shop, stop).await });
    Ok(())
}

fn signed_in(
    client: Client,
    screen: &ScreenId,
    login: Option<&(String, PathBuf)>,
) -> Result<Client, DisplayError> {
    let Some((user, file)) = login else {
        return Ok(client);
    };
    let key = format!("password_file of screen {screen}");
    let password = secret_file::read_password(file, &key)
        .map_err(|error| DisplayError::Password(screen.clone(), file.clone(), error))?;
    Ok(client.with_login(user, &password))
}

fn mind_of(
    tag: &config::Tag,
    screen: &ScreenId,
    shell: &Shell,
    plan: &StorePlan,
) -> Result<Tag, DisplayError> {
    let printer = Printer::new(&tag.font, tag.width, tag.height)
        .map_err(|error| DisplayError::Font(screen.clone(), tag.font.clone(), error))?;
    let refused = |why: String| DisplayError::House(screen.clone(), why);
    let house = plan.house_loop.first();
    let house = house.ok_or_else(|| refused("there is none".to_owned()))?;
    let house = printer
        .print(house)
        .map_err(|why| refused(why.to_string()))?;
    let memory = Memory::new(&shell.storage.dir, &tag.mac);
    Ok(Tag::new(tag.mac.clone(), printer, house, memory))
}
