//! Bundles that were altered, forged, cut, swapped, signed by others, or taken once
//! already: none is taken by the real gateway, and the offers in force stay.
//!
//! `AISLECAST_MUTANTS` says how many are tried.

use crate::offers::{Shop, in_force, waits_for};
use config::{
    OfferFiles,
    bundle::{Author, Bundle, Key, Manifest, Role},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs};
use tests::{chance::Chance, gateway::Gateway, http, site::STORE};

/// Tried each time; as many as take some seconds.
const MUTANTS: usize = 2_000;
/// What the gateway may grow by meanwhile, bytes.
const GROWTH: u64 = 32 << 20;

/// Lengths that are none, or of more than there is.
const LENGTHS: [&str; 9] = [
    "0",
    "1",
    "-1",
    "+1",
    "18446744073709551615",
    "18446744073709551616",
    "1e9",
    "0x10",
    "",
];
/// Names that lie elsewhere, or nowhere.
const NAMES: [&str; 10] = [
    "../../secret",
    "offers/../../secret",
    "/etc/passwd",
    "offers//evil.toml",
    "offers/evil.toml\0",
    "offers\\evil.toml",
    "creatives/evil.html",
    "offers/EVIL.TOML",
    "state.json",
    "offers/.toml",
];
/// What a forger has: two bundles that were in force, one that was stolen on its way,
/// and a key of their own.
struct Forger {
    taken: [Vec<u8>; 2],
    stolen: Vec<u8>,
    own: Key,
    /// An author's own, to go back in time with.
    authors: Key,
    chance: Chance,
}

/// A bundle in its parts.
struct Parts {
    manifest: Vec<u8>,
    signatures: Vec<u8>,
    files: Vec<u8>,
}

fn parts(bundle: &[u8]) -> Parts {
    let end = bundle
        .iter()
        .position(|b| *b == b'\n')
        .expect("a first line");
    let head = String::from_utf8_lossy(&bundle[..end]).into_owned();
    let mut lengths = head
        .rsplit(' ')
        .map(|n| n.parse::<usize>().expect("a length"));
    let (signatures, manifest) = (lengths.next(), lengths.next());
    let (text, rest) = bundle[end + 1..].split_at(manifest.expect("two lengths"));
    let (signatures, files) = rest.split_at(signatures.expect("two lengths"));
    Parts {
        manifest: text.to_vec(),
        signatures: signatures.to_vec(),
        files: files.to_vec(),
    }
}

fn joined(parts: &Parts) -> Vec<u8> {
    headed(
        parts,
        &parts.manifest.len().to_string(),
        &parts.signatures.len().to_string(),
    )
}

fn headed(parts: &Parts, manifest: &str, signatures: &str) -> Vec<u8> {
    let head = format!("aislecast-bundle 1 {manifest} {signatures}\n").into_bytes();
    [&head[..], &parts.manifest, &parts.signatures, &parts.files].concat()
}

impl Forger {
    fn any(&mut self) -> Vec<u8> {
        match self.chance.below(3) {
            2 => self.stolen.clone(),
            n => self.taken[n].clone(),
        }
    }

    /// One more attempt: what kind it is, and its bytes.
    fn attempt(&mut self) -> (&'static str, Vec<u8>) {
        match self.chance.below(9) {
            0 => ("bits flipped", self.flipped()),
            1 => ("cut off", self.cut()),
            2 => {
                let any = self.any();
                ("spoilt", self.chance.spoiled(&any))
            }
            3 => ("members swapped", self.swapped()),
            4 => ("signed by others", self.signed_by_others()),
            5 => ("taken before", self.taken[self.chance.below(2)].clone()),
            6 => ("back in time", self.back_in_time()),
            7 => ("lengths", self.lengths()),
            _ => ("names", self.names()),
        }
    }

    fn flipped(&mut self) -> Vec<u8> {
        let mut bundle = self.any();
        for _ in 0..=self.chance.below(3) {
            let at = self.chance.below(bundle.len());
            bundle[at] ^= 1 << self.chance.below(8);
        }
        bundle
    }

    fn cut(&mut self) -> Vec<u8> {
        let mut bundle = self.any();
        if self.chance.below(4) == 0 {
            bundle.extend(self.chance.bytes(40));
            bundle.push(0);
        } else {
            bundle.truncate(self.chance.below(bundle.len()));
        }
        bundle
    }

    /// A part of one bundle in another.
    fn swapped(&mut self) -> Vec<u8> {
        let (mut one, other) = (
            parts(&self.stolen),
            parts(&self.taken[self.chance.below(2)]),
        );
        match self.chance.below(5) {
            0 => one.manifest = other.manifest,
            1 => one.signatures = other.signatures,
            2 => one.files = other.files,
            3 => (one.signatures, one.files) = (other.signatures, other.files),
            _ => one.signatures = b"[]".to_vec(),
        }
        joined(&one)
    }

    fn packed(&mut self, author: &str, number: u64, key: &Key) -> Vec<u8> {
        let mut files = OfferFiles::default();
        files
            .offers
            .insert("evil.toml".to_owned(), "id = \"evil\"\n".to_owned());
        let manifest = Manifest {
            author: author.to_owned(),
            number,
            made: "2026-11-22T04:30:00Z".to_owned(),
            note: format!("attempt {}", self.chance.number()),
            stores: Vec::new(),
            replaces: None,
            files: Vec::new(),
        };
        let mut bundle = Bundle::pack(manifest, files).expect("its shape is right");
        bundle.sign(key);
        bundle.countersign("minh", key);
        bundle.to_bytes()
    }

