//! `aislecast doctor`.

use super::{Failure, api::Gateway, installed};
use crate::{
    machine::{self, Machine},
    problems::{Problem, Severity},
};
use anyhow::Context as _;
use clap::Args;
use config::{Broker, Shop};
use serde::Serialize;
use std::{
    fmt,
    net::{TcpStream, ToSocketAddrs as _},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// Longest wait for a broker to take a connection.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Doctor {
    #[command(flatten)]
    gateway: Gateway,
    /// The shop: a folder with a store.toml, or that file; else ./config, or the service's.
    #[arg(value_name = "PATH")]
    shop: Option<PathBuf>,
    /// Print what was found as a JSON array.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  sudo aislecast doctor            the service of this machine
  aislecast doctor config/ --url http://127.0.0.1:8080 --token-file data/access/local-token

Looks at the shop's files, the service, the gateway with all that it knows of screens, scanners,
sensors, broker, clock and disk; and where no gateway answers, at broker and machine itself.

Exit codes: 0 offers are shown, 1 something keeps them from it.";

/// One thing that was looked at.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Finding {
    Fine { severity: Fine, what: String },
    Wrong(Problem),
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fine {
    Ok,
}

impl Finding {
    fn fine(what: impl Into<String>) -> Self {
        Self::Fine {
            severity: Fine::Ok,
            what: what.into(),
        }
    }

    fn bad(key: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Wrong(Problem::new(Severity::Bad, key, what, remedy))
    }

    fn is_bad(&self) -> bool {
        matches!(self, Self::Wrong(problem) if problem.is_bad())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fine { what, .. } => write!(f, "ok    {what}"),
            Self::Wrong(problem) => {
                let word = match problem.severity {
                    Severity::Bad => "BAD ",
                    Severity::Warn => "warn",
                    Severity::Note => "note",
                };
                write!(f, "{word}  {}\n      {}", problem.what, problem.remedy)
            }
        }
    }
}

impl Doctor {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let path = self.shop.clone().unwrap_or_else(|| {
            let usual = installed::usual_shop();
            let is_installed = installed::has_service() && !usual.exists();
            if is_installed {
                installed::SHOP.into()
            } else {
                usual
            }
        });
        let (shop, mut findings) = of_files(&path);
        if installed::has_service() && self.shop.is_none() {
            findings.extend(of_this_service());
        }
        match self.problems() {
            Ok((answers, problems)) => {
                findings.push(answers);
                findings.extend(problems.into_iter().map(Finding::Wrong));
            }
            Err(silent) => {
                findings.push(silent);
                findings.extend(shop.iter().flat_map(of_surroundings));
            }
        }
        let is_bad = findings.iter().any(Finding::is_bad);
        if self.json {
            println!("{}", serde_json::to_string_pretty(&findings)?);
        } else {
            findings.iter().for_each(|finding| println!("{finding}"));
        }
        if is_bad { Err(Failure::Said) } else { Ok(()) }
    }

    /// What a gateway that answers knows to be wrong.
    fn problems(&self) -> Result<(Finding, Vec<Problem>), Finding> {
        let asked = || {
            let text = self.gateway.api()?.get("/api/problems")?;
            let problems = serde_json::from_str(&text);
            Ok(problems.context("failed to read the gateway's answer")?)
        };
        let problems: Vec<Problem> = asked().map_err(|failure: Failure| {
            let why = match failure {
                Failure::Failed(error) | Failure::Usage(error) => format!("{error:#}"),
                Failure::Files(problems) => problems.to_string(),
                Failure::Said => "no answer".to_owned(),
            };
            Finding::bad(
                "gateway",
                format!("No gateway answers: {why}."),
                "See what else stands here; what it said last is in its log.",
            )
        })?;
        let says = match problems.len() {
            0 => "The gateway answers, and knows of nothing that is wrong.",
            _ => "The gateway answers. What it says is wrong:",
        };
        Ok((Finding::fine(says), problems))
    }
}

/// The shop's files, and the shop if they are sound.
fn of_files(path: &Path) -> (Option<Shop>, Vec<Finding>) {
    if !path.exists() {
        let missing = Finding::bad(
            "files",
            format!("There is no shop at {}.", path.display()),
            format!("Begin one: aislecast new {}", path.display()),
        );
        return (None, vec![missing]);
    }
    let (shop, problems) = match config::load(path) {
        Ok(mut shop) => {
            let warnings = std::mem::take(&mut shop.warnings);
            (Some(shop), warnings)
        }
        Err(problems) => (None, problems),
    };
    let first = match &shop {
        Some(shop) => Finding::fine(format!(
            "{}: the files can be run, with {} offers.",
            path.display(),
            shop.plan.offers.len()
        )),
        None => Finding::bad(
            "files",
            format!("The files in {} cannot be run.", path.display()),
            "What stands below says where, and what to do.",
        ),
    };
    let told = problems.iter().map(|problem| {
        let severity = match problem.severity {
            config::Severity::Error => Severity::Bad,
            config::Severity::Warning => Severity::Warn,
        };
        let (file, line) = (&problem.file, problem.line);
        let what = format!("{file}:{line}: {} {}", problem.key, problem.what);
        Finding::Wrong(Problem::new(severity, "files", what, &problem.remedy))
    });
    let findings = [first].into_iter().chain(told).collect();
    (shop, findings)
}

