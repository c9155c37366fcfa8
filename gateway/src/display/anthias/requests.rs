//! What Anthias is asked, and how its answers read (API v2 as of 2026, in
//! `src/anthias_server/api`; the current asset is only told by v1).

use crate::display::client::{Answer, Request};
use hyper::Method;
use serde::Deserialize;
use serde_json::{Value, json};

const JSON: &str = "application/json";
/// A page stays until it is taken off; this is how long it stays if the
/// gateway should die meanwhile, s. Alone, it shows the house loop.
const STAYS_S: u32 = 600;

/// An asset, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Asset {
    #[serde(rename = "asset_id")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) uri: String,
    #[serde(default)]
    pub(super) is_enabled: bool,
}

pub(super) fn list() -> Request {
    Request::get("/api/v2/assets")
}

/// Our page as an asset, not in the rotation. Anthias gives a name that is
/// taken another number: assets are told apart by their address.
pub(super) fn create(name: &str, uri: &str) -> Request {
    let asset = json!({
        "name": name,
        "uri": uri,
        "mimetype": "webpage",
        "start_date": "2020-01-01T00:00:00Z",
        "end_date": "2099-12-31T00:00:00Z",
        "duration": STAYS_S,
        "is_enabled": false,
        // The player may reach an address that its server does not.
        "skip_asset_check": true,
    });
    Request::with_body(Method::POST, "/api/v2/assets", JSON, bytes(&asset))
}

pub(super) fn remove(id: &str) -> Request {
    Request {
        method: Method::DELETE,
        path: format!("/api/v2/assets/{id}"),
        body: None,
    }
}

/// Puts it into the rotation or takes it out. What is out is taken off the
/// screen by the player itself.
pub(super) fn enable(id: &str, is_enabled: bool) -> Request {
    let change = json!({ "is_enabled": is_enabled, "duration": STAYS_S });
    let path = format!("/api/v2/assets/{id}");
    Request::with_body(Method::PATCH, path, JSON, bytes(&change))
}

pub(super) fn switch_to(id: &str) -> Request {
    Request::get(format!("/api/v2/assets/control/asset&{id}"))
}

pub(super) fn next() -> Request {
    Request::get("/api/v2/assets/control/next")
}

pub(super) fn current() -> Request {
    Request::get("/api/v1/viewer_current_asset")
}

pub(super) fn info() -> Request {
    Request::get("/api/v2/info")
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// All assets, or one, or none: the player may show nothing.
pub(super) fn assets(answer: &Answer) -> Option<Vec<Asset>> {
    match serde_json::from_slice(&answer.body).ok()? {
        Value::Array(items) => items.into_iter().map(asset).collect(),
        one => Some(vec![asset(one)?]),
    }
}

/// Its id becomes part of a path as it is. Anthias' own are hexadecimal digits; what
/// else is no such part is none of Anthias.
fn asset(value: Value) -> Option<Asset> {
    let asset: Asset = serde_json::from_value(value).ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_named = !asset.id.is_empty() && asset.id.bytes().all(is_plain);
    is_named.then_some(asset)
}

/// Why the display shows nothing, if Anthias knows.
pub(super) fn dark(answer: &Answer) -> Option<&'static str> {
    let info: Value = serde_json::from_slice(&answer.body).ok()?;
    let power = info["display_power"].as_str()?;
    let is_off = ["off", "standby"]
        .iter()
        .any(|w| power.eq_ignore_ascii_case(w));
    is_off.then_some("the display is switched off")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer {
            status: 200,
            body: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn lists_one_asset_and_none_are_read() {
        let two =
            r#"[{"asset_id":"a","uri":"http://x/","is_enabled":true,"name":"n"},{"asset_id":"b"}]"#;
        assert_eq!(assets(&answer(two)).unwrap().len(), 2);
        assert_eq!(assets(&answer("[]")), Some(Vec::new()));
        assert_eq!(assets(&answer(r#"{"asset_id":"a"}"#)).unwrap()[0].id, "a");
        assert_eq!(assets(&answer("<html>sign in</html>")), None);
        assert_eq!(assets(&answer(r#"{"error":"x"}"#)), None);
    }

    #[test]
    fn a_name_that_is_no_part_of_a_path_is_none_of_anthias() {
        for id in [
            "a b", "", "../info", "a?b", "a#b", "a/b", "ü", "a\\nb", "a%20b",
        ] {
            let list = format!(r#"[{{"asset_id":"a"}},{{"asset_id":"{id}"}}]"#);
            assert_eq!(assets(&answer(&list)), None, "{id}");
        }
        let own = r#"{"asset_id":"0e1f-8a_7Z"}"#;
        let id = &assets(&answer(own)).unwrap()[0].id;
        for request in [remove(id), enable(id, true), switch_to(id)] {
            assert!(request.path.parse::<hyper::Uri>().is_ok(), "{id}");
        }
    }

    #[test]
    fn only_what_is_known_to_be_off_is_dark() {
        for (info, is_dark) in [
            (r#"{"display_power":"off"}"#, true),
            (r#"{"display_power":"Standby"}"#, true),
            (r#"{"display_power":"on"}"#, false),
            (r#"{"display_power":null}"#, false),
            ("{}", false),
            ("no", false),
        ] {
            assert_eq!(dark(&answer(info)).is_some(), is_dark, "{info}");
        }
    }
}
