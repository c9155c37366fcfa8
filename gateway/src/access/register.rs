//! The register: accounts, tokens of programs, keys of screens, one-time codes.
//! Holds no secret, only hashes.

use super::{Hashed, KeyHash, Role, Scope};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};

/// Most accounts: a large shop with everybody in it.
const ACCOUNTS_MAX: usize = 200;
/// Most tokens.
const TOKENS_MAX: usize = 200;
/// Most codes that wait to be used; the oldest makes room.
const CODES_MAX: usize = 16;
/// Longest name, letters.
const NAME_LEN_MAX: usize = 40;
/// How long a code waits to be used.
const CODE_LIVES: Duration = Duration::from_hours(24);
/// Which shape the file has.
const VERSION: u32 = 1;

/// Why the register stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Not a name.
    #[error("{0:?} cannot be a name: give 1 to {NAME_LEN_MAX} letters, digits, blanks and . - _ @")]
    Name(String),
    /// Somebody has it.
    #[error("there is a {0:?} already")]
    Taken(String),
    /// Nobody has it.
    #[error("there is no {0:?}")]
    Nobody(String),
    /// Nobody could give accounts any more.
    #[error("{0:?} is the only operator: make another one first")]
    LastOperator(String),
    /// Too many.
    #[error("no more fit: remove what is not used any more")]
    Full,
    /// A program that may do nothing.
    #[error("say what it is for: --scope metrics, look, offers, customers, tills, readings")]
    NoScope,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// As they sign in; case does not matter.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How their password is checked.
    pub password: Hashed,
    /// Which change made it what it is. Sessions of an earlier one are over.
    pub generation: u64,
    /// Day on which it was made.
    pub since: String,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// How it is known.
    pub hash: KeyHash,
    /// Day on which it was made.
    pub since: String,
    /// Day on which it was last shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<String>,
}

/// One screen, once its key was fetched or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreenEntry {
    /// How often its key was taken back.
    pub generation: u32,
    /// Day on which a display was last told that it is this screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paired: Option<String>,
}

/// What a one-time code opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// Making the first account, or another operator's.
    FirstStart,
    /// Choosing another password for an account.
    Password(String),
    /// Coming in as the operator, without an account: the demo.
    Enter,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    hash: KeyHash,
    opens: Opens,
    /// When it was drawn, ms since this machine was started.
    drawn_ms: u64,
}

/// All of it, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    version: u32,
    /// Counts changes; gives each account its generation.
    changes: u64,
    accounts: Vec<Account>,
    tokens: Vec<Token>,
    codes: Vec<Code>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    screens: BTreeMap<String, ScreenEntry>,
}

impl Default for Register {
    fn default() -> Self {
        Self {
            version: VERSION,
            changes: 0,
            accounts: Vec::new(),
            tokens: Vec::new(),
            codes: Vec::new(),
            screens: BTreeMap::new(),
        }
    }
}

impl Register {
    /// Whether this program knows its shape.
    pub const fn is_known(&self) -> bool {
        self.version == VERSION
    }

    /// Everybody.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Somebody.
    pub fn account(&self, name: &str) -> Option<&Account> {
        let name = name.trim().to_lowercase();
        self.accounts.iter().find(|a| a.name.to_lowercase() == name)
    }

    /// Lets somebody in.
    pub fn add(
        &mut self,
        name: &str,
        role: Role,
        password: Hashed,
        today: &str,
    ) -> Result<&Account, RegisterError> {
        let name = checked(name)?;
        if self.account(&name).is_some() {
            return Err(RegisterError::Taken(name));
        }
        if self.accounts.len() >= ACCOUNTS_MAX {
            return Err(RegisterError::Full);
        }
        self.changes += 1;
        self.accounts.push(Account {
            name,
            role,
            password,
            generation: self.changes,
            since: today.to_owned(),
        });
        Ok(self.accounts.last().expect("one was put in just now"))
    }

    /// Gives somebody another password; whoever is signed in as them is not any more.
    pub fn set_password(
        &mut self,
        name: &str,
        password: Hashed,
    ) -> Result<&Account, RegisterError> {
        let changes = self.changes + 1;
        let account = self.find(name)?;
        account.password = password;
        account.generation = changes;
        self.changes = changes;
        Ok(self.account(name).expect("it was found just now"))
    }

    /// Makes somebody something else.
    pub fn set_role(&mut self, name: &str, role: Role) -> Result<(), RegisterError> {
        if role != Role::Operator {
            self.keep_an_operator(name)?;
        }
        let changes = self.changes + 1;
        let account = self.find(name)?;
        account.role = role;
        account.generation = changes;
        self.changes = changes;
        Ok(())
    }

    /// Lets somebody in no more.
    pub fn remove(&mut self, name: &str) -> Result<(), RegisterError> {
        self.keep_an_operator(name)?;
        let name = self.find(name)?.name.clone();
        self.accounts.retain(|account| account.name != name);
        Ok(())
    }

