//! One conversation with whatever is at the other end of the wire.

use super::{House, session::Session};
use crate::stop::Stop;
use link::Message;
use protocol::{
    id::{ScannerId, StoreId},
    line::{self, BadPacket, Downward, Reader, SILENT_MS, Upward},
    time,
};
use std::{future::pending, io, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use tracing::{info, warn};

/// How often somebody who has not said who it is, is asked.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// A wire that takes nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often nonsense is told, however much there is.
const TELL_EVERY: Duration = Duration::from_mins(1);
/// Four full packets.
const READ_BYTES: usize = 4 * line::MAX_BYTES;

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// We were asked to stop.
    Asked,
    /// The wire ended.
    Unplugged {
        /// Whether a node had spoken.
        spoke: bool,
    },
    /// Nobody said anything of use for too long.
    Silent,
}

/// Converses until the other end is gone, silent, or we are asked to stop. The
/// broker then knows that the node is not there.
pub(super) async fn talk(
    mut wire: impl AsyncRead + AsyncWrite + Unpin,
    house: &House,
    stop: &Stop,
) -> Ending {
    let mut ear = Ear::new(house);
    let ending = tokio::select! {
        () = stop.requested() => Ending::Asked,
        ending = ear.listen(&mut wire) => ending,
    };
    ear.end().await;
    ending
}

/// What is known of the other end.
struct Ear<'h> {
    house: &'h House,
    session: Option<Session>,
    /// Who it says it is, if that is nobody of the shop.
    refused: Option<(StoreId, ScannerId)>,
    spoke: bool,
    last_sense: Instant,
    nonsense: Nonsense,
}

impl<'h> Ear<'h> {
    fn new(house: &'h House) -> Self {
        Self {
            house,
            session: None,
            refused: None,
            spoke: false,
            last_sense: Instant::now(),
            nonsense: Nonsense::default(),
        }
    }

    async fn listen(&mut self, wire: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Ending {
        let mut reader = Box::new(Reader::new());
        let mut bytes = vec![0; READ_BYTES];
        let mut ask = interval(ASK_EVERY);
        ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let silent = self.last_sense + Duration::from_millis(SILENT_MS.into());
            let said = tokio::select! {
                read = wire.read(&mut bytes) => match read {
                    Ok(0) | Err(_) => break,
                    Ok(read) => self.hear(&mut reader, &bytes[..read], wire).await,
                },
                _ = ask.tick(), if self.session.is_none() => say(wire, &Downward::WhoIsThere).await,
                messages = told(&mut self.session) => tell(wire, messages).await,
                () = sleep_until(silent) => return Ending::Silent,
            };
            if said.is_err() {
                break;
            }
        }
        Ending::Unplugged { spoke: self.spoke }
    }

