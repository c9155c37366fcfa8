//! All badges of a shop: who has one, and changes to the list.

use super::{Badge, Bearer, GATEWAY, Hashed, Listeners};
use serde::{Deserialize, Serialize};

/// Most badges: every node, screen and bridge of a large shop.
pub const BADGES_MAX: usize = 1_024;
/// Longest name; what the settings of a node have room for.
const USER_LEN_MAX: usize = 64;

/// Why the list stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// Somebody has that name.
    #[error(
        "{0} has a badge: `aislecast enroll renew {0}` gives it a new password, \
         `aislecast enroll revoke {0}` takes the badge back"
    )]
    Taken(String),
    /// Nobody has that name.
    #[error("{0} has no badge; `aislecast enroll list` says who has")]
    Nobody(String),
    /// The gateway cannot do without.
    #[error(
        "the gateway keeps its badge: `aislecast enroll renew gateway` gives it a new password"
    )]
    Gateway,
    /// Not a name that files and topics can hold.
    #[error("{0:?} cannot be a name at the broker: give 1 to 64 of a-z, 0-9, - and _")]
    Name(String),
    /// Too many.
    #[error("there are {BADGES_MAX} badges, and no more fit: take back what is not used any more")]
    Full,
}

/// The list, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Whose broker it is.
    pub store: String,
    /// Where the broker is reached.
    pub listeners: Listeners,
    badges: Vec<Badge>,
}

impl Book {
    /// A list with nobody in it.
    pub fn new(store: &str, listeners: Listeners) -> Self {
        Self {
            store: store.to_owned(),
            listeners,
            badges: Vec::new(),
        }
    }

    /// All of them, in the order in which they came.
    pub fn badges(&self) -> &[Badge] {
        &self.badges
    }

    /// Whether somebody has this name.
    pub fn has(&self, user: &str) -> bool {
        self.badges.iter().any(|badge| badge.user == user)
    }

    /// Adds one.
    pub fn add(&mut self, badge: Badge) -> Result<(), BookError> {
        let user = &badge.user;
        let plain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_');
        if user.is_empty() || user.len() > USER_LEN_MAX || !user.chars().all(plain) {
            return Err(BookError::Name(user.clone()));
        }
        if self.has(user) || (user == GATEWAY && badge.bearer != Bearer::Gateway) {
            return Err(BookError::Taken(user.clone()));
        }
        if self.badges.len() >= BADGES_MAX {
            return Err(BookError::Full);
        }
        self.badges.push(badge);
        Ok(())
    }

    /// Gives somebody another password; the old one opens nothing any more.
    pub fn renew(&mut self, user: &str, password: Hashed, now: &str) -> Result<(), BookError> {
        let badge = self.badges.iter_mut().find(|badge| badge.user == user);
        let badge = badge.ok_or_else(|| BookError::Nobody(user.to_owned()))?;
        badge.password = password;
        now.clone_into(&mut badge.since);
        Ok(())
    }

    /// Takes a badge back.
    pub fn revoke(&mut self, user: &str) -> Result<(), BookError> {
        if user == GATEWAY {
            return Err(BookError::Gateway);
        }
        if !self.has(user) {
            return Err(BookError::Nobody(user.to_owned()));
        }
        self.badges.retain(|badge| badge.user != user);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badge::{Device, Kind, Password};

    fn badge(user: &str, bearer: Bearer) -> Badge {
        Badge {
            user: user.to_owned(),
            bearer,
            reads: Vec::new(),
            writes: Vec::new(),
            password: Password::draw().unwrap().hash().unwrap(),
            since: "2026-11-22T08:00:00Z".to_owned(),
        }
    }

    fn node() -> Bearer {
        Bearer::Devices(vec![Device {
            kind: Kind::Scanner,
            id: "s-1".to_owned(),
        }])
    }

    #[test]
    fn a_name_is_given_once_and_the_gateways_to_nobody_else() {
        let mut book = Book::new("quan-1", Listeners::default());
        book.add(badge(GATEWAY, Bearer::Gateway)).unwrap();
        book.add(badge("scanner-s-1", node())).unwrap();
        for (user, expected) in [
            ("scanner-s-1", BookError::Taken("scanner-s-1".to_owned())),
            (GATEWAY, BookError::Taken(GATEWAY.to_owned())),
            ("", BookError::Name(String::new())),
            ("a b", BookError::Name("a b".to_owned())),
            ("a\ntopic #", BookError::Name("a\ntopic #".to_owned())),
        ] {
            assert_eq!(book.add(badge(user, node())), Err(expected));
        }
        assert_eq!(book.badges().len(), 2);
        let mut empty = Book::new("quan-1", Listeners::default());
        assert!(empty.add(badge(GATEWAY, node())).is_err());
    }

    #[test]
    fn what_is_taken_back_is_gone_and_the_gateway_stays() {
        let mut book = Book::new("quan-1", Listeners::default());
        book.add(badge(GATEWAY, Bearer::Gateway)).unwrap();
        book.add(badge("scanner-s-1", node())).unwrap();
        assert_eq!(book.revoke(GATEWAY), Err(BookError::Gateway));
        book.revoke("scanner-s-1").unwrap();
        let nobody = BookError::Nobody("scanner-s-1".to_owned());
        assert_eq!(book.revoke("scanner-s-1"), Err(nobody.clone()));
        let hashed = Password::draw().unwrap().hash().unwrap();
        assert_eq!(book.renew("scanner-s-1", hashed, "now"), Err(nobody));
    }
}
