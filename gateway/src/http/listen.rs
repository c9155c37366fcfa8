//! Takes connections, bounds them, ends them.

use super::seats::Seats;
use crate::stop::Stop;
use axum::Router;
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, net::IpAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::OwnedSemaphorePermit,
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
pub(super) async fn run(listener: TcpListener, router: Router, stop: Stop) {
    let seats = Seats::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stop.requested() => break,
            Some(_) = connections.join_next() => {}
            taken = take(&listener, &seats) => match taken {
                Ok((stream, peer, one)) => {
                    let Some(seat) = seats.give(one, peer.0) else {
                        tracing::debug!("one address holds as many connections as it may");
                        continue;
                    };
                    let (router, stop) = (router.clone(), stop.clone());
                    connections.spawn(async move {
                        converse((stream, peer), router, stop).await;
                        drop(seat);
                    });
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

async fn take(
    listener: &TcpListener,
    seats: &Seats,
) -> io::Result<(TcpStream, Peer, OwnedSemaphorePermit)> {
    let one = seats.one().await;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, Peer(peer.ip()), one))
}

async fn converse((stream, peer): (TcpStream, Peer), router: Router, stop: Stop) {
    tune(&stream);
    let routed = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        routed.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
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
