//! `aislecast enroll`: who may come to the shop's broker, and what they may say there.

use super::{
    Failure,
    installed::{self, BADGES, BROKER_AUTHORITY, BROKER_PASSWORD, usual_badges, usual_shop},
};
use crate::badge::{
    self, Badge, Bearer, Book, Device, Errand, Folder, FolderError, GATEWAY, Kind, Listeners,
    Password,
};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use config::Shop;
use dialect::mapper::Pattern;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Enroll {
    /// The shop: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop(), global = true)]
    config: PathBuf,
    /// Folder of the badges, and of all that mosquitto is to read.
    #[arg(long, value_name = "DIR", default_value_os_t = usual_badges(), global = true)]
    dir: PathBuf,
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  aislecast enroll broker 192.168.1.10 --plain-port 1883     certificate, settings, the gateway's badge
  aislecast enroll device s-door                             a scanner, sensor, screen or till of store.toml
  aislecast enroll device t-cold t-shelf --as zigbee2mqtt    several devices behind one bridge
  aislecast enroll system crm --for customers                another system
  aislecast enroll list
  aislecast enroll refresh                                   after store.toml was changed
  aislecast enroll revoke scanner-s-door                     a lost node

docs/broker.md tells the whole story. Every password lies in DIR/credentials until you take it
away; the broker itself keeps only hashes. mosquitto takes changes in with
`systemctl reload mosquitto`.";

#[derive(Debug, Subcommand)]
enum What {
    /// Begin, or renew the broker's certificate: for these names and addresses.
    Broker(Broker),
    /// Give a badge to devices of the shop's files.
    Device(Devices),
    /// Give a badge to another system.
    System(System),
    /// Give somebody a new password; the old one opens nothing any more.
    Renew(Named),
    /// Take a badge back.
    Revoke(Named),
    /// Say who has a badge, and what it opens.
    List(List),
    /// Work out anew what every badge opens, by the shop's files of now.
    Refresh,
}

#[derive(Debug, Args)]
struct Broker {
    /// How devices reach the broker, besides localhost and 127.0.0.1.
    #[arg(value_name = "HOST")]
    hosts: Vec<String>,
    /// Port with TLS.
    #[arg(long, value_name = "PORT", default_value_t = 8883)]
    port: u16,
    /// Another port without TLS, for nodes that cannot do better: passwords can be read on the way.
    #[arg(long, value_name = "PORT")]
    plain_port: Option<u16>,
}

#[derive(Debug, Args)]
struct Devices {
    /// Their ids in store.toml; `scanner:ID`, `sensor:ID`, `screen:ID`, `till:ID` where one is not enough.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// What to call them at the broker; of one device, else its kind and id.
    #[arg(long = "as", value_name = "USER")]
    user: Option<String>,
    #[command(flatten)]
    more: More,
}

#[derive(Debug, Args)]
struct System {
    /// What to call it at the broker.
    #[arg(value_name = "USER")]
    user: String,
    /// What it is there for.
    #[arg(
        long = "for",
        value_name = "ERRAND",
        required = true,
        value_delimiter = ','
    )]
    errands: Vec<Errand>,
    #[command(flatten)]
    more: More,
}

/// Topics of a device's own maker.
#[derive(Debug, Default, Args)]
struct More {
    /// A filter that it reads besides, of its own maker.
    #[arg(long = "read", value_name = "FILTER")]
    reads: Vec<String>,
    /// A filter that it writes besides, of its own maker.
    #[arg(long = "write", value_name = "FILTER")]
    writes: Vec<String>,
}

#[derive(Debug, Args)]
struct Named {
    /// Its name at the broker.
    #[arg(value_name = "USER")]
    user: String,
}

#[derive(Debug, Args)]
struct List {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Enroll {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let shop = config::load(&self.config).map_err(Failure::Files)?;
        let folder = match self.what {
            What::Broker(_) => Folder::make(&self.dir),
            _ => Folder::open(&self.dir),
        }?;
        let book = folder.book(shop.plan.store.as_str())?;
        let mut desk = Desk { shop, folder };
        match (self.what, book) {
            (What::Broker(broker), book) => desk.broker(broker, book),
            (_, None) => Err(FolderError::Nothing(self.dir).into()),
            (What::Device(devices), Some(book)) => desk.devices(devices, book),
            (What::System(system), Some(book)) => desk.system(system, book),
            (What::Renew(Named { user }), Some(book)) => desk.renew(&user, book),
            (What::Revoke(Named { user }), Some(book)) => desk.revoke(&user, book),
            (What::List(list), Some(book)) => desk.list(&list, &book),
            (What::Refresh, Some(book)) => {
                desk.keep(&book)?;
                println!("{} badges; {RELOAD}", book.badges().len());
                Ok(())
            }
        }
    }
}

