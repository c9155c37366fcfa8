//! One mind, several tasks: radio, sensors and link each hold the node for a
//! moment.

use crate::{
    node::{Event, Node, WINDOW_MS},
    uptime::Uptime,
};
use core::cell::RefCell;
use embassy_sync::{
    blocking_mutex::{Mutex, raw::CriticalSectionRawMutex},
    signal::Signal,
};
use embassy_time::{Duration, Instant, Ticker};
use protocol::{
    frame::{BadFrame, MAX_BYTES},
    health::NodeHealth,
    time::TimeAsk,
};

/// Room for a node's health.
pub(crate) const HEALTH_BYTES: usize = 512;

/// A node that tasks share.
pub struct Shared {
    node: Mutex<CriticalSectionRawMutex, RefCell<Node>>,
    waiting: Signal<CriticalSectionRawMutex, ()>,
}

impl core::fmt::Debug for Shared {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Shared")
    }
}

impl Shared {
    /// Shares a node.
    pub const fn new(node: Node) -> Self {
        Self {
            node: Mutex::new(RefCell::new(node)),
            waiting: Signal::new(),
        }
    }

    /// Hands an event to the node, now.
    pub fn handle(&self, event: Event<'_>) {
        let has_frame = self.node.lock(|node| {
            let mut node = node.borrow_mut();
            node.handle(uptime(), event);
            node.has_outgoing()
        });
        if has_frame {
            self.waiting.signal(());
        }
    }

    /// Wakes the node once a window, for as long as it runs; `feed` is for its
    /// watchdog.
    pub async fn keep_awake(&self, mut feed: impl FnMut()) -> ! {
        let mut window = Ticker::every(Duration::from_millis(WINDOW_MS.into()));
        loop {
            window.next().await;
            self.handle(Event::Woke);
            feed();
        }
    }

    /// How the node is doing now.
    pub fn health(&self) -> NodeHealth {
        self.node.lock(|node| node.borrow().health(uptime()))
    }

    /// Writes down how the node is doing now, as JSON.
    pub(crate) fn write_health<'b>(&self, buffer: &'b mut [u8; HEALTH_BYTES]) -> &'b [u8] {
        let used = serde_json_core::to_slice(&self.health(), buffer)
            .expect("ten numbers of ten digits, three words and their names fit");
        &buffer[..used]
    }

    /// The question what time it is, to be sent at once.
    pub(crate) fn ask(&self) -> TimeAsk {
        self.node.lock(|node| node.borrow_mut().ask(uptime()))
    }

    /// Writes the next frame out, if one waits. It stays until [`Event::Sent`].
    pub(crate) fn write_next<'b>(
        &self,
        buffer: &'b mut [u8; MAX_BYTES],
    ) -> Option<Result<&'b [u8], BadFrame>> {
        self.node.lock(|node| {
            let mut node = node.borrow_mut();
            node.outgoing().map(|frame| frame.encode(buffer))
        })
    }

    /// Waits until a frame may be there.
    pub(crate) async fn frame_waits(&self) {
        self.waiting.wait().await;
    }
}

/// Now, on the node's own clock.
pub fn uptime() -> Uptime {
    Uptime(Instant::now().as_millis() as u32)
}
