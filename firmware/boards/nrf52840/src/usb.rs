//! The wire to the bridge: a serial port over USB.

use crate::Irqs;
use embassy_executor::Spawner;
use embassy_nrf::{
    Peri, peripherals,
    usb::{Driver, vbus_detect::HardwareVbusDetect},
};
use embassy_usb::{
    Builder, Config, UsbDevice,
    class::cdc_acm::{BufferedReceiver, CdcAcmClass, CdcAcmError, Sender, State},
};
use embedded_io_async::{ErrorType, Write};
use node::{Shared, line};
use protocol::settings::Settings;
use static_cell::StaticCell;

type Bus = Driver<'static, HardwareVbusDetect>;

/// Vendor and product of pid.codes for tests: whoever sells boards asks for
/// their own.
const VENDOR: u16 = 0x1209;
const PRODUCT: u16 = 0x0001;
/// A full-speed bulk packet (USB 2.0, 5.8.3).
const PACKET_BYTES: u16 = 64;

/// Starts the wire.
pub(crate) fn start(
    spawner: Spawner,
    usb: Peri<'static, peripherals::USBD>,
    settings: &'static Settings,
    shared: &'static Shared,
) {
    static CONFIGURATION: StaticCell<[u8; 128]> = StaticCell::new();
    static BOS: StaticCell<[u8; 16]> = StaticCell::new();
    static CONTROL: StaticCell<[u8; 64]> = StaticCell::new();
    static STATE: StaticCell<State<'static>> = StaticCell::new();
    static READ: StaticCell<[u8; PACKET_BYTES as usize]> = StaticCell::new();
    let driver = Driver::new(usb, Irqs, HardwareVbusDetect::new(Irqs));
    let mut config = Config::new(VENDOR, PRODUCT);
    config.manufacturer = Some("Aislecast");
    config.product = Some("Aislecast node");
    // So that a port's name under /dev/serial/by-id names the node.
    config.serial_number = Some(settings.node.as_str());
    let mut builder = Builder::new(
        driver,
        config,
        CONFIGURATION.init([0; 128]),
        BOS.init([0; 16]),
        &mut [],
        CONTROL.init([0; 64]),
    );
    let port = CdcAcmClass::new(&mut builder, STATE.init(State::new()), PACKET_BYTES);
    let (sender, receiver) = port.split();
    let receiver = receiver.into_buffered(READ.init([0; PACKET_BYTES as usize]));
    spawner.spawn(run(builder.build()).expect("started once"));
    spawner.spawn(speak(sender, receiver, settings, shared).expect("started once"));
}

#[embassy_executor::task]
async fn run(mut device: UsbDevice<'static, Bus>) -> ! {
    device.run().await
}

#[embassy_executor::task]
async fn speak(
    mut sender: Sender<'static, Bus>,
    mut receiver: BufferedReceiver<'static, Bus>,
    settings: &'static Settings,
    shared: &'static Shared,
) -> ! {
    loop {
        receiver.wait_connection().await;
        let mouth = Mouth {
            sender: &mut sender,
            is_full: false,
        };
        let Err(line::Unplugged) = line::serve(&mut receiver, mouth, settings, shared).await;
    }
}

/// Ends what it says with a short packet: a host waits for more after a full one
/// (USB 2.0, 5.8.3).
struct Mouth<'a> {
    sender: &'a mut Sender<'static, Bus>,
    is_full: bool,
}

impl ErrorType for Mouth<'_> {
    type Error = CdcAcmError;
}

impl Write for Mouth<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, CdcAcmError> {
        let written = self.sender.write(bytes).await?;
        self.is_full = written == usize::from(PACKET_BYTES);
        Ok(written)
    }

    async fn flush(&mut self) -> Result<(), CdcAcmError> {
        if core::mem::take(&mut self.is_full) {
            let sent = self.sender.write_packet(&[]).await;
            sent.map_err(|_| CdcAcmError::NotConnected)?;
        }
        Ok(())
    }
}