const RELOAD: &str = "now: systemctl reload mosquitto";

/// Where badges are given out.
struct Desk {
    shop: Shop,
    folder: Folder,
}

impl Desk {
    fn broker(&mut self, broker: Broker, book: Option<Book>) -> Result<(), Failure> {
        let mut listeners = Listeners {
            tls_port: broker.port,
            plain_port: broker.plain_port,
            ..Listeners::default()
        };
        for host in broker.hosts {
            if !listeners.hosts.contains(&host) {
                listeners.hosts.push(host);
            }
        }
        let begun = book.is_none();
        let store = self.shop.plan.store.as_str();
        let mut book = book.unwrap_or_else(|| Book::new(store, listeners.clone()));
        book.listeners = listeners;
        let year = i32::from(jiff::Zoned::now().year());
        self.folder.certify(&book, year)?;
        if begun {
            self.give(
                &mut book,
                GATEWAY.to_owned(),
                Bearer::Gateway,
                &More::default(),
            )?;
        } else {
            self.keep(&book)?;
        }
        self.say_broker(&book, begun);
        Ok(())
    }

    fn say_broker(&self, book: &Book, begun: bool) {
        let dir = self.folder.dir().display();
        let Listeners {
            hosts,
            tls_port,
            plain_port,
        } = &book.listeners;
        println!("{dir}: a certificate for {}", hosts.join(", "));
        println!("TLS on port {tls_port}; devices trust {dir}/authority.pem");
        if let Some(port) = plain_port {
            println!("no TLS on port {port}: passwords can be read on the way");
        }
        if !begun {
            println!("now: systemctl restart mosquitto");
            return;
        }
        // The service may read no files of root's; systemd hands it these.
        let is_service = installed::has_service() && self.folder.dir() == Path::new(BADGES);
        let [password, authority] = if is_service {
            [BROKER_PASSWORD, BROKER_AUTHORITY].map(str::to_owned)
        } else {
            [
                format!("{dir}/credentials/{GATEWAY}"),
                format!("{dir}/authority.pem"),
            ]
        };
        println!(
            "\nThe broker takes it all in with\n\n  \
             ln -s {dir}/aislecast.conf /etc/mosquitto/conf.d/\n  \
             systemctl restart mosquitto\n\n\
             and the gateway with these lines in store.toml, in place of those there:\n\n\
             [broker]\n\
             mode = \"external\"\n\n\
             [broker.external]\n\
             host = \"localhost\"\n\
             port = {tls_port}\n\
             username = \"{GATEWAY}\"\n\
             password_file = \"{password}\"\n\
             tls_ca_file = \"{authority}\""
        );
    }

    fn devices(&mut self, asked: Devices, mut book: Book) -> Result<(), Failure> {
        let found: Result<Vec<_>, _> = asked.ids.iter().map(|id| self.device(id)).collect();
        let devices = found?;
        let user = match (asked.user, devices.as_slice()) {
            (Some(user), _) => user,
            (None, [one]) => format!("{}-{}", one.kind.name(), one.id),
            (None, _) => {
                return Err(Failure::Usage(anyhow!(
                    "several devices behind one badge need a name: --as zigbee2mqtt"
                )));
            }
        };
        let bearer = Bearer::Devices(devices);
        let at = self.give(&mut book, user.clone(), bearer, &asked.more)?;
        say_badge(&user, &at);
        Ok(())
    }

