//! The text of a shop to begin with: a box, cut into an entrance and the rest.

use crate::cli::ask::quoted;
use std::{collections::BTreeSet, fmt::Write as _, net::SocketAddr};

/// What somebody said of the shop.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    /// In the IANA time zone database.
    pub(super) time_zone: String,
    /// "08:00-20:00".
    pub(super) hours: String,
    pub(super) size: Size,
    /// As people call them.
    pub(super) zones: Vec<String>,
    pub(super) scanners: usize,
    pub(super) screens: usize,
    pub(super) listen: SocketAddr,
    /// Of ISO 639.
    pub(super) language: String,
    /// Of the ledger and the rest.
    pub(super) data: String,
}

/// Of the floor, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    /// From west to east.
    width: f64,
    /// From south to north.
    depth: f64,
}

impl Size {
    /// Reads "12x8".
    pub(super) fn read(text: &str) -> Option<Self> {
        let (width, depth) = text.split_once(['x', 'X', '×'])?;
        let metres = |text: &str| text.trim().parse().ok();
        let metres = |text| metres(text).filter(|m| (2.0..=500.0).contains(m));
        Some(Self {
            width: metres(width)?,
            depth: metres(depth)?,
        })
    }
}

/// A part of the floor, from the south-west to the north-east corner.
struct Zone {
    id: String,
    label: String,
    from: [f64; 2],
    to: [f64; 2],
}

impl Zone {
    fn middle(&self) -> [f64; 2] {
        [0, 1].map(|axis| centimetres(f64::midpoint(self.from[axis], self.to[axis])))
    }

    fn area(&self) -> String {
        let ([x, y], [u, v]) = (self.from, self.to);
        format!("[[{x}, {y}], [{u}, {y}], [{u}, {v}], [{x}, {v}]]")
    }
}

/// A whole store.toml.
pub(super) fn store_toml(wanted: &Wanted) -> String {
    let zones = zones(wanted);
    format!(
        include_str!("store.toml"),
        id = id_of(&wanted.name).as_deref().unwrap_or("shop"),
        name = quoted(&wanted.name),
        headline = quoted(&shortened(&wanted.name)),
        language = wanted.language,
        time_zone = quoted(&wanted.time_zone),
        hours = quoted(&wanted.hours),
        listen = wanted.listen,
        data = quoted(&wanted.data),
        width = wanted.size.width,
        depth = wanted.size.depth,
        devices = devices(wanted, &zones),
    )
}

fn devices(wanted: &Wanted, zones: &[Zone]) -> String {
    let mut text = String::new();
    for (i, zone) in zones.iter().enumerate() {
        let (id, label, area) = (&zone.id, quoted(&zone.label), zone.area());
        let _ = write!(
            text,
            "[[zones]]\nid = \"{id}\"\nlabel = {label}\narea = {area}\n"
        );
        text.push_str(match i {
            0 => "# The way in and out.\nentrance = true\n\n",
            1 => "# What is sold here, as offers name it.\n# department = \"fruit\"\n\n",
            _ => "\n",
        });
    }
    text.push_str(SCANNERS);
    for (i, [x, y]) in spread(wanted.scanners, wanted.size).into_iter().enumerate() {
        let n = i + 1;
        let _ = write!(
            text,
            "[[scanners]]\nid = \"s-{n}\"\nat = [{x}, {y}]\nsource = \"node\"\n\n"
        );
    }
    text.push_str(SCREENS);
    for screen in 0..wanted.screens {
        // Neighbours share a screen where there are fewer of these than zones.
        let (all, of) = (zones.len(), wanted.screens.min(zones.len()));
        let turn = screen % of;
        let (from, to) = (all * turn / of, all * (turn + 1) / of);
        let names: Vec<String> = zones[from..to].iter().map(|z| quoted(&z.id)).collect();
        let last = &zones[to - 1];
        let [x, y] = last.middle();
        let (n, label, names) = (screen + 1, quoted(&last.label), names.join(", "));
        let _ = write!(
            text,
            "[[screens]]\nid = \"screen-{n}\"\nlabel = {label}\nat = [{x}, {y}]\nseen_from = [{names}]\n\n"
        );
    }
    text
}

/// The entrance all along the south, the others side by side behind it.
fn zones(wanted: &Wanted) -> Vec<Zone> {
    let Size { width, depth } = wanted.size;
    let south = ((depth / 2.0).round() / 2.0).clamp(1.0, 3.0);
    let mut zones = vec![Zone {
        id: "entrance".to_owned(),
        label: "Entrance".to_owned(),
        from: [0.0, 0.0],
        to: [width, south],
    }];
    let mut ids = BTreeSet::from(["entrance".to_owned()]);
    let count = wanted.zones.len() as f64;
    for (i, label) in wanted.zones.iter().enumerate() {
        let id = id_of(label).filter(|id| !ids.contains(id));
        let id = id.unwrap_or_else(|| format!("zone-{}", i + 1));
        ids.insert(id.clone());
        zones.push(Zone {
            id,
            label: label.clone(),
            from: [centimetres(width * i as f64 / count), south],
            to: [centimetres(width * (i + 1) as f64 / count), depth],
        });
    }
    zones
}

