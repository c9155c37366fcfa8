//! Harness of the tests that cross crates: real brokers, the real programs, a
//! real browser. Nothing here links the gateway: it is driven as its users
//! drive it.
//!
//! | module | what it drives |
//! |---|---|
//! | [`house`] | where programs, files and logs are; which programs may be missing |
//! | [`wait`] | conditions with a deadline |
//! | [`canaries`] | what tests plant, and the search for it after the suite |
//! | [`chance`] | bytes without meaning |
//! | [`child`] | a process with its output, ended with its owner |
//! | [`displays`] | displays of other makers, played with their faults |
//! | [`disk`] | a disk whose power can be cut |
//! | [`dump`] | what lies in the memory of a process |
//! | [`machine`] | a Debian that systemd has started, to install the package on |
//! | [`members`] | a loyalty programme, and what it was told |
//! | [`desk`] | what a loyalty programme hands in |
//! | [`http`] | the gateway's HTTP side |
//! | [`postgres`] | Debian's `PostgreSQL` |
//! | [`hub`] | what gateways of many shops tell of |
//! | [`mosquitto`] | Debian's broker and its two clients |
//! | [`mqtt`] | a bare MQTT client that may say anything |
//! | [`addresses`] | phones that nobody enrolled, and the search for what is left of them |
//! | [`air`] | what the radio of an emulated node hears |
//! | [`node`] | a node of ours: the real firmware on an emulated board |
//! | [`debugger`] | what makes an emulated node hang |
//! | [`wire`] | a node without a network, played over a pseudo-terminal |
//! | [`proxy`] | what stands between a node and its broker |
//! | [`wan`] | a line to a hub that can be cut and slowed down |
//! | [`radio`] | what scanners of three makes publish |
//! | [`screen`] | a screen that obeys at once |
//! | [`site`] | a shop's folder |
//! | [`page`] | what documents tell to type |
//! | [`gateway`] | `aislecast run` on a site |
//! | [`wall_clock`] | the date as the gateway sees it |
//! | [`chrome`] | headless Chromium |

#![expect(
    clippy::print_stderr,
    reason = "a failing test shows what its programs said"
)]

pub mod addresses;
pub mod air;
pub mod cable;
pub mod caller;
pub mod canaries;
pub mod chance;
pub mod child;
pub mod chrome;
pub mod debugger;
pub mod desk;
pub mod disk;
pub mod displays;
pub mod dump;
pub mod gateway;
pub mod house;
pub mod http;
pub mod hub;
pub mod machine;
pub mod members;
pub mod mosquitto;
pub mod mqtt;
pub mod node;
pub mod page;
pub mod postgres;
pub mod proxy;
pub mod radio;
pub mod screen;
pub mod site;
pub mod wait;
pub mod wall_clock;
pub mod wan;
pub mod wire;