    /// Finds a device by its id, or its kind and id.
    fn device(&self, text: &str) -> Result<Device, Failure> {
        let (kind, id) = match text.split_once(':') {
            None => (None, text),
            Some((kind, id)) => {
                let known = Kind::ALL.into_iter().find(|known| known.name() == kind);
                let known = known.ok_or_else(|| {
                    Failure::Usage(anyhow!("{kind:?} is none of scanner, sensor, screen, till"))
                })?;
                (Some(known), id)
            }
        };
        let mut found = badge::devices_named(id, &self.shop);
        found.retain(|device| kind.is_none_or(|kind| device.kind == kind));
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(Failure::Usage(anyhow!(
                "store.toml has no scanner, sensor, screen or till {text:?}"
            ))),
            several => {
                let names: Vec<_> = several.iter().map(ToString::to_string).collect();
                let names = names.join(" or ");
                Err(Failure::Usage(anyhow!("which {id}? write {names}")))
            }
        }
    }

    fn system(&mut self, asked: System, mut book: Book) -> Result<(), Failure> {
        let mut errands = asked.errands;
        errands.sort_unstable();
        errands.dedup();
        let bearer = Bearer::System(errands);
        let at = self.give(&mut book, asked.user.clone(), bearer, &asked.more)?;
        say_badge(&asked.user, &at);
        Ok(())
    }

    fn renew(&mut self, user: &str, mut book: Book) -> Result<(), Failure> {
        let password = Password::draw().context("the system gives no random bytes")?;
        let hash = password.hash()?;
        book.renew(user, hash, &Timestamp::now().to_string())?;
        let at = self.folder.lay_down(user, &password)?;
        self.keep(&book)?;
        say_badge(user, &at);
        Ok(())
    }

    fn revoke(&mut self, user: &str, mut book: Book) -> Result<(), Failure> {
        book.revoke(user)?;
        self.keep(&book)?;
        self.folder.take_away(user)?;
        println!(
            "{user} has no badge any more.\n\
             now: systemctl restart mosquitto (a reload leaves it in until it goes)"
        );
        Ok(())
    }

    fn list(&self, list: &List, book: &Book) -> Result<(), Failure> {
        let all = book.badges().iter();
        let all: Vec<_> = all.map(|b| (b, badge::grants(b, &self.shop))).collect();
        if list.json {
            let rows = all.iter().map(|(badge, (grants, missing))| {
                serde_json::json!({
                    "user": badge.user,
                    "since": badge.since,
                    "reads": grants.read,
                    "writes": grants.write,
                    "missing": missing.iter().map(|m| m.device.to_string()).collect::<Vec<_>>(),
                })
            });
            let rows: Vec<_> = rows.collect();
            println!("{}", serde_json::to_string_pretty(&rows)?);
            return Ok(());
        }
        for (badge, (grants, missing)) in &all {
            println!("{}, since {}", badge.user, badge.since);
            for filter in &grants.read {
                println!("  reads   {filter}");
            }
            for filter in &grants.write {
                println!("  writes  {filter}");
            }
            for missing in missing {
                println!("  {missing}");
            }
        }
        Ok(())
    }

    /// Adds a badge, and lays its password down.
    fn give(
        &mut self,
        book: &mut Book,
        user: String,
        bearer: Bearer,
        more: &More,
    ) -> Result<PathBuf, Failure> {
        let password = Password::draw().context("the system gives no random bytes")?;
        book.add(Badge {
            user: user.clone(),
            bearer,
            reads: filters(&more.reads)?,
            writes: filters(&more.writes)?,
            password: password.hash()?,
            since: Timestamp::now().to_string(),
        })?;
        let at = self.folder.lay_down(&user, &password)?;
        self.keep(book)?;
        Ok(at)
    }

    fn keep(&self, book: &Book) -> Result<(), Failure> {
        let mut granted = Vec::new();
        for badge in book.badges() {
            let (grants, missing) = badge::grants(badge, &self.shop);
            for missing in missing {
                eprintln!("warning: {missing}");
            }
            granted.push((badge, grants));
        }
        Ok(self.folder.keep(book, &granted)?)
    }
}

/// Filters as MQTT has them. Our own topics go by what a badge is for.
fn filters(texts: &[String]) -> Result<Vec<String>, Failure> {
    let read = texts.iter().map(|text| {
        let wrong = |why: &str, remedy: &str| Failure::Usage(anyhow!("{text:?} {why}: {remedy}"));
        let pattern = Pattern::parse(text).map_err(|bad| wrong(&bad.what, &bad.remedy))?;
        if text.starts_with("aislecast/") {
            return Err(wrong(
                "is of this project",
                "name a device or --for what a system is there",
            ));
        }
        Ok(pattern.filter())
    });
    read.collect()
}

fn say_badge(user: &str, at: &Path) {
    println!(
        "{user}: its password is in {}; take the file away once the device has it.\n{RELOAD}",
        at.display()
    );
}
