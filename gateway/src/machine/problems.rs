//! What is wrong with the machine, in words.

use super::MachineHealth;
use crate::problems::{Problem, Severity, in_words};

/// From here on a Raspberry Pi slows itself down, °C ("Frequency management and thermal
/// control" in its documentation).
const HOT: i32 = 80;
/// From so much of its rated life on a flash memory is worn, percent.
const WORN: u8 = 90;
/// Less than this share of a disk is little, parts of it ...
const LITTLE_SHARE: u64 = 20;
/// ... unless it is so much, bytes.
const PLENTY: u64 = 500_000_000;

pub(crate) fn find(machine: &MachineHealth) -> Vec<Problem> {
    let power = machine.weak_power_ms.map(|since_ms| {
        Problem::new(
            Severity::Warn,
            "power",
            format!(
                "This machine's power supply is too weak: {} ago its voltage was too low. It is \
                 slowed down then, may restart, and its memory card may be damaged.",
                in_words(since_ms)
            ),
            "Use the power supply that is made for it, with a short cable, and plug other \
             devices into a hub that has a supply of its own.",
        )
    });
    let heat = machine
        .celsius
        .filter(|celsius| *celsius >= HOT)
        .map(|celsius| {
            Problem::new(
                Severity::Warn,
                "heat",
                format!("This machine is {celsius} °C hot and slows itself down."),
                "Give it air, or a case that cools it; move it away from what warms it.",
            )
        });
    [power, heat, of_flash(machine), of_disk(machine)]
        .into_iter()
        .flatten()
        .collect()
}

fn of_flash(machine: &MachineHealth) -> Option<Problem> {
    let is_worn = machine.worn_percent.is_some_and(|worn| worn >= WORN);
    (is_worn || machine.spares_run_out == Some(true)).then(|| {
        Problem::new(
            Severity::Warn,
            "flash",
            "This machine's built-in flash memory is nearly worn out, by its own word.",
            "Take a backup (`aislecast store backup`), and replace the machine soon.",
        )
    })
}

fn of_disk(machine: &MachineHealth) -> Option<Problem> {
    let (free, all) = (machine.disk_free_bytes?, machine.disk_bytes?);
    (free < PLENTY.min(all / LITTLE_SHARE)).then(|| {
        Problem::new(
            Severity::Warn,
            "disk-low",
            format!(
                "Only {} MB of the disk are left, of {} MB.",
                free / 1_000_000,
                all / 1_000_000
            ),
            "Free some space before it is full: then screens show the house loop, and nobody \
             can be enrolled.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wears_a_machine_down_is_named() {
        let fine = MachineHealth {
            weak_power_ms: None,
            celsius: Some(79),
            worn_percent: Some(80),
            spares_run_out: Some(false),
            disk_free_bytes: Some(500_000_000),
            disk_bytes: Some(32_000_000_000),
        };
        let check = |spoil: &dyn Fn(&mut MachineHealth), expected: &[&str]| {
            let mut machine = fine.clone();
            spoil(&mut machine);
            let keys: Vec<String> = find(&machine).into_iter().map(|p| p.key).collect();
            assert_eq!(keys, expected);
        };
        check(&|_| {}, &[]);
        check(&|m| *m = MachineHealth::default(), &[]);
        check(&|m| m.weak_power_ms = Some(0), &["power"]);
        check(&|m| m.celsius = Some(80), &["heat"]);
        check(&|m| m.worn_percent = Some(90), &["flash"]);
        check(&|m| m.spares_run_out = Some(true), &["flash"]);
        check(&|m| m.disk_free_bytes = Some(499_999_999), &["disk-low"]);
        // A small disk that is a twentieth free.
        let small = |free| {
            move |m: &mut MachineHealth| {
                (m.disk_bytes, m.disk_free_bytes) = (Some(1_000_000_000), Some(free));
            }
        };
        check(&small(50_000_000), &[]);
        check(&small(49_999_999), &["disk-low"]);
    }
}
