//! A shop without hardware.