    fn signed_by_others(&mut self) -> Vec<u8> {
        let author = self
            .chance
            .pick(&["lan", "minh", "eve", "LAN", ""])
            .to_owned();
        let own = Key::read(&self.own.secret_text()).expect("it was drawn");
        let number = self.chance.number();
        self.packed(&author, number, &own)
    }

    /// By the right author, with a number that is not above the last.
    fn back_in_time(&mut self) -> Vec<u8> {
        let authors = Key::read(&self.authors.secret_text()).expect("it was read before");
        let number = self.chance.number() % 3;
        self.packed("lan", number, &authors)
    }

    fn lengths(&mut self) -> Vec<u8> {
        let any = self.any();
        let parts = parts(&any);
        let wrong = self.chance.pick(&LENGTHS).to_owned();
        let right = parts.manifest.len().to_string();
        match self.chance.below(3) {
            0 => headed(&parts, &wrong, &parts.signatures.len().to_string()),
            1 => headed(&parts, &right, &wrong),
            // The first line twice.
            _ => [&any[..any.len() - parts.files.len()], &any[..]].concat(),
        }
    }

    /// Files that would lie elsewhere, twice, or be without end.
    fn names(&mut self) -> Vec<u8> {
        let any = self.any();
        let mut parts = parts(&any);
        let mut manifest: Value = serde_json::from_slice(&parts.manifest).expect("it is JSON");
        let at = self
            .chance
            .below(manifest["files"].as_array().map_or(1, Vec::len));
        match self.chance.below(3) {
            0 => manifest["files"][at]["name"] = json!(self.chance.pick(&NAMES)),
            1 => manifest["files"][at]["bytes"] = json!(self.chance.number()),
            _ => {
                let twice = manifest["files"][at].clone();
                let files = manifest["files"]
                    .as_array_mut()
                    .expect("it lists its files");
                files.insert(at, twice);
            }
        }
        parts.manifest = manifest.to_string().into_bytes();
        joined(&parts)
    }

    /// Whether these bytes are the stolen bundle, with its author's own signature in
    /// other letters: that is not forged.
    fn is_stolen_one(&self, bytes: &[u8]) -> bool {
        let lan = Author {
            name: "lan".to_owned(),
            key: self.authors.public(),
            role: Role::Marketer,
        };
        let (Ok(one), Ok(stolen)) = (Bundle::read(bytes), Bundle::read(&self.stolen)) else {
            return false;
        };
        let is_signed = one.verify(STORE, &[lan], false).is_ok();
        is_signed && (one.manifest(), one.files()) == (stolen.manifest(), stolen.files())
    }
}

fn mutants() -> usize {
    let wanted = std::env::var("AISLECAST_MUTANTS").ok();
    wanted.map_or(MUTANTS, |text| {
        text.parse().expect("AISLECAST_MUTANTS is a number")
    })
}

fn rss(gateway: &Gateway) -> u64 {
    gateway.live()["health"]["rss_bytes"]
        .as_u64()
        .expect("a number")
}

#[test]
fn no_forged_or_rolled_back_bundle_is_taken() {
    let mut shop = Shop::new(false);
    let gateway = Gateway::start(&shop.site);
    let taken = ["first", "second"].map(|offer| shop.bundle(offer, "lan"));
    for bundle in &taken {
        assert_eq!(shop.apply(bundle).expect("the gateway answers").status, 200);
    }
    waits_for(&gateway, "second");
    let key = fs::read_to_string(shop.site.dir().join("lan.key")).expect("it was drawn");
    let mut forger = Forger {
        taken,
        stolen: shop.bundle("third", "lan"),
        own: Key::draw().expect("there is chance"),
        authors: Key::read(&key).expect("it was drawn"),
        chance: Chance::new(1),
    };
    let history = || gateway.get("/api/v1/offers/history").json();
    let (before, begun) = (history(), rss(&gateway));
    let (mut refused, mut all, mut same) = (BTreeMap::<_, u32>::new(), 0, 0);
    while all < mutants() {
        let (kind, bytes) = forger.attempt();
        if forger.is_stolen_one(&bytes) {
            same += 1;
            continue;
        }
        let answer = http::ask(shop.site.http_port, "POST", "/api/v1/offers/apply", &bytes);
        let status = answer.map_or(0, |answer| answer.status);
        assert!((400..500).contains(&status), "{all}, {kind}: {status}");
        *refused.entry(kind).or_default() += 1;
        all += 1;
    }
    assert_eq!(history(), before);
    assert_eq!(in_force(&gateway.live()), ["second"]);
    let grown = rss(&gateway).saturating_sub(begun);
    assert!(grown < GROWTH, "{grown} bytes");
    assert!(!gateway.said().contains("panicked"));
    eprintln!(
        "{all} forged bundles: 0 taken, the gateway grew by {} KiB; {refused:?}; {same} said the \
         same as the genuine one in other letters",
        grown >> 10
    );
    assert_eq!(
        shop.apply(&forger.stolen)
            .expect("the gateway answers")
            .status,
        200
    );
}
