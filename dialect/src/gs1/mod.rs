//! GS1 element strings, Digital Links and coupons.
