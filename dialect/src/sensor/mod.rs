//! MQTT messages of sensors.
//!
//! They say what the message says, no more: whether it is news, or what the
//! broker kept from yesterday, or a state that is only repeated, is for
//! [`crate::changes`] to tell.

pub mod axis;
pub mod homie;
pub mod shelly;
pub mod sparkplug;
pub mod tasmota;
pub mod zigbee2mqtt;
