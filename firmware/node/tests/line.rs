//! A node without a network, over a wire whose other end is played, in time that
//! only passes when it is told to.

use embassy_futures::poll_once;
use embassy_time::{Duration, MockDriver};
use embedded_io_async::{ErrorType, Read, Write};
use node::{Event, LONG_WINDOW_MS, MAX_FRAMES, Node, Shared, line};
use protocol::{
    frame::{NodeFrame, Quantity},
    line::{Downward, MAX_BYTES, Reader, Upward, write},
    settings::{Allowed, Settings},
};
use std::{
    cell::RefCell,
    collections::VecDeque,
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};

/// One direction of a wire.
#[derive(Default)]
struct Way(RefCell<VecDeque<u8>>);

impl ErrorType for &Way {
    type Error = Infallible;
}

impl Read for &Way {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        // Whoever waits here is asked again by the test.
        poll_fn(|_| {
            let is_empty = self.0.borrow().is_empty();
            if is_empty {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
        let mut bytes = self.0.borrow_mut();
        let read = bytes.len().min(buffer.len());
        for place in &mut buffer[..read] {
            *place = bytes.pop_front().expect("it has just been counted");
        }
        Ok(read)
    }
}

impl Write for &Way {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// What a node said, as the bridge understands it.
#[derive(Debug, PartialEq)]
enum Said {
    Here(String),
    /// Its number, and how many readings it holds.
    Frame(u32, usize),
    Health,
    Ask,
}

fn said(way: &Way) -> Vec<Said> {
    let mut reader = Reader::new();
    let bytes = std::mem::take(&mut *way.0.borrow_mut());
    let mut all = Vec::new();
    for byte in bytes {
        match reader.take::<Upward<'_>>(byte) {
            None => {}
            Some(Ok(Upward::Here { node, .. })) => all.push(Said::Here(node.to_string())),
            Some(Ok(Upward::Frame { number, payload })) => {
                let frame = NodeFrame::decode(payload).expect("a frame");
                all.push(Said::Frame(number, frame.readings.len()));
            }
            Some(Ok(Upward::Health { .. })) => all.push(Said::Health),
            Some(Ok(Upward::Ask { .. })) => all.push(Said::Ask),
            Some(Err(bad)) => panic!("{bad}"),
        }
    }
    all
}

fn tell(way: &Way, message: &Downward<'_>) {
    let mut room = [0; MAX_BYTES];
    let packet = write(message, &mut room).expect("it fits");
    way.0.borrow_mut().extend(packet);
}

fn settings() -> Settings {
    Settings {
        store: "shop".parse().expect("a name"),
        node: "s-door".parse().expect("a name"),
        broker: [0; 4],
        port: 0,
        user: heapless::String::new(),
        password: heapless::String::new(),
        allowed: Allowed::NOTHING,
    }
}

/// Lets the node do whatever it can do now.
fn run(served: &mut Pin<&mut impl Future<Output = Result<Infallible, line::Unplugged>>>) {
    for _ in 0..MAX_FRAMES * 4 {
        assert!(poll_once(served.as_mut()).is_pending());
    }
}

fn pass(ms: u32) {
    MockDriver::get().advance(Duration::from_millis(ms.into()));
}

/// A window with one reading.
fn window(shared: &Shared) {
    let value = Quantity::QueueLength(3);
    shared.handle(Event::Read { port: 0, value });
    pass(LONG_WINDOW_MS);
    shared.handle(Event::Woke);
}

fn frames(all: &[Said]) -> Vec<u32> {
    let number = |said: &Said| match said {
        Said::Frame(number, _) => Some(*number),
        Said::Here(_) | Said::Health | Said::Ask => None,
    };
    all.iter().filter_map(number).collect()
}

/// One test, since there is one clock.
#[test]
fn a_node_repeats_what_nobody_took_and_counts_exactly_what_it_lost() {
    let (up, down) = (Way::default(), Way::default());
    let shared = Shared::new(Node::new(7, Allowed::NOTHING));
    let settings = settings();
    let mut served = pin!(line::serve(&down, &up, &settings, &shared));
    run(&mut served);
    let first = said(&up);
    assert_eq!(first[0], Said::Here("s-door".to_owned()));
    assert!(first.contains(&Said::Health), "{first:?}");
    down.0.borrow_mut().extend(b"garbage\0\0");
    tell(&down, &Downward::WhoIsThere);
    run(&mut served);
    assert!(said(&up).contains(&Said::Here("s-door".to_owned())));

    // Nobody takes anything for longer than the node can remember.
    let windows = MAX_FRAMES + 5;
    for _ in 0..windows {
        window(&shared);
        run(&mut served);
        // The oldest, again and again, once a window.
        let again = said(&up);
        assert_eq!(frames(&again), [0]);
        assert!(again.contains(&Said::Frame(0, 1)), "{again:?}");
    }
    // An answer to something else is none.
    tell(&down, &Downward::Taken { number: 5 });
    run(&mut served);
    assert_eq!(frames(&said(&up)), [0_u32; 0]);

    let mut number = 0;
    loop {
        tell(&down, &Downward::Taken { number });
        run(&mut served);
        number += 1;
        let next = said(&up);
        if next.is_empty() {
            break;
        }
        assert_eq!(next, [Said::Frame(number, 1)]);
    }
    let (arrived, lost) = (number as usize, shared.health().dropped as usize);
    assert_eq!(arrived + lost, windows, "lost {lost}");
    assert!(arrived >= MAX_FRAMES);
}
