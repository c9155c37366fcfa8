//! Who may come in over HTTP: people with a name and a password, programs with a
//! token, displays with a key of their own, and whoever holds a one-time code.
//!
//! | module | what it keeps |
//! |---|---|
//! | [`right`] | what can be allowed, and the roles and scopes made of it |
//! | [`password`] | passwords and their slow hashes |
//! | [`key`] | random texts that open something, and their hashes |
//! | [`register`] | accounts, tokens, keys of screens, one-time codes |
//! | [`folder`] | the register on the disk, for the gateway and for commands beside it |
//! | [`local`] | what commands on the gateway's own machine need |
//! | [`session`] | who is signed in |
//! | [`guess`] | who has guessed wrong, and must wait |
//! | [`pairing`] | displays that wait to be told which screen they are |
//! | [`share`] | who gives way where something bounded is full |
//! | [`screen_key`] | keys of screens |
//! | [`token_file`] | tokens in files that store.toml names |
//! | [`audit`] | who did what |
//! | [`gate`] | all of it together, for the adapter |

mod audit;
mod folder;
mod gate;
mod guess;
mod key;
mod local;
mod pairing;
mod password;
mod register;
mod right;
mod screen_key;
mod session;
mod share;
mod token_file;

pub use audit::{Audit, Deed};
pub use folder::{AccessError, Folder};
pub use gate::{Denied, Entered, Gate, Pass, today};
pub use guess::{Attempt, Guesses};
pub use key::{Key, KeyHash, one_time_code};
pub use local::{Local, leave_address};
pub use pairing::{PAIRING_LIVES, Paired, Pairing, Ticket};
pub use password::{Hashed, Plain, Weak};
pub use register::{Account, Opens, Register, RegisterError, Token};
pub use right::{Right, Rights, Role, Scope};
pub use screen_key::ScreenKeys;
pub use session::{Bearer, LONGEST, Sessions};
pub use share::{gives_way, network};
pub use token_file::{TokenFile, TokenFileError, TokenFiles};

/// The address of a screen's page with its key, which begins with the screen's name.
pub fn address(page: &str, key: &str) -> String {
    let screen = key.split('.').next().unwrap_or_default();
    format!("{page}/screen/{screen}?key={key}")
}
