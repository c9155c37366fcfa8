//! Pictures from the shop's `creatives` folder.

use super::{App, pages, reply::Refusal};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use std::{io, path::Path as FilePath, sync::Arc};
use tokio::{fs, io::AsyncReadExt as _};

/// Longest name of a picture, bytes.
const NAME_MAX: usize = 100;
/// Largest picture, bytes: a 4K photograph is about 4 MB.
const BYTES_MAX: u64 = 8 * 1024 * 1024;
/// A picture is looked at and does nothing: an SVG can hold scripts, and
/// opened by its own address it would run them as our page.
const STILL_LIFE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// One picture.
pub(super) async fn picture(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(kind) = kind_of(&name) else {
        return missing();
    };
    // What a bundle brought comes before what lies in the shop's folder.
    let brought = match app.offers.pictures() {
        Some(folder) => read(&folder.join(&name)).await.ok(),
        None => None,
    };
    let found = match brought {
        Some(bytes) => Ok(bytes),
        None => read(&app.creatives_dir.join(&name)).await,
    };
    let bytes = match found {
        Ok(bytes) => bytes,
        Err(_) => match app.demo.then(|| config::demo_creative(&name)).flatten() {
            // The demo runs without any file of ours beside it.
            Some(built_in) => built_in.into(),
            None => return missing(),
        },
    };
    let mut response = pages::answer(&headers, kind, &bytes);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(STILL_LIFE),
    );
    response
}

fn missing() -> Response {
    Refusal::missing("no such picture").into_response()
}

/// The media type of a plain file name of a picture; nothing for anything else.
fn kind_of(name: &str) -> Option<&'static str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if name.len() > NAME_MAX || name.starts_with('.') || !name.bytes().all(plain) {
        return None;
    }
    match name.rsplit_once('.')?.1 {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "jpg" => Some("image/jpeg"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

async fn read(path: &FilePath) -> io::Result<Vec<u8>> {
    // Looked at before it is opened: opening a pipe would wait for ever.
    let found = fs::metadata(path).await?;
    if !found.is_file() || found.len() > BYTES_MAX {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::with_capacity(found.len() as usize);
    let file = fs::File::open(path).await?;
    file.take(BYTES_MAX).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_pictures_are_pictures() {
        for (name, expected) in [
            ("milk.svg", Some("image/svg+xml")),
            ("milk_2.v1.webp", Some("image/webp")),
            ("milk.jpg", Some("image/jpeg")),
            ("milk.png", Some("image/png")),
            ("milk", None),
            ("milk.svgz", None),
            ("milk.html", None),
            (".svg", None),
            ("..", None),
            ("../milk.svg", None),
            ("..\\milk.svg", None),
            ("a/b.svg", None),
            ("sữa.svg", None),
            ("milk.svg\0.png", None),
            (&format!("{}.svg", "x".repeat(NAME_MAX)), None),
        ] {
            assert_eq!(kind_of(name), expected, "{name:?}");
        }
    }
}
