use super::{
    DEADLINE,
    shop::{SECRET, TOKEN, busy_live, gate, small_plan},
};
use crate::{
    bundle,
    http::{self, Settings, seats::OF_ONE_MAX},
    pseudonym::Pseudonymiser,
    run::Files,
    shop::{self, Counter},
    stop::{self, Stopper},
};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
    time::timeout,
};

struct Served {
    address: SocketAddr,
    stopper: Stopper,
    counter: Counter,
    task: JoinHandle<Result<(), http::HttpError>>,
    _data: tempfile::TempDir,
}

async fn serve() -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (shop, counter) = shop::open(Arc::new(small_plan()));
    counter.live.send_replace(Arc::new(busy_live()));
    let (stopper, stop) = stop::channel();
    let settings = Settings {
        tills: Vec::new(),
        creatives_dir: PathBuf::from("."),
        files: Files::Shop(PathBuf::from(".")),
        demo: false,
        office: crate::privacy::Office::in_tests(),
    };
    let pseudonym = Pseudonymiser::new(SECRET);
    let data = tempfile::tempdir().unwrap();
    let gate = gate(data.path());
    let task = tokio::spawn(http::serve(
        listener,
        shop,
        bundle::open().0,
        (settings, gate),
        pseudonym,
        stop,
    ));
    Served {
        address,
        stopper,
        counter,
        task,
        _data: data,
    }
}

async fn ask(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Everything until the other side closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    timeout(DEADLINE, stream.read_to_end(&mut text))
        .await
        .expect("the connection is closed in time")
        .unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn stopping_ends_streams_and_connections_and_frees_the_port() {
    let served = serve().await;
    let head = format!("HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
    let mut stream = ask(served.address, &format!("GET /screen/dairy/events {head}")).await;
    let idle = ask(served.address, "").await;
    let mut begun = String::new();
    while !begun.contains("event: hello") {
        let mut bytes = [0; 1024];
        let n = timeout(DEADLINE, stream.read(&mut bytes))
            .await
            .unwrap()
            .unwrap();
        begun += std::str::from_utf8(&bytes[..n]).unwrap();
    }
    served.stopper.request();
    // The end of a chunked body: a page sees a stream that ended, not one that broke.
    assert!(rest(stream).await.ends_with("0\r\n\r\n"));
    rest(idle).await;
    timeout(DEADLINE, served.task)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    TcpListener::bind(served.address).await.unwrap();
    drop(served.counter);
}

#[tokio::test]
async fn whoever_opens_all_that_they_can_leaves_half_to_the_others() {
    let served = serve().await;
    let mut held = Vec::new();
    for _ in 0..2 * OF_ONE_MAX + 8 {
        let mut one = TcpStream::connect(served.address).await.unwrap();
        // Whoever has their share is hung up on.
        let _ = one.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await;
        held.push(one);
    }
    let other = TcpSocket::new_v4().unwrap();
    other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = other.connect(served.address).await.unwrap();
    let request = "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    other.write_all(request.as_bytes()).await.unwrap();
    // Half of what a slow head is waited for.
    let soon = timeout(Duration::from_secs(15), rest(other)).await;
    assert!(soon.unwrap().starts_with("HTTP/1.1 200 OK"));
    drop(held);
    served.stopper.request();
    timeout(DEADLINE, served.task)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_request_head_beyond_the_limit_is_refused() {
    let served = serve().await;
    let long = "x".repeat(100_000);
    let request = format!("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: {long}\r\n\r\n");
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    // The gateway may close before it has read everything.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = vec![0; 64];
    let n = timeout(DEADLINE, stream.read(&mut answer))
        .await
        .unwrap()
        .unwrap_or(0);
    let answer = String::from_utf8_lossy(&answer[..n]);
    assert!(n == 0 || answer.starts_with("HTTP/1.1 431"), "{answer}");
    served.stopper.request();
    timeout(DEADLINE, served.task)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn bytes_that_are_no_http_end_the_connection_and_nothing_else() {
    let served = serve().await;
    let garbage = ask(served.address, "\x16\x03\x01\x02\0\x01\0\r\n\r\n").await;
    assert!(rest(garbage).await.starts_with("HTTP/1.1 400"));
    let request = "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    let answer = rest(ask(served.address, request).await).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("alive\n"));
    served.stopper.request();
    timeout(DEADLINE, served.task)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}
