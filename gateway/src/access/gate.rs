//! The gate: tells who somebody is by what they show, and lets them sign in.

use super::{
    AccessError, Attempt, Audit, Bearer, Folder, Guesses, Hashed, Key, KeyHash, Opens, Paired,
    Pairing, Plain, RegisterError, Rights, Role, Scope, ScreenKeys, Sessions, Ticket, TokenFiles,
    Weak, folder::since_boot, local,
};
use jiff::Timestamp;
use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Hashes worked out at a time: 19 MiB and a core each.
const HASHING_MAX: usize = 2;
/// Most who wait for one. Whoever comes then is asked to come again.
const WAITING_MAX: usize = 16;
/// What guesses at codes have in common.
const CODES: &str = "one-time codes";

/// Somebody who may come in, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// What the audit log calls them.
    pub who: String,
    /// What they may do.
    pub rights: Rights,
    /// Whether a program shows it: those hand things in all day.
    pub is_program: bool,
}

impl Pass {
    /// Whether it is a tablet at the door, at which anybody may type.
    pub fn is_tablet(&self) -> bool {
        !self.is_program && self.rights == Role::Door.rights()
    }
}

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// Name or password.
    #[error("that name and password do not belong together")]
    Wrong,
    /// A code that opens nothing.
    #[error("this code was used before, is over, or was mistyped; ask for a new one")]
    Code,
    /// Too many wrong ones.
    #[error("that was wrong too often; try again in {} s", .0.as_secs().max(1))]
    Wait(Duration),
    /// Too many at once.
    #[error("too many at once; try again in a few seconds")]
    Busy,
    /// A password that is no good.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// What cannot be.
    #[error(transparent)]
    Refused(#[from] RegisterError),
    /// Disk or randomness.
    #[error(transparent)]
    Failed(AccessError),
}

impl From<AccessError> for Denied {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Refused(refused) => Self::Refused(refused),
            other => Self::Failed(other),
        }
    }
}

