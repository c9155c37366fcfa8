//! A node that is real firmware, on an emulated board (QEMU's mps2-an386).
//!
//! Its radio is a Bluetooth controller of ours ([`crate::hci`]), its memory
//! holds settings as `aislecast node` writes them, and its thermometer says
//! what we tell it.

mod qmp;

use protocol::settings::{MAX_BYTES, Settings};
use qmp::Qmp;
use std::{
    fs::{self, File},
    io,
    net::SocketAddr,
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The emulator.
const QEMU: &str = "qemu-system-arm";
/// Starts what it is given, and ends it when our end of its standard input is
/// closed: however we end, also by `kill -9`, no emulator is left behind.
const KEEPER: &str = r#"exec 3<&0
"$@" </dev/null & board=$!
{ read -r _ <&3; kill -9 "$board"; } & keeper=$!
wait "$board"; status=$?
kill "$keeper" 2>/dev/null
exit "$status""#;
/// The host's loopback as the emulated network sees it.
pub const HOST: [u8; 4] = [10, 0, 2, 2];
/// Bytes of the board's memory for settings, a 24C32.
const MEMORY_BYTES: usize = 4_096;
/// Where the board counts its starts (`firmware/boards/qemu-an386`).
const STARTS_AT: usize = 0xC00;
const MEMORY: &str = "memory.bin";
const CONSOLE: &str = "console.txt";
const QMP: &str = "qmp.sock";

/// What to emulate.
#[derive(Debug, Clone)]
pub struct Board<'a> {
    /// The firmware, an ELF file.
    pub firmware: &'a Path,
    /// What the node is told.
    pub settings: &'a Settings,
    /// How often it has started before.
    pub starts: u32,
    /// Where it finds its Bluetooth controller.
    pub radio: SocketAddr,
    /// Where the wire from its third serial port leads, for a node without a network:
    /// its settings then name no broker.
    pub wire: Option<SocketAddr>,
    /// Whether its thermometer is plugged in.
    pub has_thermometer: bool,
    /// Where a debugger may come in: a socket's path.
    pub debugger: Option<&'a Path>,
    /// Folder for its memory, console and sockets.
    pub folder: &'a Path,
}

/// A running board. Ends with its owner.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    qmp: Qmp,
    console: PathBuf,
}

impl Board<'_> {
    /// Writes the board's memory as it leaves the workshop.
    pub fn write_memory(&self) -> io::Result<()> {
        let mut memory = vec![0xFF; MEMORY_BYTES];
        let (head, _) = memory.split_at_mut(MAX_BYTES);
        self.settings.write(head).map_err(io::Error::other)?;
        memory[STARTS_AT..STARTS_AT + 4].copy_from_slice(&self.starts.to_le_bytes());
        memory[STARTS_AT + 4..STARTS_AT + 8].copy_from_slice(&(!self.starts).to_le_bytes());
        fs::write(self.folder.join(MEMORY), memory)
    }

    /// Switches the board on, with the memory it has.
    pub fn start(&self) -> io::Result<Emulator> {
        let socket = self.folder.join(QMP);
        // A board that is switched on again leaves its old socket behind.
        let _ = fs::remove_file(&socket);
        let listener = UnixListener::bind(&socket)?;
        let console = self.folder.join(CONSOLE);
        let said = File::options().create(true).append(true).open(&console)?;
        let mut child = self
            .command(&socket)
            .stdin(Stdio::piped())
            .stdout(said.try_clone()?)
            .stderr(said)
            .spawn()?;
        match Qmp::accept(&listener, &mut child) {
            Ok(qmp) => Ok(Emulator {
                child,
                qmp,
                console,
            }),
            Err(why) => {
                let _ = child.wait();
                let told = format!("failed to start {QEMU}: {why}; see {}", console.display());
                Err(io::Error::new(why.kind(), told))
            }
        }
    }

    fn command(&self, socket: &Path) -> Command {
        let mut qemu = Command::new("sh");
        qemu.args(["-c", KEEPER, "sh", QEMU]);
        let memory = self.folder.join(MEMORY);
        qemu.args(["-M", "mps2-an386", "-display", "none", "-monitor", "none"]);
        qemu.args(["-serial", "stdio"]);
        for (name, peer) in [("hci", Some(self.radio)), ("wire", self.wire)] {
            let Some(peer) = peer else { continue };
            let (host, port) = (peer.ip(), peer.port());
            qemu.arg("-chardev");
            qemu.arg(format!("socket,id={name},host={host},port={port}"));
            qemu.args(["-serial", &format!("chardev:{name}")]);
        }
        qemu.args(["-nic", "user,model=lan9118,mac=52:54:00:12:34:56"]);
        qemu.arg("-drive");
        qemu.arg(format!(
            "if=none,id=memory,format=raw,file={}",
            memory.display()
        ));
        qemu.args([
            "-device",
            "at24c-eeprom,address=0x50,rom-size=4096,drive=memory",
        ]);
        if self.has_thermometer {
            qemu.args(["-device", "tmp105,id=thermometer,address=0x48"]);
        }
        if let Some(path) = self.debugger {
            qemu.arg("-gdb");
            qemu.arg(format!("unix:{},server=on,wait=off", path.display()));
        }
        qemu.arg("-qmp").arg(format!("unix:{}", socket.display()));
        qemu.arg("-kernel").arg(self.firmware);
        qemu
    }
}

impl Emulator {
    /// Sets what the thermometer measures, hundredths of a degree Celsius.
    pub fn set_temperature(&mut self, centi_celsius: i16) -> io::Result<()> {
        let milli = i32::from(centi_celsius) * 10;
        self.qmp
            .set("/machine/peripheral/thermometer", "temperature", milli)
    }

    /// All that the firmware has said at its console.
    pub fn said(&self) -> String {
        let bytes = fs::read(&self.console).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Closes its standard input; it may have ended by itself.
        let _ = self.child.wait();
    }
}
