//! The vocabulary that sensor nodes, the gateway and screens share.
//!
//! Nothing here allocates and nothing here needs `std`: the same types are
//! compiled into a Cortex-M node and into the gateway, so that the two cannot
//! drift apart. Only [`screen`] and [`carried`], which carry text of any length and
//! are never needed on a node, ask for an allocator (feature `alloc`).
//!
//! | module | what it names |
//! |---|---|
//! | [`id`] | names of things in a shop, as they appear in topics and files |
//! | [`beacon`] | what a radio frame says of who sent it |
//! | [`advert`] | Bluetooth advertisement bytes to a [`beacon::Beacon`] |
//! | [`frame`] | what a node of ours sends: sightings and readings, versioned |
//! | [`health`] | how a node of ours is doing |
//! | [`line`] | what a node without a network says over a wire, and is told |
//! | [`keys`] | identifiers and addresses computed from keys (feature `keys`) |
//! | [`screen`] | commands to a screen and its reports |
//! | [`carried`] | the tag with which a simulated shop is calibrated |
//! | [`settings`] | what a node is told before it is put up |
//! | [`time`] | what time it is, by the gateway's clock, and how surely |
//! | [`topic`] | the only place that spells an MQTT topic |
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod advert;
pub mod beacon;
#[cfg(feature = "alloc")]
pub mod carried;
pub mod frame;
pub mod health;
pub mod id;
#[cfg(feature = "keys")]
pub mod keys;
pub mod line;
#[cfg(feature = "alloc")]
pub mod screen;
pub mod settings;
pub mod time;
pub mod topic;
pub mod written;
