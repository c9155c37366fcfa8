//! How the machine is doing that the gateway runs on: power, heat, flash memory, disk.
//!
//! What small boards fail of, as far as the kernel says it under `/sys`. What it does not
//! say is not known, and then nothing is claimed.

pub(crate) mod problems;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task,
    time::{self, MissedTickBehavior},
};

/// How often it is looked at. The kernel's word on a Raspberry Pi's supply is of the last
/// two seconds (`drivers/hwmon/raspberrypi-hwmon.c`).
const EVERY: Duration = Duration::from_secs(1);
/// So long a supply that was too weak is remembered.
const REMEMBERED: Duration = Duration::from_hours(24);

/// How the machine is doing. `null` where it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineHealth {
    /// Since the supply's voltage was last too low, ms; `null` if not within a day.
    pub weak_power_ms: Option<u64>,
    /// How hot the processor is, °C.
    pub celsius: Option<i32>,
    /// How much of its rated life the built-in flash memory has behind it, at most, percent;
    /// 110 for more than all.
    pub worn_percent: Option<u8>,
    /// Whether the flash memory's spare blocks run out, by its own word.
    pub spares_run_out: Option<bool>,
    /// What is free for the gateway on the disk of its data folder, bytes.
    pub disk_free_bytes: Option<u64>,
    /// How large that disk is, bytes.
    pub disk_bytes: Option<u64>,
}

/// Looks at one machine.
#[derive(Debug)]
pub struct Machine {
    sys: PathBuf,
    data: PathBuf,
    weak_at: Option<Instant>,
}

impl Machine {
    /// The one that this runs on, with its data folder.
    pub fn this(data: &Path) -> Self {
        Self::under(Path::new("/sys"), data)
    }

    fn under(sys: &Path, data: &Path) -> Self {
        Self {
            sys: sys.to_owned(),
            data: data.to_owned(),
            weak_at: None,
        }
    }

    /// How it is doing now.
    pub fn look(&mut self, now: Instant) -> MachineHealth {
        if self.is_power_weak() {
            self.weak_at = Some(now);
        }
        let since = |then| now.saturating_duration_since(then);
        let weak = self.weak_at.map(since).filter(|since| *since < REMEMBERED);
        let (disk_free_bytes, disk_bytes) = self.disk().unzip();
        MachineHealth {
            weak_power_ms: weak.map(|since| since.as_millis() as u64),
            celsius: self.celsius(),
            worn_percent: self.flash("life_time").map(|tenth| 10 * tenth.min(11)),
            spares_run_out: self.flash("pre_eol_info").map(|level| level > 1),
            disk_free_bytes,
            disk_bytes,
        }
    }

    /// By the Raspberry Pi's own voltmeter.
    fn is_power_weak(&self) -> bool {
        folders(&self.sys.join("class/hwmon"))
            .filter(|meter| word(&meter.join("name")).is_some_and(|name| name == "rpi_volt"))
            .any(|meter| word(&meter.join("in0_lcrit_alarm")).is_some_and(|alarm| alarm == "1"))
    }

    fn celsius(&self) -> Option<i32> {
        let zones = folders(&self.sys.join("class/thermal"));
        let of_the_processor = |zone: &PathBuf| {
            let kind = word(&zone.join("type")).unwrap_or_default();
            ["cpu", "soc", "x86_pkg"]
                .iter()
                .any(|part| kind.starts_with(part))
        };
        let thousandths = |zone: PathBuf| word(&zone.join("temp"))?.parse::<i32>().ok();
        let hottest = zones.filter(of_the_processor).filter_map(thousandths).max();
        hottest.map(|thousandths| thousandths / 1_000)
    }

    /// The worst of what eMMC memories say of themselves; 0 says that they do not.
    /// JEDEC's JESD84-B51 numbers tenths of a life from 1 and has 11 for more than all; of
    /// the spare blocks 1 is normal, 2 four fifths used, 3 urgent. SD cards say nothing.
    fn flash(&self, of: &str) -> Option<u8> {
        let disks = folders(&self.sys.join("block"));
        let said = disks.filter_map(|disk| word(&disk.join("device").join(of)));
        let numbers = said.flat_map(|text| text.split_whitespace().map(hex).collect::<Vec<_>>());
        numbers.flatten().filter(|number| *number > 0).max()
    }

    /// What is free to this user, and all there is. Some file systems do not say.
    fn disk(&self) -> Option<(u64, u64)> {
        let disk = rustix::fs::statvfs(&self.data).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        (disk.f_blocks > 0).then(|| (bytes(disk.f_bavail), bytes(disk.f_blocks)))
    }
}

