//! A TCP proxy that cuts.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Passes bytes on and breaks each of the first connections after so many of
/// them, in the middle of whatever they are.
pub(crate) struct Cutter {
    pub(crate) address: SocketAddr,
    pub(crate) cuts: Arc<AtomicU32>,
}

impl Cutter {
    pub(crate) async fn start(broker: u16, cuts_max: u32, bytes_each: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cuts = Arc::new(AtomicU32::new(0));
        let done = cuts.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(("127.0.0.1", broker)).await.unwrap();
                let limit = if done.load(Ordering::Relaxed) < cuts_max {
                    bytes_each
                } else {
                    usize::MAX
                };
                if pass(near, far, limit).await {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { address, cuts }
    }
}

/// Whether it was cut. Both sockets close without a farewell.
async fn pass(near: TcpStream, far: TcpStream, limit: usize) -> bool {
    let (mut near_read, mut near_write) = near.into_split();
    let (mut far_read, mut far_write) = far.into_split();
    let upward = async {
        let mut left = limit;
        let mut buffer = [0; 512];
        while let Ok(n @ 1..) = near_read.read(&mut buffer).await {
            let part = n.min(left);
            if far_write.write_all(&buffer[..part]).await.is_err() {
                return false;
            }
            left -= part;
            if left == 0 {
                return true;
            }
        }
        false
    };
    let downward = tokio::io::copy(&mut far_read, &mut near_write);
    tokio::select! {
        cut = upward => cut,
        _ = downward => false,
    }
}
