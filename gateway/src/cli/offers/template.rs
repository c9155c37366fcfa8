//! Offers to begin with: each passes `check` in the shop it is made for.

use crate::cli::ask::quoted;
use config::Shop;
use engine::plan::{SensorKind, StorePlan};

/// The kinds there are.
pub(super) const NAMES: [&str; 5] = ["weather", "clearance", "segment", "crowd", "voucher"];

/// What a template is filled in with.
pub(super) struct Wanted<'w> {
    pub(super) template: &'w str,
    pub(super) id: &'w str,
    pub(super) title: &'w str,
    pub(super) screen: &'w str,
    pub(super) last_day: &'w str,
}

/// The text of an offer, or what the shop lacks for it.
pub(super) fn fill(shop: &Shop, wanted: &Wanted<'_>) -> Result<String, String> {
    let plan = &shop.plan;
    let screen = plan.screens.iter().find(|s| s.id.as_str() == wanted.screen);
    let screen = screen.ok_or_else(|| {
        let known: Vec<&str> = plan.screens.iter().map(|s| s.id.as_str()).collect();
        format!(
            "there is no screen {:?}; known: {}",
            wanted.screen,
            known.join(", ")
        )
    })?;
    let seen = plan.zones.iter().enumerate();
    let mut seen = seen.filter(|(at, _)| screen.seen_from.has(*at as u8));
    let (_, zone) = seen.next().ok_or("no zone is seen from this screen")?;
    let zone = zone.id.as_str();
    let own = match wanted.template {
        "weather" => weather(plan)?,
        "clearance" => clearance(plan)?,
        "segment" => segment(plan, zone)?,
        "crowd" => CROWD.to_owned(),
        "voucher" => VOUCHER.to_owned(),
        other => {
            return Err(format!(
                "no template is called {other:?}; known: {}",
                NAMES.join(", ")
            ));
        }
    };
    let (keys, rest) = own.split_once("---\n").unwrap_or(("", &own));
    let (tables, test) = rest.split_once("---\n").unwrap_or((rest, ""));
    let sensitivity = if wanted.template == "segment" {
        "segment"
    } else {
        "public"
    };
    Ok(BODY
        .replace("{keys}", keys)
        .replace("{tables}", tables)
        .replace("{test}", test)
        .replace("{sensitivity}", sensitivity)
        .replace("{id}", wanted.id)
        .replace("{title}", &quoted(wanted.title))
        .replace(
            "{headline}",
            &quoted(&wanted.title.chars().take(48).collect::<String>()),
        )
        .replace("{screen}", wanted.screen)
        .replace("{zone}", zone)
        .replace("{last_day}", wanted.last_day)
        .replace("{at}", &opening_moment(plan, wanted.last_day)))
}

/// What every offer has; the rest is the template's.
const BODY: &str = r##"#:schema ../schema/offer.schema.json
# Change what you like, then: aislecast offers check, preview, plan, apply.
id = "{id}"
title = {title}
# "public" says nothing about anybody; "segment" that somebody is in a broad group.
sensitivity = "{sensitivity}"
# Higher goes first among offers that could all be shown; 1 to 100.
priority = 50
screens = ["{screen}"]
{keys}
[schedule]
# Every offer ends.
last_day = {last_day}

# How often for one shopper.
[cap]
per_visit = 1
per_day = 2

# How often for everybody.
[budget]
showings = 5000
showings_per_day = 200
{tables}
[creative]
# Background; the text on it is white.
colour = "#0b5d4e"
[[creative.texts]]
language = "en"
headline = {headline}

# A situation and what is expected in it; `check` tries it.
[[test]]
name = "somebody is there"
at = "{at}"
screen = "{screen}"
{test}shown = true
"##;

const CROWD: &str = r#"---

# Between so many people in view of the screen, strangers counted by sensors included.
[[when.crowd]]
min = "1 person"
max = "12 people"
---
audience = [{ zone = "{zone}" }]
"#;

const VOUCHER: &str = r#"---

# A code beside the picture: a receipt with it tells which showing sold.
[code]
# Your Global Coupon Number; this one is of GS1's range for examples.
coupon = "9520123456788"
---
audience = [{ zone = "{zone}" }]
"#;