/// Looks at a machine as long as somebody wants to know.
pub fn watch(machine: Machine) -> watch::Receiver<MachineHealth> {
    let (sender, receiver) = watch::channel(MachineHealth::default());
    tokio::spawn(async move {
        let mut tick = time::interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut machine = machine;
        loop {
            tokio::select! {
                () = sender.closed() => return,
                _ = tick.tick() => {}
            }
            // A disk that hangs lets this wait, and nobody else.
            let looked = task::spawn_blocking(move || {
                let health = machine.look(Instant::now());
                (machine, health)
            });
            let Ok((again, health)) = looked.await else {
                return;
            };
            machine = again;
            sender.send_replace(health);
        }
    });
    receiver
}

fn folders(of: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(of).into_iter().flatten();
    entries.flatten().map(|entry| entry.path())
}

/// What a file of one line says.
fn word(file: &Path) -> Option<String> {
    Some(fs::read_to_string(file).ok()?.trim().to_owned())
}

fn hex(text: &str) -> Option<u8> {
    u8::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine of files.
    fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Machine) {
        let dir = tempfile::tempdir().unwrap();
        let machine = Machine::under(&dir.path().join("sys"), dir.path());
        write(&machine, files);
        (dir, machine)
    }

    fn write(machine: &Machine, files: &[(&str, &str)]) {
        for (file, text) in files {
            let file = machine.sys.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, format!("{text}\n")).unwrap();
        }
    }

    #[test]
    fn a_machine_that_says_nothing_is_known_by_its_disk_alone() {
        let (_dir, mut machine) = machine(&[]);
        let health = machine.look(Instant::now());
        assert!(health.disk_free_bytes.unwrap() <= health.disk_bytes.unwrap());
        let nothing = MachineHealth {
            disk_free_bytes: health.disk_free_bytes,
            disk_bytes: health.disk_bytes,
            ..MachineHealth::default()
        };
        assert_eq!(health, nothing);
    }

    #[test]
    fn a_raspberry_pi_is_understood() {
        let (_dir, mut machine) = machine(&[
            ("class/hwmon/hwmon0/name", "cpu_thermal"),
            ("class/hwmon/hwmon0/in0_lcrit_alarm", "1"),
            ("class/hwmon/hwmon1/name", "rpi_volt"),
            ("class/hwmon/hwmon1/in0_lcrit_alarm", "0"),
            ("class/thermal/thermal_zone0/type", "cpu-thermal"),
            ("class/thermal/thermal_zone0/temp", "61342"),
            ("class/thermal/thermal_zone1/type", "iwlwifi_1"),
            ("class/thermal/thermal_zone1/temp", "90000"),
            ("block/mmcblk0/device/life_time", "0x02 0x05"),
            ("block/mmcblk0/device/pre_eol_info", "0x01"),
        ]);
        let begin = Instant::now();
        let health = machine.look(begin);
        assert_eq!(health.weak_power_ms, None);
        assert_eq!(health.celsius, Some(61));
        assert_eq!(health.worn_percent, Some(50));
        assert_eq!(health.spares_run_out, Some(false));

        let at = |hours| begin + Duration::from_hours(hours);
        write(&machine, &[("class/hwmon/hwmon1/in0_lcrit_alarm", "1")]);
        assert_eq!(machine.look(at(1)).weak_power_ms, Some(0));
        write(&machine, &[("class/hwmon/hwmon1/in0_lcrit_alarm", "0")]);
        assert_eq!(machine.look(at(3)).weak_power_ms, Some(7_200_000));
        assert_eq!(machine.look(at(25)).weak_power_ms, None);
    }

    #[test]
    fn a_flash_memory_that_does_not_say_is_not_worn() {
        for (said, worn) in [
            ("0x00 0x00", None),
            ("0x01 0x00", Some(10)),
            ("0x0b 0x01", Some(110)),
            ("0xff 0x01", Some(110)),
            ("", None),
            ("nonsense", None),
        ] {
            let (_dir, mut machine) = machine(&[("block/mmcblk0/device/life_time", said)]);
            assert_eq!(machine.look(Instant::now()).worn_percent, worn, "{said}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_watches_is_told_and_nobody_is_watched_in_vain() {
        let (_dir, machine) = machine(&[("class/thermal/thermal_zone0/type", "cpu-thermal")]);
        write(&machine, &[("class/thermal/thermal_zone0/temp", "40000")]);
        let mut told = watch(machine);
        told.changed().await.unwrap();
        assert_eq!(told.borrow().celsius, Some(40));
    }
}
