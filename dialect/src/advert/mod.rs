//! The bytes of a Bluetooth advertisement.
