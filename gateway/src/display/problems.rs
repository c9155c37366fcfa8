//! What is wrong with displays, in words for whoever keeps the shop.

use crate::{
    problems::{Problem, Severity},
    shop::Live,
};
use engine::plan::StorePlan;

/// One for each display that is known to be dark or in trouble.
pub(crate) fn find(live: &Live, plan: &StorePlan) -> Vec<Problem> {
    let displays = live.displays.iter();
    displays
        .filter_map(|display| {
            let why = display.dark.or(display.trouble)?;
            let screen = plan.screens.iter().find(|s| s.id == display.screen)?;
            Some(Problem::new(
                Severity::Warn,
                format!("display:{}", display.screen),
                format!("Screen \u{201c}{}\u{201d}: {why}.", screen.label),
                remedy(display.display),
            ))
        })
        .collect()
}

fn remedy(display: &str) -> &'static str {
    match display {
        "touchkio" => {
            "Switch its display on and look whether TouchKio runs and reaches the broker. \
             Nothing is counted as seen there meanwhile."
        }
        "anthias" => {
            "Check the player's power, network and password. Nothing is counted as seen there \
             meanwhile."
        }
        _ => {
            "Check the access point, and the tag's battery. The label keeps what it shows; \
             nothing new is counted as seen."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::shop::{busy_live, small_plan};

    #[test]
    fn a_dark_display_is_named_with_what_to_do() {
        let mut live = busy_live();
        assert!(find(&live, &small_plan()).is_empty());
        live.displays[0].display = "touchkio";
        live.displays[0].trouble = Some("the kiosk is silent");
        live.displays[0].dark = Some("the display is switched off");
        let found = find(&live, &small_plan());
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("switched off"), "{}", found[0].what);
        assert!(found[0].remedy.contains("TouchKio"));
    }
}