/// So many places all over the floor, in rows.
fn spread(count: usize, size: Size) -> Vec<[f64; 2]> {
    let columns = (count as f64 * size.width / size.depth).sqrt().round();
    let columns = (columns as usize).clamp(1, count);
    let rows = count.div_ceil(columns);
    let mut places = Vec::with_capacity(count);
    for row in 0..rows {
        let here = count * (row + 1) / rows - count * row / rows;
        for column in 0..here {
            let share = |i: usize, n: usize| (i as f64 + 0.5) / n as f64;
            let (x, y) = (share(column, here), share(row, rows));
            places.push([x * size.width, y * size.depth].map(centimetres));
        }
    }
    places
}

/// A name for topics and addresses: nothing where letters would be lost.
fn id_of(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let id = words.join("-");
    let is_id = id.is_ascii() && id.starts_with(|c: char| c.is_ascii_lowercase()) && id.len() <= 32;
    is_id.then_some(id)
}

/// As much as a headline holds.
fn shortened(name: &str) -> String {
    name.chars().take(48).collect()
}

fn centimetres(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}

const SCANNERS: &str = r#"# Radio receivers. Where each hangs matters: half a metre is exact enough.
# How it speaks: "node" is Aislecast firmware; "theengs", "openmqttgateway" (both need
# a `base`), "espresense", "ruuvi-gateway", "ingics", "minew" and others.
"#;

const SCREENS: &str =
    "# Screens. Any browser that opens /screen of this gateway; `seen_from` are the zones
# from which one reads it.
";

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::fs;

    pub(in crate::cli::new) fn corner_shop() -> Wanted {
        Wanted {
            name: "Corner shop".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            hours: "08:00-20:00".to_owned(),
            size: Size::read("12x8").unwrap(),
            zones: vec!["Shop".to_owned()],
            scanners: 4,
            screens: 1,
            listen: ([0, 0, 0, 0], 8080).into(),
            language: "en".to_owned(),
            data: "data".to_owned(),
        }
    }

    /// What the shop's own reader makes of it.
    fn read(wanted: &Wanted) -> config::Shop {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("store.toml"), store_toml(wanted)).unwrap();
        let shop = config::load(dir.path()).unwrap_or_else(|why| panic!("{wanted:?}\n{why}"));
        assert!(shop.warnings.is_empty(), "{}", shop.warnings);
        shop
    }

    #[test]
    fn what_was_wanted_is_what_the_gateway_reads() {
        let shop = read(&corner_shop());
        assert_eq!(shop.plan.store.as_str(), "corner-shop");
        assert_eq!(shop.plan.name, "Corner shop");
        assert_eq!(shop.shell.http.listen.to_string(), "0.0.0.0:8080");
        let places = spread(4, Size::read("12x8").unwrap());
        assert_eq!(places, [[3.0, 2.0], [9.0, 2.0], [3.0, 6.0], [9.0, 6.0]]);
    }

    #[test]
    fn every_shop_passes_check() {
        let names = [
            "Shop",
            "Rau củ quả",
            "Bread & cake",
            "Shop",
            "7-Up",
            "\"quoted\" \\ {id}",
        ];
        for size in ["2x2", "3 x 40", "12x8", "33.3X7.77", "500×500"] {
            for zones in 1..=names.len() {
                for devices in [1, 2, 3, 5, 32] {
                    let wanted = Wanted {
                        name: "Siêu thị {devices}, Quận 7".to_owned(),
                        size: Size::read(size).unwrap(),
                        zones: names[..zones].iter().map(|&n| n.to_owned()).collect(),
                        scanners: devices,
                        screens: devices,
                        ..corner_shop()
                    };
                    let shop = read(&wanted);
                    assert_eq!(shop.plan.zones.len(), zones + 1);
                    assert_eq!(shop.plan.scanners.len(), devices);
                    assert_eq!(shop.plan.screens.len(), devices);
                    for zone in 0..=zones as u8 {
                        let mut screens = shop.plan.screens.iter();
                        assert!(screens.any(|s| s.seen_from.has(zone)), "{wanted:?}: {zone}");
                    }
                }
            }
        }
    }

    #[test]
    fn sizes_are_two_lengths_in_metres() {
        for (text, is_one) in [
            ("12x8", true),
            ("12.5 x 8", true),
            ("12", false),
            ("12x", false),
            ("1x8", false),
            ("12x501", false),
            ("nanx8", false),
            ("12x8x3", false),
        ] {
            assert_eq!(Size::read(text).is_some(), is_one, "{text}");
        }
    }

    #[test]
    fn ids_are_names_without_losses() {
        for (name, id) in [
            ("Corner shop", Some("corner-shop")),
            ("  Bread & cake!", Some("bread-cake")),
            ("Rau củ quả", None),
            ("7-Up", None),
            ("", None),
            ("a name that is much longer than ids may be", None),
        ] {
            assert_eq!(id_of(name).as_deref(), id, "{name}");
        }
    }
}