    fn find(&mut self, name: &str) -> Result<&mut Account, RegisterError> {
        let wanted = name.trim().to_lowercase();
        let mut accounts = self.accounts.iter_mut();
        let found = accounts.find(|account| account.name.to_lowercase() == wanted);
        found.ok_or_else(|| RegisterError::Nobody(name.to_owned()))
    }

    fn keep_an_operator(&self, name: &str) -> Result<(), RegisterError> {
        let operators = self.accounts.iter().filter(|a| a.role == Role::Operator);
        let account = self.account(name);
        let is_operator = account.is_some_and(|account| account.role == Role::Operator);
        if is_operator && operators.count() == 1 {
            return Err(RegisterError::LastOperator(name.to_owned()));
        }
        Ok(())
    }

    /// Every program.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Lets a program in.
    pub fn add_token(
        &mut self,
        name: &str,
        scopes: &[Scope],
        hash: KeyHash,
        today: &str,
    ) -> Result<(), RegisterError> {
        let name = checked(name)?;
        let mut different = Vec::new();
        for scope in scopes {
            if !different.contains(scope) {
                different.push(*scope);
            }
        }
        if different.is_empty() {
            return Err(RegisterError::NoScope);
        }
        if self.tokens.iter().any(|token| token.name == name) {
            return Err(RegisterError::Taken(name));
        }
        if self.tokens.len() >= TOKENS_MAX {
            return Err(RegisterError::Full);
        }
        self.tokens.push(Token {
            name,
            scopes: different,
            hash,
            since: today.to_owned(),
            last_used: None,
        });
        Ok(())
    }

    /// Notes the day on which a token was shown. Says whether that is news.
    pub fn used_token(&mut self, name: &str, today: &str) -> bool {
        let token = self.tokens.iter_mut().find(|token| token.name == name);
        let news = token.filter(|token| token.last_used.as_deref() != Some(today));
        let is_news = news.is_some();
        if let Some(token) = news {
            token.last_used = Some(today.to_owned());
        }
        is_news
    }

    /// Lets a program in no more.
    pub fn remove_token(&mut self, name: &str) -> Result<(), RegisterError> {
        let before = self.tokens.len();
        self.tokens.retain(|token| token.name != name);
        if self.tokens.len() == before {
            return Err(RegisterError::Nobody(name.to_owned()));
        }
        Ok(())
    }

    /// What is known of a screen's key.
    pub fn screen(&self, screen: &str) -> ScreenEntry {
        self.screens.get(screen).cloned().unwrap_or_default()
    }

    /// Which of a screen's keys is the one that opens it.
    pub fn screen_generation(&self, screen: &str) -> u32 {
        self.screens.get(screen).map_or(0, |entry| entry.generation)
    }

    /// Notes that a display was told that it is this screen.
    pub fn pair_screen(&mut self, screen: &str, today: &str) {
        let entry = self.screens.entry(screen.to_owned()).or_default();
        entry.paired = Some(today.to_owned());
    }

    /// Takes the key of a screen back: whatever shows it is shut out.
    pub fn revoke_screen(&mut self, screen: &str) {
        let entry = self.screens.entry(screen.to_owned()).or_default();
        entry.generation = entry.generation.saturating_add(1);
        entry.paired = None;
    }

    /// Keeps a code until it is used. One of each kind: a new one ends the old.
    pub fn add_code(&mut self, hash: KeyHash, opens: Opens, now: Duration) {
        self.codes.retain(|code| code.opens != opens);
        if self.codes.len() >= CODES_MAX {
            self.codes.remove(0);
        }
        self.codes.push(Code {
            hash,
            opens,
            drawn_ms: now.as_millis() as u64,
        });
    }

    /// What a code opens, if it may still be used.
    pub fn opens(&self, code: &str, now: Duration) -> Option<&Opens> {
        let hash = KeyHash::of_code(code);
        let found = self.codes.iter().find(|code| code.hash == hash)?;
        found.holds(now).then_some(&found.opens)
    }

    /// Uses a code up.
    pub fn use_up(&mut self, code: &str) {
        let hash = KeyHash::of_code(code);
        self.codes.retain(|code| code.hash != hash);
    }
}

impl Code {
    fn holds(&self, now: Duration) -> bool {
        // Drawn after now: before this machine was started again.
        let age = now.checked_sub(Duration::from_millis(self.drawn_ms));
        age.is_some_and(|age| age < CODE_LIVES)
    }
}