/// What systemd says of the service.
fn of_this_service() -> Vec<Finding> {
    let shown = Command::new("systemctl")
        .args(["show", "aislecast.service", "--property"])
        .arg("ActiveState,Result,UnitFileState,ConditionResult,NRestarts")
        .output();
    match shown {
        Ok(shown) if shown.status.success() => of_service(&String::from_utf8_lossy(&shown.stdout)),
        // Without systemd there is nobody who could say.
        _ => Vec::new(),
    }
}

/// What `systemctl show` says, a property a line (systemctl(1)).
fn of_service(shown: &str) -> Vec<Finding> {
    let property = |name: &str| {
        let mut lines = shown.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default()
    };
    let why = "Ask why: journalctl --unit aislecast --lines 20";
    let first = match property("ActiveState") {
        "active" | "reloading" => match property("NRestarts") {
            "" | "0" => Finding::fine("The service runs."),
            count => Finding::Wrong(Problem::new(
                Severity::Note,
                "service",
                format!("The service runs. It was started again {count} times since it was begun."),
                why,
            )),
        },
        "inactive" if property("ConditionResult") == "no" => Finding::bad(
            "service",
            "The service waits for a shop.",
            format!("Begin one: sudo aislecast new {}", installed::SHOP),
        ),
        "inactive" | "deactivating" => Finding::bad(
            "service",
            "The service is stopped.",
            "Start it: sudo systemctl start aislecast",
        ),
        state => {
            let result = property("Result");
            let what = format!("The service does not stay up ({state}, {result}).");
            Finding::bad("service", what, why)
        }
    };
    let is_enabled = property("UnitFileState") == "enabled";
    let disabled = (!is_enabled).then(|| {
        Finding::Wrong(Problem::new(
            Severity::Warn,
            "service-disabled",
            "The service does not start with the machine.",
            "Let it: sudo systemctl enable aislecast",
        ))
    });
    [first].into_iter().chain(disabled).collect()
}

/// What a gateway that does not run cannot say.
fn of_surroundings(shop: &Shop) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Broker::External(broker) = &shop.shell.broker {
        findings.push(of_broker(&broker.host, broker.port));
    }
    let data = if installed::has_service() {
        Path::new(installed::DATA)
    } else {
        &shop.shell.storage.dir
    };
    let health = Machine::this(data).look(Instant::now());
    findings.extend(
        machine::problems::find(&health)
            .into_iter()
            .map(Finding::Wrong),
    );
    findings
}

fn of_broker(host: &str, port: u16) -> Finding {
    let connect = || {
        let mut addresses = (host, port).to_socket_addrs()?;
        let address = addresses.next().ok_or(std::io::ErrorKind::NotFound)?;
        TcpStream::connect_timeout(&address, PATIENCE)
    };
    match connect() {
        Ok(_) => Finding::fine(format!(
            "Somebody listens where the broker is, {host}:{port}."
        )),
        Err(why) => Finding::bad(
            "broker",
            format!("Nobody listens where the broker is, {host}:{port}: {why}."),
            "Start it (on this machine: sudo systemctl start mosquitto), or name the right one \
             in [broker] of store.toml.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(findings: &[Finding]) -> Vec<String> {
        let lines = findings.iter().map(ToString::to_string);
        lines
            .map(|text| text.lines().next().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn what_systemd_says_is_understood() {
        let enabled = "UnitFileState=enabled\n";
        for (shown, expected) in [
            (
                "ActiveState=active\nNRestarts=0\n",
                "ok    The service runs.",
            ),
            (
                "ActiveState=active\nNRestarts=3\n",
                "note  The service runs. It was started again 3 times since it was begun.",
            ),
            (
                "ActiveState=inactive\nConditionResult=no\n",
                "BAD   The service waits for a shop.",
            ),
            (
                "ActiveState=inactive\nConditionResult=yes\n",
                "BAD   The service is stopped.",
            ),
            (
                "ActiveState=activating\nResult=exit-code\n",
                "BAD   The service does not stay up (activating, exit-code).",
            ),
        ] {
            assert_eq!(told(&of_service(&format!("{shown}{enabled}"))), [expected]);
        }
        let disabled = of_service("ActiveState=active\nUnitFileState=disabled\n");
        assert_eq!(
            told(&disabled)[1],
            "warn  The service does not start with the machine."
        );
    }

    #[test]
    fn a_broker_that_does_not_listen_is_named() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!of_broker("127.0.0.1", port).is_bad());
        drop(listener);
        assert!(of_broker("127.0.0.1", port).is_bad());
        assert!(of_broker("no such host", 1883).is_bad());
    }
}