impl From<getrandom::Error> for Denied {
    fn from(error: getrandom::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What became of a code.
#[derive(Debug)]
pub enum Entered {
    /// In, with what the browser is to show from now on.
    In(Key),
    /// A name and a password are still to be chosen.
    ChooseBoth,
    /// A password is still to be chosen, for this account.
    ChoosePassword(String),
}

/// The gate.
#[derive(Debug)]
pub struct Gate {
    folder: Folder,
    files: TokenFiles,
    screens: ScreenKeys,
    pairing: Pairing,
    sessions: Sessions,
    guesses: Guesses,
    audit: Audit,
    hashing: Semaphore,
    waiting: Arc<Semaphore>,
    began: Instant,
}

impl Gate {
    /// Opens it, and leaves a token for commands on this machine in the folder.
    pub fn open(
        folder: Folder,
        mut files: TokenFiles,
        screens: ScreenKeys,
    ) -> Result<Self, AccessError> {
        let own = Key::draw()?;
        local::leave_token(&folder, own.reveal());
        files.add(Role::Operator, own.reveal());
        Ok(Self {
            audit: Audit::new(folder.dir()),
            folder,
            files,
            screens,
            pairing: Pairing::default(),
            sessions: Sessions::default(),
            guesses: Guesses::default(),
            hashing: Semaphore::new(HASHING_MAX),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            began: Instant::now(),
        })
    }

    /// Who this is, by the session of a browser or the token of a program.
    pub fn pass(&self, session: Option<&str>, token: Option<&str>) -> Option<Pass> {
        let by_token = token.and_then(|token| self.of_token(token));
        by_token.or_else(|| self.of_session(session?))
    }

    fn of_session(&self, session: &str) -> Option<Pass> {
        let bearer = self.sessions.find(session, self.now())?;
        let register = self.folder.register().ok()?;
        Some(Pass {
            who: bearer.name().to_owned(),
            rights: bearer.rights(&register)?,
            is_program: false,
        })
    }

    fn of_token(&self, shown: &str) -> Option<Pass> {
        if let Some(role) = self.files.role(shown) {
            return Some(Pass {
                who: format!("{role}'s token"),
                rights: role.rights(),
                is_program: false,
            });
        }
        let hash = KeyHash::of(shown);
        let register = self.folder.register().ok()?;
        let token = register.tokens().iter().find(|token| token.hash == hash)?;
        self.note_use(&token.name, token.last_used.as_deref());
        let scopes = token.scopes.iter().copied().map(Scope::rights);
        Some(Pass {
            who: token.name.clone(),
            rights: scopes.fold(Rights::default(), Rights::and),
            is_program: true,
        })
    }

    /// Once a day: the register is written as a whole.
    fn note_use(&self, name: &str, last_used: Option<&str>) {
        let today = today();
        if last_used == Some(&today) {
            return;
        }
        let noted = self.folder.change::<_, AccessError>(|register| {
            register.used_token(name, &today);
            Ok(())
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "failed to note that a token was used");
        }
    }

    /// Signs somebody in by name and password; gives what their browser is to show.
    pub async fn sign_in(&self, name: &str, password: Plain, from: IpAddr) -> Result<Key, Denied> {
        let attempt = self.attempt(name, from)?;
        let account = self.folder.register()?.account(name).cloned();
        let hashed = account.as_ref().map(|account| account.password.clone());
        let hashed = hashed.unwrap_or_else(Hashed::of_nobody);
        let fits = !password.is_absurd() && self.work(move || password.is(&hashed)).await?;
        let account = account.filter(|_| fits);
        let Some(account) = account else {
            self.audit.note("nobody", Some(from), "sign in", "wrong");
            return Err(Denied::Wrong);
        };
        self.guesses.right(&attempt);
        self.audit.note(&account.name, Some(from), "sign in", "in");
        self.begin(Bearer::Account {
            name: account.name,
            generation: account.generation,
        })
    }

    /// Signs somebody in by the token of a file.
    pub fn sign_in_by_file(&self, token: &str, from: IpAddr) -> Result<Key, Denied> {
        let attempt = self.attempt("token file", from)?;
        let Some(role) = self.files.role(token) else {
            self.audit.note("nobody", Some(from), "sign in", "wrong");
            return Err(Denied::Wrong);
        };
        self.guesses.right(&attempt);
        self.audit.note(role.name(), Some(from), "sign in", "in");
        self.begin(Bearer::Role(role))
    }

    /// Comes in by a one-time code, with what was chosen so far.
    pub async fn enter(
        &self,
        code: &str,
        chosen: (Option<String>, Option<Plain>),
        from: IpAddr,
    ) -> Result<Entered, Denied> {
        let attempt = self.attempt(CODES, from)?;
        let opens = self.folder.register()?.opens(code, since_boot()).cloned();
        let Some(opens) = opens else {
            self.audit
                .note("nobody", Some(from), "one-time code", "wrong");
            return Err(Denied::Code);
        };
        self.guesses.right(&attempt);
        let (name, password) = match (opens, chosen) {
            (Opens::Enter, _) => return self.enter_as_guest(code, from),
            (Opens::FirstStart, (Some(name), Some(password)))
            | (Opens::Password(name), (_, Some(password))) => (name, password),
            (Opens::FirstStart, _) => return Ok(Entered::ChooseBoth),
            (Opens::Password(name), _) => return Ok(Entered::ChoosePassword(name)),
        };
        password.check(&name)?;
        let hashed = self.work(move || password.hash()).await??;
        let bearer = self.settle(code, &name, hashed)?;
        self.audit
            .note(&name, Some(from), "one-time code", "password set");
        Ok(Entered::In(self.begin(bearer)?))
    }

    fn enter_as_guest(&self, code: &str, from: IpAddr) -> Result<Entered, Denied> {
        self.folder.change(|register| {
            let opens = register.opens(code, since_boot()).cloned();
            register.use_up(code);
            (opens == Some(Opens::Enter))
                .then_some(())
                .ok_or(Denied::Code)
        })?;
        self.audit
            .note("operator", Some(from), "one-time code", "in");
        Ok(Entered::In(self.begin(Bearer::Role(Role::Operator))?))
    }

    /// Uses a code up and keeps what was chosen, both at once.
    fn settle(&self, code: &str, name: &str, hashed: Hashed) -> Result<Bearer, Denied> {
        self.folder.change(|register| {
            let account = match register.opens(code, since_boot()).cloned() {
                Some(Opens::FirstStart) => register.add(name, Role::Operator, hashed, &today())?,
                Some(Opens::Password(of)) => register.set_password(&of, hashed)?,
                Some(Opens::Enter) | None => return Err(Denied::Code),
            };
            let bearer = Bearer::Account {
                name: account.name.clone(),
                generation: account.generation,
            };
            register.use_up(code);
            Ok(bearer)
        })
    }

    /// The address of a screen's page with its key, for displays that are told it.
    pub fn address(&self, page: &str, screen: &str) -> String {
        // Without a register the key opens nothing, and the page shows the house loop.
        let register = self.folder.register().unwrap_or_default();
        super::address(page, &self.screens.of(screen, &register))
    }

    /// The same for whoever asks later.
    pub fn addresses(
        self: &Arc<Self>,
    ) -> impl Fn(&str, &str) -> String + Clone + Send + Sync + use<> {
        let gate = Arc::clone(self);
        move |page, screen| gate.address(page, screen)
    }

    /// Which screen a key opens.
    pub fn screen<'k>(&self, shown: &'k str) -> Option<&'k str> {
        let register = self.folder.register().ok()?;
        self.screens.screen(shown, &register)
    }

