//! Bluetooth advertisement bytes to a [`Beacon`](crate::beacon::Beacon).
