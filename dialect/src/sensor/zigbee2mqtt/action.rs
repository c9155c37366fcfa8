//! Actions of `Zigbee2MQTT`'s buttons and knobs: one word of which each device
//! has its own, such as `single`, `1_double`, `button_2_hold`, `single_left`,
//! `rotate_right`, `brightness_step_up`.

use crate::fact::Says;

/// An action; an empty one only says that the last is over.
pub(super) fn read(action: &str, amount: Option<f64>) -> Option<Says<'_>> {
    let (action, nth) = numbered(action)
        .or_else(|| sided(action))
        .unwrap_or((action, 0));
    let sound = !action.is_empty() && action != "unknown";
    sound.then_some(Says::Happened {
        what: "button",
        nth,
        action,
        amount,
    })
}

/// `1_single`, `button_1_single`: counted from 1 by the device.
fn numbered(action: &str) -> Option<(&str, u8)> {
    let rest = action.strip_prefix("button_").unwrap_or(action);
    let (number, action) = rest.split_once('_')?;
    let number: u8 = number.parse().ok()?;
    Some((action, number.saturating_sub(1)))
}

/// `single_left`, `left_single`.
fn sided(action: &str) -> Option<(&str, u8)> {
    const SIDES: [&str; 4] = ["left", "right", "center", "both"];
    const PRESSES: [&str; 7] = [
        "single", "double", "triple", "hold", "long", "release", "click",
    ];
    let (head, tail) = action.split_once('_')?;
    let side = |word| SIDES.iter().position(|side| *side == word);
    let (press, side) = match (side(head), side(tail)) {
        (Some(side), None) => (tail, side),
        (None, Some(side)) => (head, side),
        _ => return None,
    };
    PRESSES.contains(&press).then_some((press, side as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_name_their_button() {
        for (written, expected) in [
            ("single", Some((0, "single"))),
            ("1_single", Some((0, "single"))),
            ("2_double", Some((1, "double"))),
            ("button_3_hold", Some((2, "hold"))),
            ("single_right", Some((1, "single"))),
            ("left_double", Some((0, "double"))),
            ("rotate_left", Some((0, "rotate_left"))),
            ("brightness_step_up", Some((0, "brightness_step_up"))),
            ("", None),
        ] {
            let read = read(written, None).map(|says| match says {
                Says::Happened { nth, action, .. } => (nth, action),
                other => panic!("{other:?}"),
            });
            assert_eq!(read, expected, "{written}");
        }
    }
}
