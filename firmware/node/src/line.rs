//! The link over a wire, for boards without a network: packets of
//! [`protocol::line`] to the bridge at its other end.
//!
//! A frame leaves the node's outbox only after the bridge took it, which it does
//! when the broker is there. Until then it is repeated: on the other side a
//! repetition is known by its sequence number.

use crate::{
    node::Event,
    shared::{HEALTH_BYTES, Shared},
};
use core::{
    convert::Infallible,
    fmt,
    future::{Future, pending},
};
use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, Timer};
use embedded_io_async::{Read, Write};
use protocol::{
    frame,
    line::{self, Downward, REPEAT_MS, Reader, Upward},
    settings::Settings,
    time::{self, TimeAnswer},
};

/// Between two words about the node's health; also proves that the node lives. The
/// time is asked for as often.
const HEALTH_EVERY: Duration = Duration::from_secs(10);
const REPEAT: Duration = Duration::from_millis(REPEAT_MS as u64);
/// Frames wait so long for the first answer, so that it stamps what they kept.
const TOLD_WITHIN: Duration = Duration::from_secs(1);
const READ_BYTES: usize = 64;

/// The wire is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unplugged;

impl fmt::Display for Unplugged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the wire is not there any more")
    }
}

impl core::error::Error for Unplugged {}

/// Serves a wire until it is not there any more.
pub async fn serve<R: Read, W: Write>(
    mut from: R,
    to: W,
    settings: &Settings,
    shared: &Shared,
) -> Result<Infallible, Unplugged> {
    let mut mouth = Mouth {
        to,
        settings,
        shared,
        number: 0,
        repeat_at: None,
        frames_from: Instant::now() + TOLD_WITHIN,
    };
    let mut reader = Reader::new();
    let mut bytes = [0; READ_BYTES];
    let mut next_health = Instant::now();
    mouth.present().await?;
    loop {
        let due = mouth.repeat_at.unwrap_or(next_health).min(next_health);
        match select3(from.read(&mut bytes), mouth.frame_waits(), Timer::at(due)).await {
            Either3::First(Ok(read @ 1..)) => {
                for byte in &bytes[..read] {
                    // Nonsense is dropped: what it was is said again.
                    if let Some(Ok(told)) = reader.take(*byte) {
                        mouth.answer(&told).await?;
                    }
                }
            }
            Either3::First(_) => return Err(Unplugged),
            Either3::Second(()) => mouth.send_frame().await?,
            Either3::Third(()) => {
                if Instant::now() >= next_health {
                    next_health = Instant::now() + HEALTH_EVERY;
                    mouth.say_health().await?;
                }
                if mouth.repeat_at.is_some_and(|at| Instant::now() >= at) {
                    mouth.send_frame().await?;
                }
            }
        }
    }
}

struct Mouth<'a, W> {
    to: W,
    settings: &'a Settings,
    shared: &'a Shared,
    /// Of the frame that is under way, or of the next.
    number: u32,
    /// When the frame that is under way is said again, if there is one.
    repeat_at: Option<Instant>,
    /// When frames are sent, whether the time is known or not.
    frames_from: Instant,
}

impl<W: Write> Mouth<'_, W> {
    /// Waits until there may be a frame to send, and none is under way.
    fn frame_waits(&self) -> impl Future<Output = ()> {
        let (shared, is_under_way) = (self.shared, self.repeat_at.is_some());
        let from = self.frames_from;
        async move {
            if is_under_way {
                pending::<()>().await;
            } else {
                Timer::at(from).await;
                shared.frame_waits().await;
            }
        }
    }

    async fn answer(&mut self, told: &Downward<'_>) -> Result<(), Unplugged> {
        match told {
            Downward::WhoIsThere => self.present().await,
            Downward::Taken { number } => {
                if self.repeat_at.is_none() || *number != self.number {
                    return Ok(());
                }
                self.shared.handle(Event::Sent);
                self.number = self.number.wrapping_add(1);
                self.send_frame().await
            }
            Downward::Time { payload } => {
                if let Ok(answer) = TimeAnswer::decode(payload) {
                    self.shared.handle(Event::Told(&answer));
                    self.frames_from = Instant::now();
                }
                Ok(())
            }
        }
    }

    async fn present(&mut self) -> Result<(), Unplugged> {
        let here = Upward::Here {
            store: self.settings.store.clone(),
            node: self.settings.node.clone(),
        };
        self.say(&here).await?;
        self.ask().await
    }

    async fn ask(&mut self) -> Result<(), Unplugged> {
        let mut room = [0; time::MAX_BYTES];
        let ask = self.shared.ask();
        let payload = ask.encode(&mut room).expect("any question fits");
        self.say(&Upward::Ask { payload }).await
    }

    async fn send_frame(&mut self) -> Result<(), Unplugged> {
        let (mut room, number) = ([0; frame::MAX_BYTES], self.number);
        self.repeat_at = None;
        if let Some(frame) = self.shared.write_next(&mut room) {
            let payload = frame.expect("any frame fits this buffer");
            self.say(&Upward::Frame { number, payload }).await?;
            self.repeat_at = Some(Instant::now() + REPEAT);
        }
        Ok(())
    }

    async fn say_health(&mut self) -> Result<(), Unplugged> {
        let mut room = [0; HEALTH_BYTES];
        let payload = self.shared.write_health(&mut room);
        self.say(&Upward::Health { payload }).await?;
        self.ask().await
    }

    async fn say(&mut self, message: &Upward<'_>) -> Result<(), Unplugged> {
        let mut room = [0; line::MAX_BYTES];
        let packet = line::write(message, &mut room).expect("any message fits this buffer");
        self.to.write_all(packet).await.map_err(|_| Unplugged)?;
        self.to.flush().await.map_err(|_| Unplugged)
    }
}
