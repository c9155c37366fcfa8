//! Keys of screens: each screen has one, worked out from the store's secret, so
//! that the gateway can tell other makers' displays an address that carries it.
//! To take one back is to count the screen's generation up.

use super::Register;
use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use std::fmt;

/// Works keys out, and knows them again.
pub struct ScreenKeys(hmac::Key);

impl fmt::Debug for ScreenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("screen keys(redacted)")
    }
}

impl ScreenKeys {
    /// What the store's secret is derived for.
    pub const PURPOSE: &str = "keys of screens";

    /// With a key derived for this purpose.
    pub fn new(derived: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived))
    }

    /// The key of a screen now: its name and a code over name and generation.
    pub fn of(&self, screen: &str, register: &Register) -> String {
        let code = hmac::sign(&self.0, &signed(screen, register));
        format!("{screen}.{}", BASE64URL_NOPAD.encode(code.as_ref()))
    }

    /// Which screen this is a key of.
    pub fn screen<'k>(&self, shown: &'k str, register: &Register) -> Option<&'k str> {
        let (screen, code) = shown.split_once('.')?;
        let code = BASE64URL_NOPAD.decode(code.as_bytes()).ok()?;
        let right = hmac::verify(&self.0, &signed(screen, register), &code);
        right.ok().map(|()| screen)
    }
}

/// A screen's name holds no line feed.
fn signed(screen: &str, register: &Register) -> Vec<u8> {
    format!("{screen}\n{}", register.screen_generation(screen)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_its_own_screen_until_it_is_taken_back() {
        let (keys, others) = (ScreenKeys::new(&[1; 32]), ScreenKeys::new(&[2; 32]));
        let mut register = Register::default();
        let dairy = keys.of("dairy", &register);
        assert_eq!(keys.screen(&dairy, &register), Some("dairy"));
        assert_eq!(others.screen(&dairy, &register), None, "another shop's");
        let code = dairy.split_once('.').unwrap().1;
        for forged in [
            "",
            ".",
            "dairy",
            "dairy.",
            &format!("bakery.{code}"),
            &dairy[..40],
            code,
        ] {
            assert_eq!(keys.screen(forged, &register), None, "{forged}");
        }
        register.revoke_screen("dairy");
        assert_eq!(keys.screen(&dairy, &register), None, "taken back");
        let renewed = keys.of("dairy", &register);
        assert_eq!(keys.screen(&renewed, &register), Some("dairy"));
        register.revoke_screen("bakery");
        assert_eq!(keys.screen(&renewed, &register), Some("dairy"));
        assert_eq!(format!("{keys:?}"), "screen keys(redacted)");
    }
}
