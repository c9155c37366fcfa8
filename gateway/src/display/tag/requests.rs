//! What an access point is asked (`ESP32_AP-Flasher/src/web.cpp`).

use crate::display::client::Request;
use hyper::Method;

/// Minutes until the tag asks again after it has fetched a picture, at most;
/// the access point allows no more than its own `maxsleep`. Short, so that a
/// clear reaches the label soon.
const TTL_MIN: u32 = 5;
/// Separates the parts. A JPEG can hold it only by intent: it is ours.
const BOUNDARY: &str = "aislecast-label-7f3d0c5b9e21";
const FORM: &str = "application/x-www-form-urlencoded";

/// What is known about the tag.
pub(super) fn look(mac: &str) -> Request {
    Request::get(format!("/get_db?mac={mac}"))
}

/// Forget what the tag has not fetched yet: it stands before whatever is
/// uploaded later.
pub(super) fn cancel(mac: &str) -> Request {
    let body = format!("mac={mac}&cmd=clear").into_bytes();
    Request::with_body(Method::POST, "/tag_cmd", FORM, body)
}

/// A picture for the tag. `mac` comes before the file: the access point looks
/// for it when the first bytes of the file arrive.
pub(super) fn upload(mac: &str, jpeg: &[u8]) -> Request {
    let mut body = Vec::with_capacity(jpeg.len() + 600);
    for (name, value) in [("mac", mac), ("dither", "0"), ("ttl", &TTL_MIN.to_string())] {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"label.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(jpeg);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    Request::with_body(Method::POST, "/imgupload", &kind, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_comes_before_the_file() {
        let request = upload("0000021F12345678", b"\xff\xd8jpeg");
        let body = String::from_utf8_lossy(&request.body.unwrap().1).into_owned();
        let at = |text: &str| body.find(text).unwrap_or_else(|| panic!("{text}"));
        assert!(at("0000021F12345678") < at("filename"));
        assert!(at("name=\"ttl\"\r\n\r\n5\r\n") < at("filename"));
    }
}