    async fn hear(
        &mut self,
        reader: &mut Reader,
        bytes: &[u8],
        wire: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        for byte in bytes {
            match reader.take::<Upward<'_>>(*byte) {
                None => {}
                Some(Err(bad)) => self.nonsense.note(bad),
                Some(Ok(message)) => {
                    self.spoke = true;
                    self.last_sense = Instant::now();
                    if let Some(answer) = self.answer(message).await {
                        say(wire, &answer).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn answer(&mut self, message: Upward<'_>) -> Option<Downward<'static>> {
        match (message, &self.session) {
            (Upward::Here { store, node }, _) => {
                self.meet(store, node).await;
                None
            }
            (Upward::Frame { number, payload }, Some(session)) => session
                .takes_frame(payload)
                .then_some(Downward::Taken { number }),
            (Upward::Health { payload }, Some(session)) => {
                session.tell_health(payload);
                None
            }
            (Upward::Ask { payload }, Some(session)) => {
                session.ask(payload);
                None
            }
            // It will be asked who it is.
            (Upward::Frame { .. } | Upward::Health { .. } | Upward::Ask { .. }, None) => None,
        }
    }

    /// Somebody says who it is.
    async fn meet(&mut self, store: StoreId, node: ScannerId) {
        if self.session.as_ref().is_some_and(|s| s.node == node) && store == self.house.store {
            return;
        }
        self.end().await;
        if store != self.house.store || !self.house.nodes.contains(&node) {
            if self.refused.as_ref() != Some(&(store.clone(), node.clone())) {
                warn!(
                    %store, %node,
                    "the node at this port is none of this shop: add it to store.toml as a \
                     scanner of source \"node\", or write its settings anew by `aislecast node`"
                );
            }
            self.refused = Some((store, node));
            return;
        }
        self.refused = None;
        info!(%node, "a node is there");
        match Session::begin(self.house, node) {
            Ok(session) => self.session = Some(session),
            Err(error) => tracing::error!(%error, "the node cannot be let in at the broker"),
        }
    }

    async fn end(&mut self) {
        if let Some(session) = self.session.take() {
            info!(node = %session.node, "the node is gone");
            session.end().await;
        }
        self.nonsense.tell();
    }
}

/// What the broker has for the node.
async fn told(session: &mut Option<Session>) -> Vec<Message> {
    let told = match session {
        Some(session) => session.told().await,
        None => None,
    };
    match told {
        Some(messages) => messages,
        None => pending().await,
    }
}

async fn tell(wire: &mut (impl AsyncWrite + Unpin), told: Vec<Message>) -> io::Result<()> {
    for Message { payload, .. } in told {
        // What fits no packet is no answer of ours.
        if payload.len() <= time::MAX_BYTES {
            say(wire, &Downward::Time { payload: &payload }).await?;
        }
    }
    Ok(())
}

async fn say(wire: &mut (impl AsyncWrite + Unpin), message: &Downward<'_>) -> io::Result<()> {
    let mut room = [0; line::MAX_BYTES];
    let packet = line::write(message, &mut room).map_err(io::Error::other)?;
    timeout(PATIENCE, wire.write_all(packet)).await?
}

/// What could not be read.
#[derive(Debug, Default)]
struct Nonsense {
    packets: u64,
    told: u64,
    told_at: Option<Instant>,
}

impl Nonsense {
    fn note(&mut self, bad: BadPacket) {
        self.packets += 1;
        if self.told_at.is_some_and(|at| at.elapsed() < TELL_EVERY) {
            return;
        }
        self.told = self.packets;
        self.told_at = Some(Instant::now());
        let packets = self.packets;
        if matches!(bad, BadPacket::Version(_)) {
            warn!(packets, "{bad}: update the node or the gateway");
        } else {
            warn!(packets, "bytes on the wire make no sense: {bad}");
        }
    }

    /// What has not been told yet.
    fn tell(&mut self) {
        if self.packets > self.told {
            self.told = self.packets;
            warn!(packets = self.packets, "bytes on the wire made no sense");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stop;
    use tokio::io::duplex;

    fn house() -> House {
        House {
            store: "shop".parse().unwrap(),
            nodes: vec!["s-door".parse().unwrap()],
            // Nobody listens there.
            broker: link::Settings::new("127.0.0.1", 9, "unused".to_owned()),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_of_use_for_half_a_minute_is_left() {
        let (house, (_stopper, stop)) = (house(), stop::channel());
        for said in [&b""[..], b"nonsense\0and more"] {
            let (near, mut far) = duplex(4_096);
            far.write_all(said).await.unwrap();
            let began = Instant::now();
            assert_eq!(talk(near, &house, &stop).await, Ending::Silent);
            assert_eq!(began.elapsed(), Duration::from_secs(30));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wire_that_ends_says_whether_a_node_had_spoken() {
        let (house, (stopper, stop)) = (house(), stop::channel());
        let mut room = [0; line::MAX_BYTES];
        let asks = line::write(&Upward::Ask { payload: &[] }, &mut room).unwrap();
        for (said, spoke) in [(&b""[..], false), (b"\0\0garbage\0", false), (asks, true)] {
            let (near, mut far) = duplex(4_096);
            let talking = async { talk(near, &house, &stop).await };
            let speaking = async {
                far.write_all(said).await.unwrap();
                // Once the question has come, what was said is read.
                let mut question = [0; 12];
                far.read_exact(&mut question).await.unwrap();
                tokio::task::yield_now().await;
                drop(far);
            };
            let (ending, ()) = tokio::join!(talking, speaking);
            assert_eq!(ending, Ending::Unplugged { spoke });
        }
        stopper.request();
        let (near, _far) = duplex(64);
        assert_eq!(talk(near, &house, &stop).await, Ending::Asked);
    }
}
