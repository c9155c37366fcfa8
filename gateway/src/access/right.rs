//! What can be allowed. Each route asks for one right; roles of people and
//! scopes of programs are nothing but sets of rights.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One thing that somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Right {
    /// See the shop: console, offers, explanations, the API's documents.
    Look = 1,
    /// Read the figures that machines watch.
    Scrape = 1 << 1,
    /// Plan, apply, pause and resume offers.
    Offers = 1 << 2,
    /// Take a customer's consent back, or forget them.
    Withdraw = 1 << 3,
    /// Hand a shopper the way to their private offers.
    Claim = 1 << 4,
    /// Serve: the staff card, and that a call was heard.
    Serve = 1 << 5,
    /// Bring profiles and consents in.
    Import = 1 << 6,
    /// Hand baskets and receipts in.
    Sell = 1 << 7,
    /// Hand readings of sensors in.
    Sense = 1 << 8,
    /// Everything else: calibration, roll-back, accounts, tokens, screens.
    Keep = 1 << 9,
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u16);

impl Rights {
    /// All there are.
    pub const ALL: Self = Self((Right::Keep as u16) * 2 - 1);

    const fn of(rights: &[Right]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < rights.len() {
            bits |= rights[at] as u16;
            at += 1;
        }
        Self(bits)
    }

    /// Whether this one is among them.
    pub const fn has(self, right: Right) -> bool {
        self.0 & right as u16 != 0
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

/// What a person is in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A tablet at the door: shoppers take their own consent back there.
    Door,
    /// Looks.
    Viewer,
    /// Serves customers on the floor and at the desk.
    Staff,
    /// Plans offers.
    Marketer,
    /// Everything.
    Operator,
}

impl Role {
    /// All, from the least on.
    pub const ALL: [Self; 5] = [
        Self::Door,
        Self::Viewer,
        Self::Staff,
        Self::Marketer,
        Self::Operator,
    ];

    /// What it is called in files and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Viewer => "viewer",
            Self::Staff => "staff",
            Self::Marketer => "marketer",
            Self::Operator => "operator",
        }
    }

    /// What it may do.
    pub const fn rights(self) -> Rights {
        use Right::{Claim, Look, Offers, Scrape, Serve, Withdraw};
        match self {
            Self::Door => Rights::of(&[Withdraw]),
            Self::Viewer => Rights::of(&[Look, Scrape]),
            Self::Staff => Rights::of(&[Look, Scrape, Withdraw, Claim, Serve]),
            Self::Marketer => Rights::of(&[Look, Scrape, Offers]),
            Self::Operator => Rights::ALL,
        }
    }
}

/// What a program is let in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Watching: `/metrics` and nothing else.
    Metrics,
    /// Seeing what the console shows.
    Look,
    /// Planning offers from elsewhere.
    Offers,
    /// A loyalty programme: profiles, withdrawals, private offers in its app.
    Customers,
    /// Tills: baskets and receipts.
    Tills,
    /// Sensors.
    Readings,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Metrics,
        Self::Look,
        Self::Offers,
        Self::Customers,
        Self::Tills,
        Self::Readings,
    ];

    /// What it is called in files and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Look => "look",
            Self::Offers => "offers",
            Self::Customers => "customers",
            Self::Tills => "tills",
            Self::Readings => "readings",
        }
    }

    /// What it opens.
    pub const fn rights(self) -> Rights {
        use Right::{Claim, Import, Look, Offers, Scrape, Sell, Sense, Withdraw};
        match self {
            Self::Metrics => Rights::of(&[Scrape]),
            Self::Look => Rights::of(&[Look]),
            Self::Offers => Rights::of(&[Look, Offers]),
            Self::Customers => Rights::of(&[Import, Withdraw, Claim]),
            Self::Tills => Rights::of(&[Sell]),
            Self::Readings => Rights::of(&[Sense]),
        }
    }
}

/// Not a word that is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is none of {known}")]
pub struct Unknown {
    found: String,
    known: String,
}

fn find<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, text: &str) -> Result<T, Unknown> {
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| Unknown {
        found: text.to_owned(),
        known: all
            .iter()
            .map(|one| name(*one))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

impl FromStr for Role {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        find(&Self::ALL, Self::name, text)
    }
}

impl FromStr for Scope {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        find(&Self::ALL, Self::name, text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_operator_keeps_the_house_and_every_name_is_read_back() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
            let looks = role.rights().has(Right::Look);
            assert_eq!(looks, role != Role::Door, "{role}");
            assert_eq!(role.rights().has(Right::Keep), role == Role::Operator);
        }
        for scope in Scope::ALL {
            assert_eq!(scope.name().parse(), Ok(scope));
            assert!(!scope.rights().has(Right::Keep), "{scope}");
        }
        let refused = "boss".parse::<Role>().unwrap_err().to_string();
        assert_eq!(
            refused,
            "\"boss\" is none of door, viewer, staff, marketer, operator"
        );
    }

    #[test]
    fn people_at_the_desk_cannot_change_offers_nor_marketers_meet_customers() {
        let (staff, marketer) = (Role::Staff.rights(), Role::Marketer.rights());
        assert!(staff.has(Right::Serve) && !staff.has(Right::Offers));
        assert!(marketer.has(Right::Offers) && !marketer.has(Right::Serve));
        assert!(!Rights::default().has(Right::Look));
        assert!(staff.and(marketer).has(Right::Offers));
    }
}
