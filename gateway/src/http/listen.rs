//! Takes connections, bounds them, ends them.

use super::seats::{Seat, Seats, UnderWay};
use crate::stop::Stop;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
};
use hyper::{
    Request,
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    convert::Infallible,
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

/// A connection that does not send a whole request head for so long is closed.
/// Longer than the 10 s between two reports of a screen, so that its
/// connection is used again.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest request head, bytes.
const HEAD_MAX: usize = 32 * 1024;
/// A peer that acknowledges nothing for so long is gone. The kernel's own
/// patience is a quarter of an hour, and a dead screen would hold its stream so long.
const PEER_SILENCE: Duration = Duration::from_secs(30);
/// Time for answers under way to be finished when the gateway stops.
const FAREWELL: Duration = Duration::from_secs(3);
/// Pause after the system could not hand over a connection (no descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Serves `router` until `stop`.
pub(super) async fn run(listener: TcpListener, router: Router, seats: Seats, stop: Stop) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stop.requested() => break,
            Some(_) = connections.join_next() => {}
            taken = listener.accept() => match taken {
                Ok((stream, peer)) => {
                    let Some(seat) = seats.take(peer.ip()).await else {
                        tracing::debug!("there is no seat for a connection");
                        continue;
                    };
                    let (router, stop) = (router.clone(), stop.clone());
                    let peer = Peer(peer.ip());
                    connections.spawn(async move { converse((stream, peer), &seat, router, stop).await });
                }
                Err(error) => {
                    tracing::warn!(%error, "failed to accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    let all_done = async { while connections.join_next().await.is_some() {} };
    if timeout(FAREWELL, all_done).await.is_err() {
        connections.abort_all();
    }
}

async fn converse((stream, peer): (TcpStream, Peer), seat: &Seat, router: Router, stop: Stop) {
    tune(&stream);
    let routed = TowerToHyperService::new(router);
    let standing = seat.standing();
    let service = service_fn(move |mut request: Request<Incoming>| {
        let under_way = standing.asked();
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(standing.clone());
        let answer = routed.call(request);
        async move {
            let answer = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| Answering {
                body,
                _under_way: under_way,
            }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = seat.given_away() => return tracing::debug!("a connection gave way to another"),
        () = stop.requested() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Peers vanish all the time; nobody has to act on it.
        tracing::debug!(%error, "connection ended early");
    }
}

/// The body of an answer, under way until it is told to its end.
struct Answering {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Events are small and urgent; peers that vanish must not hold a seat.
fn tune(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "could not set TCP_NODELAY");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) =
        rustix::net::sockopt::set_tcp_user_timeout(stream, PEER_SILENCE.as_millis() as u32)
    {
        tracing::debug!(%error, "could not set TCP_USER_TIMEOUT");
    }
}
