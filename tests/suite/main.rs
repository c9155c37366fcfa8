//! Promises that cross crates, kept by the real programs.

mod access;
mod bridge;
mod broker;
mod browser;
mod calibrate;
mod cli;
mod crash;
mod devices;
mod displays;
mod docs;
mod enroll;
mod erasure;
mod garbage;
mod harness;
mod licences;
mod offers;
mod privacy;
mod real_clients;
mod rehearsal;
mod tidy;
mod tills;
mod tls;
mod upgrade;
mod vouchers;