fn checked(name: &str) -> Result<String, RegisterError> {
    let trimmed = name.trim();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '@');
    let letters = trimmed.chars().count();
    if letters == 0 || letters > NAME_LEN_MAX || !trimmed.chars().all(plain) {
        return Err(RegisterError::Name(name.to_owned()));
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> Register {
        let mut register = Register::default();
        let nobody = Hashed::of_nobody;
        for (name, role) in [("Mai", Role::Operator), ("Lan", Role::Staff)] {
            register.add(name, role, nobody(), "2026-11-22").unwrap();
        }
        register
    }

    #[test]
    fn a_name_is_given_once_whatever_its_case() {
        let mut register = register();
        for (name, expected) in [
            ("mai", RegisterError::Taken("mai".into())),
            (" MAI ", RegisterError::Taken("MAI".into())),
            ("", RegisterError::Name(String::new())),
            ("<b>", RegisterError::Name("<b>".into())),
            ("a\nb", RegisterError::Name("a\nb".into())),
        ] {
            let refused = register.add(name, Role::Viewer, Hashed::of_nobody(), "");
            assert_eq!(refused.err(), Some(expected));
        }
        register
            .add("Chị Ánh", Role::Staff, Hashed::of_nobody(), "")
            .unwrap();
        assert!(register.account("chị ánh").is_some());
    }

    #[test]
    fn the_last_operator_stays_one() {
        let mut register = register();
        let alone = Err(RegisterError::LastOperator("mai".into()));
        assert_eq!(register.remove("mai"), alone);
        assert_eq!(register.set_role("mai", Role::Staff), alone);
        register.set_role("Lan", Role::Operator).unwrap();
        register.remove("mai").unwrap();
        assert_eq!(
            register.remove("mai"),
            Err(RegisterError::Nobody("mai".into()))
        );
    }

    #[test]
    fn every_change_gives_an_account_a_generation_of_its_own() {
        let mut register = register();
        let mut seen = vec![register.account("lan").unwrap().generation];
        let other = || Hashed::of_nobody();
        register.set_password("lan", other()).unwrap();
        seen.push(register.account("lan").unwrap().generation);
        register.set_role("lan", Role::Viewer).unwrap();
        seen.push(register.account("lan").unwrap().generation);
        register.remove("lan").unwrap();
        register.add("lan", Role::Staff, other(), "").unwrap();
        seen.push(register.account("lan").unwrap().generation);
        assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
    }

    #[test]
    fn a_code_works_for_a_day_once_and_not_after_a_new_one() {
        let mut register = Register::default();
        let at = Duration::from_hours;
        register.add_code(KeyHash::of_code("K7MNP2QRST"), Opens::FirstStart, at(5));
        assert_eq!(
            register.opens("k7mnp-2qrst", at(28)),
            Some(&Opens::FirstStart)
        );
        assert_eq!(register.opens("K7MNP2QRST", at(29)), None, "a day");
        assert_eq!(register.opens("K7MNP2QRST", at(4)), None, "started again");
        assert_eq!(register.opens("", at(6)), None);
        register.add_code(KeyHash::of_code("NEW"), Opens::FirstStart, at(6));
        assert_eq!(register.opens("K7MNP2QRST", at(6)), None, "a newer one");
        register.use_up("new");
        assert_eq!(register.opens("NEW", at(6)), None, "used");
        for n in 0..100 {
            let opens = Opens::Password(n.to_string());
            register.add_code(KeyHash::of_code(&n.to_string()), opens, at(6));
        }
        assert_eq!(register.codes.len(), CODES_MAX);
    }

    #[test]
    fn a_token_has_a_name_and_an_opens_and_is_noted_once_a_day() {
        let mut register = Register::default();
        let hash = KeyHash::of("secret");
        let both = [Scope::Metrics, Scope::Metrics];
        register
            .add_token("prometheus", &both, hash, "2026-11-22")
            .unwrap();
        assert_eq!(register.tokens()[0].scopes, [Scope::Metrics]);
        let again = register.add_token("prometheus", &both, hash, "");
        assert_eq!(again, Err(RegisterError::Taken("prometheus".into())));
        let idle = register.add_token("crm", &[], hash, "");
        assert_eq!(idle, Err(RegisterError::NoScope));
        assert!(register.used_token("prometheus", "2026-11-23"));
        assert!(!register.used_token("prometheus", "2026-11-23"));
        register.remove_token("prometheus").unwrap();
        assert!(register.remove_token("prometheus").is_err());
    }

    #[test]
    fn what_was_written_by_the_first_version_is_read() {
        let text = r#"{"version":1,"changes":2,
            "accounts":[{"name":"Mai","role":"operator","password":"$argon2id$v=19$m=19456,t=2,p=1$AA$AA","generation":2,"since":"2026-11-22"}],
            "tokens":[{"name":"crm","scopes":["customers"],"hash":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","since":"2026-11-22","last_used":"2026-11-23"}],
            "codes":[{"hash":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","opens":{"password":"Mai"},"drawn_ms":5}]}"#;
        let register: Register = serde_json::from_str(text).unwrap();
        assert!(register.is_known());
        assert_eq!(register.account("mai").unwrap().role, Role::Operator);
        assert_eq!(register.tokens()[0].scopes, [Scope::Customers]);
        let written = serde_json::to_string(&register).unwrap();
        assert_eq!(
            serde_json::from_str::<Register>(&written).unwrap(),
            register
        );
    }
}