fn weather(plan: &StorePlan) -> Result<String, String> {
    let sensor = sensor(plan, SensorKind::Temperature)
        .ok_or("this shop has no thermometer: add a sensor of kind \"temperature\"")?;
    Ok(format!(
        r#"---

# Only when it is hot. A silent sensor makes it false.
[[when.sensor]]
id = "{sensor}"
min = "28 °C"
---
audience = [{{ zone = "{{zone}}" }}]
sensors = {{ {sensor} = "31 °C" }}
"#
    ))
}

fn clearance(plan: &StorePlan) -> Result<String, String> {
    let stocked = plan.sensors.iter().filter(|s| s.kind == SensorKind::Stock);
    let mut stocked = stocked.filter_map(|s| Some((s.id.as_str(), s.sku.as_deref()?)));
    let (sensor, sku) = stocked
        .next()
        .ok_or("this shop counts no stock: add a sensor of kind \"stock\"")?;
    Ok(format!(
        r#"skus = ["{sku}"]
---

# Only while there is enough on the shelf: gone within a second of being sold out.
[[when.stock]]
sku = "{sku}"
min = "3 pieces"
---
audience = [{{ zone = "{{zone}}" }}]
sensors = {{ {sensor} = "8 pieces" }}
"#
    ))
}

fn segment(plan: &StorePlan, zone: &str) -> Result<String, String> {
    let segment = plan
        .segments
        .first()
        .ok_or("no offer of this shop mentions a segment: see [segments] of store.toml")?;
    let somebody = format!(r#"{{ zone = "{zone}", segments = ["{segment}"] }}"#);
    let people = usize::from(plan.guard.people_in_view_min).max(1);
    let audience = vec![somebody; people].join(", ");
    Ok(format!(
        r#"---

# Only for these, and only where enough people qualify for it to point at nobody.
[segments]
any = ["{segment}"]
---
audience = [{audience}]
enrolled = 1000000
"#
    ))
}

fn sensor(plan: &StorePlan, kind: SensorKind) -> Option<&str> {
    let mut sensors = plan.sensors.iter();
    sensors.find(|s| s.kind == kind).map(|s| s.id.as_str())
}

/// A moment on the last day at which the shop is open.
fn opening_moment(plan: &StorePlan, last_day: &str) -> String {
    let minute = plan
        .opening
        .hours
        .first()
        .map_or(12 * 60, |h| h.from_minute);
    let day: Option<jiff::civil::Date> = last_day.parse().ok();
    let open = |day: &jiff::civil::Date| {
        let weekday = day.weekday().to_monday_zero_offset();
        plan.opening.weekdays >> weekday & 1 == 1
    };
    // At most a week back, there is a day on which it opens.
    let days = (0..7).filter_map(|back| day?.checked_sub(jiff::Span::new().days(back)).ok());
    let day = days.into_iter().find(open).or(day);
    let day = day.map_or_else(|| last_day.to_owned(), |day| day.to_string());
    format!("{day} {:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_passes_check_on_every_screen_of_the_demo() {
        let shop = config::demo();
        // Texts alone have no pictures beside them.
        let lines = config::DEFAULT_STORE_TOML.lines();
        let store: Vec<&str> = lines.filter(|l| !l.starts_with("image = ")).collect();
        let store = store.join("\n");
        for template in NAMES {
            for screen in &shop.plan.screens {
                let wanted = Wanted {
                    template,
                    id: "new-one",
                    title: "Say \"hi\"",
                    screen: screen.id.as_str(),
                    last_day: "2030-12-31",
                };
                let text = fill(&shop, &wanted).unwrap();
                let offers = [("offers/new-one.toml", text.as_str())];
                let made = config::read(&store, &offers);
                let made = made.unwrap_or_else(|wrong| panic!("{template}: {wrong}\n{text}"));
                let failing = made.rehearse();
                assert!(failing.is_empty(), "{template}: {failing}\n{text}");
            }
        }
    }

    #[test]
    fn what_a_shop_lacks_is_said() {
        let shop = config::demo();
        let wanted = |template, screen| Wanted {
            template,
            id: "new-one",
            title: "x",
            screen,
            last_day: "2030-12-31",
        };
        for (template, screen, word) in [
            ("wether", "drinks", "weather"),
            ("weather", "no-screen", "known: "),
        ] {
            let refused = fill(&shop, &wanted(template, screen)).unwrap_err();
            assert!(refused.contains(word), "{refused}");
        }
    }
}
