//! `[[tills]]` as they are written. Every place is a JSON pointer.

use super::Name;
use schemars::JsonSchema;
use serde::Deserialize;

/// A till, or whatever tells of receipts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Till {
    /// Name in files, topics and its address `/api/v1/till/<id>`.
    pub(crate) id: Name,
    /// File that holds the till's own token, and nothing else; if left out, the
    /// one of the console is asked for.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) token_file: Option<String>,
    /// Where the receipt's number is; unique for this till.
    #[schemars(length(max = 200), extend("examples" = ["/number"]))]
    pub(crate) receipt: String,
    /// Where it says when.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/closed_at"]))]
    pub(crate) time: Option<String>,
    /// Where it says which shop.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/outlet"]))]
    pub(crate) store: Option<String>,
    /// What stands there for this shop; receipts of others are passed over.
    #[serde(default)]
    #[schemars(length(min = 1, max = 128), extend("examples" = ["Quận 7"]))]
    pub(crate) store_is: Option<String>,
    /// Where the customer's reference is, as the loyalty programme knows it.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/customer/code"]))]
    pub(crate) customer: Option<String>,
    /// Where it says that it takes the receipt of the same number back.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/void"]))]
    pub(crate) void: Option<String>,
    /// What stands there if so; true, 1 or yes if left out.
    #[serde(default)]
    #[schemars(length(max = 8), extend("examples" = [["Yes"]]))]
    pub(crate) void_when: Vec<String>,
    /// Where it says that it takes goods back.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/is_return"]))]
    pub(crate) refund: Option<String>,
    /// What stands there if so; true, 1 or yes if left out.
    #[serde(default)]
    #[schemars(length(max = 8), extend("examples" = [["return"]]))]
    pub(crate) refund_when: Vec<String>,
    /// Where the number of the receipt is that the goods were sold with.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/return_against"]))]
    pub(crate) refund_of: Option<String>,
    /// Where redeemed coupons are.
    #[serde(default)]
    #[schemars(length(max = 8), extend("examples" = [["/coupons/*/code"]]))]
    pub(crate) coupons: Vec<String>,
    /// Where the sum is.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/total"]))]
    pub(crate) total: Option<String>,
    /// Where the product of every line is.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/lines/*/sku"]))]
    pub(crate) sku: Option<String>,
    /// Where the number of pieces of every line is; one if left out.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/lines/*/qty"]))]
    pub(crate) quantity: Option<String>,
    /// Where the amount paid for every line is.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["/lines/*/amount"]))]
    pub(crate) amount: Option<String>,
    /// Digits behind the point of what the till writes: 2 for 12.50 dollars, 0
    /// for dong, and for tills that write cents.
    #[serde(default)]
    #[schemars(range(max = 4))]
    pub(crate) decimals: Option<u8>,
}