    /// Whether a card may be typed at a tablet of this account now.
    pub fn card(&self, account: &str) -> Result<Attempt, Denied> {
        let attempt = self.guesses.card(account, self.now());
        attempt.map_err(Denied::Wait)
    }

    /// Somebody has that card.
    pub fn right(&self, attempt: &Attempt) {
        self.guesses.right(attempt);
    }

    /// Lets a display wait to be told which screen it is.
    pub fn begin_pairing(&self, from: IpAddr) -> Result<Ticket, Denied> {
        let ticket = self.pairing.begin(from, self.now())?;
        ticket.ok_or(Denied::Busy)
    }

    /// Where the pairing of a display stands; once it is a screen, with its key.
    pub fn ask_pairing(&self, secret: &str) -> Result<(Paired, Option<String>), Denied> {
        let paired = self.pairing.ask(secret, self.now());
        let Paired::Is(screen) = &paired else {
            return Ok((paired, None));
        };
        let key = self.folder.change::<_, AccessError>(|register| {
            register.pair_screen(screen, &today());
            Ok(self.screens.of(screen, register))
        })?;
        Ok((paired, Some(key)))
    }

    /// An operator says which screen shows this code. Whether one does.
    pub fn assign(&self, code: &str, screen: &str) -> bool {
        self.pairing.assign(code, screen, self.now())
    }

    /// Signs out.
    pub fn sign_out(&self, session: &str) {
        self.sessions.end(session);
    }

    /// The register's folder, for those who may change it.
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The log of who did what.
    pub const fn audit(&self) -> &Audit {
        &self.audit
    }

    /// People signed in, attempts refused for haste.
    pub fn figures(&self) -> (usize, u64) {
        (self.sessions.count(self.now()), self.guesses.refused())
    }

    /// Whether nobody can be the operator yet.
    pub fn is_unclaimed(&self) -> Result<bool, AccessError> {
        let mut accounts = self.folder.register()?.accounts().to_vec();
        accounts.retain(|account| account.role == Role::Operator);
        Ok(accounts.is_empty())
    }

    fn begin(&self, bearer: Bearer) -> Result<Key, Denied> {
        Ok(self.sessions.begin(bearer, self.now())?)
    }

    fn attempt(&self, name: &str, from: IpAddr) -> Result<Attempt, Denied> {
        let attempt = self.guesses.attempt(name, from, self.now());
        attempt.map_err(Denied::Wait)
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Does slow work beside the loop, a few at a time.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Denied> {
        let _seat = self.waiting.try_acquire().map_err(|_| Denied::Busy)?;
        let _turn = self.hashing.acquire().await;
        let done = spawn_blocking(work).await;
        Ok(done.expect("hashing does not panic"))
    }
}

/// The day, as people write it in lists. Only shown: nothing is decided by it.
pub fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}
