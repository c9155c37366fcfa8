//! `[[mappers]]` as they are written.

use super::Name;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How messages are read that no dialect knows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapper {
    /// Name in files; sensors name it.
    pub(crate) id: Name,
    /// Which topics: text, `+`, `{name}` for a level that is kept, `#` at the end.
    #[schemars(length(min = 1, max = 200), extend("examples" = ["building/{device}/+/state"]))]
    pub(crate) topic: String,
    /// What a message is; `"json"` if left out.
    #[serde(default)]
    pub(crate) payload: Option<Payload>,
    /// Where the device says when: a JSON pointer.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/ts"]))]
    pub(crate) time: Option<String>,
    /// What is in it.
    #[schemars(length(min = 1, max = 32))]
    pub(crate) values: Vec<Mapped>,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Payload {
    /// JSON: values are found by pointers.
    Json,
    /// The value itself, as text.
    Text,
}

/// One value of a message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapped {
    /// What is measured, or `"online"`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 40), extend("examples" = ["temperature"]))]
    pub(crate) quantity: Option<String>,
    /// What it happens to, when the value is something that happened.
    #[serde(default)]
    #[schemars(length(min = 1, max = 40), extend("examples" = ["button"]))]
    pub(crate) event: Option<String>,
    /// Where it is: a JSON pointer, with `*` for every item of a list; the whole
    /// message if left out.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/devices/*/temp"]))]
    pub(crate) at: Option<String>,
    /// How the device is called: text with `{name}` of the topic and
    /// `{/pointer}` of the message; the first `{name}` of the topic if left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 128), extend("examples" = ["{device}-{/devices/*/id}"]))]
    pub(crate) device: Option<String>,
    /// Which one, where a device has several of the same; 0 if left out.
    #[serde(default)]
    #[schemars(range(max = 255))]
    pub(crate) nth: Option<u8>,
    /// The unit in which the device states it; ours if left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 20), extend("examples" = ["°F"]))]
    pub(crate) unit: Option<String>,
    /// What the device's number is multiplied by before the unit; 1 if left out.
    #[serde(default)]
    pub(crate) scale: Option<f64>,
    /// What is added to it after that; 0 if left out.
    #[serde(default)]
    pub(crate) offset: Option<f64>,
    /// For yes or no: what the device says for yes.
    #[serde(default)]
    #[schemars(length(max = 16), extend("examples" = [["open"]]))]
    pub(crate) yes: Vec<String>,
    /// For yes or no: what the device says for no.
    #[serde(default)]
    #[schemars(length(max = 16), extend("examples" = [["shut"]]))]
    pub(crate) no: Vec<String>,
    /// For numbers: what the device's words mean, in its own unit.
    #[serde(default)]
    pub(crate) levels: BTreeMap<String, f64>,
    /// For events: what we call what the device says.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, String>,
}
