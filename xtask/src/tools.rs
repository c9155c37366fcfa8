//! Programs that the tests need beside Rust.

use crate::run::{exists, finish};
use std::{
    env, fs,
    process::{Command, Stdio},
};

/// A program the tests drive, the Debian packages that bring it, and what is
/// left out without it.
struct Tool {
    program: &'static str,
    packages: &'static [&'static str],
    without: &'static str,
}

const TOOLS: [Tool; 12] = [
    Tool {
        program: "mosquitto",
        packages: &["mosquitto"],
        without: "tests against a broker that is not our own",
    },
    Tool {
        program: "mosquitto_pub",
        packages: &["mosquitto-clients"],
        without: "tests with foreign MQTT clients",
    },
    Tool {
        program: "chromium",
        // The pages carry Vietnamese text and the dong sign.
        packages: &["chromium", "fonts-noto-core"],
        without: "the console and the player in a real browser",
    },
    Tool {
        program: "psql",
        packages: &["postgresql"],
        without: "a hub that gateways tell of their day",
    },
    Tool {
        program: "openssl",
        packages: &["openssl"],
        without: "tests of TLS to the broker",
    },
    Tool {
        program: "mkfs.btrfs",
        packages: &["btrfs-progs"],
        without: "power cuts and full disks",
    },
    Tool {
        program: "gcore",
        packages: &["gdb"],
        without: "a core dump of the gateway that strangers passed",
    },
    Tool {
        program: "faketime",
        packages: &["faketime"],
        without: "clocks that leap",
    },
    Tool {
        program: "systemd-nspawn",
        packages: &["systemd-container"],
        without: "the package on a machine of its own",
    },
    Tool {
        program: "mmdebstrap",
        packages: &["mmdebstrap"],
        without: "the package on a machine of its own",
    },
    Tool {
        // A library has no program either.
        program: "/usr/lib/python3/dist-packages/paho/mqtt/client.py",
        packages: &["python3-paho-mqtt"],
        without: "messages of a Python client",
    },
    Tool {
        // A font is a file, not a program; its whole path finds it anywhere.
        program: "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
        packages: &["fonts-dejavu-core"],
        without: "labels of e-paper tags",
    },
];

/// Runs as root. Debian's packages start what they install; a policy that says
/// no stands while they are set up.
const INSTALL: &str = r#"
set -e
if [ ! -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# Errors are said elsewhere.
apt-get install -qq -y --no-install-recommends "$@" > /dev/null
"#;

/// Installs what is missing if that is possible. Returns the programs that
/// stay missing; on a CI machine that is an error.
pub(crate) fn ensure() -> Result<Vec<&'static str>, String> {
    let missing = absent();
    if !missing.is_empty() {
        let packages: Vec<_> = missing
            .iter()
            .flat_map(|tool| tool.packages)
            .copied()
            .collect();
        install(&packages)?;
    }
    let missing = absent();
    for tool in &missing {
        println!(
            "  !! {} is missing: skipped is {}",
            tool.program, tool.without
        );
        println!(
            "     to run it: apt-get install {}",
            tool.packages.join(" ")
        );
    }
    if missing.is_empty() || env::var_os("CI").is_none() {
        Ok(missing.iter().map(|tool| tool.program).collect())
    } else {
        Err("on a CI machine nothing may be skipped".to_owned())
    }
}

fn absent() -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| !exists(tool.program)).collect()
}

/// Installs Debian packages, if we may.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    let Some(mut command) = as_root() else {
        println!("  !! not root and no sudo without a password: nothing is installed");
        return Ok(());
    };
    if !exists("apt-get") {
        println!("  !! no apt-get here: nothing is installed");
        return Ok(());
    }
    println!("  installing {packages:?}, starting no service");
    command
        .args(["sh", "-c", INSTALL, "install"])
        .args(packages);
    finish(command).map_err(|why| format!("failed to install: {why}"))
}

/// A command that runs its arguments as root, if we may.
fn as_root() -> Option<Command> {
    if is_root() {
        return Some(Command::new("env"));
    }
    let sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    sudo.is_ok_and(|status| status.success()).then(|| {
        let mut command = Command::new("sudo");
        command.arg("-n");
        command
    })
}

pub(crate) fn is_root() -> bool {
    // "Uid: real effective saved filesystem" in proc(5).
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status
            .lines()
            .filter_map(|line| line.strip_prefix("Uid:"))
            .filter_map(|ids| ids.split_whitespace().nth(1))
            .any(|effective| effective == "0")
    })
}
