use std::{alloc::System, process::ExitCode};
use zeroizing_alloc::ZeroAlloc;

/// Overwrites what it takes back: a memory dump names nobody who was heard a moment
/// ago, and holds no password that was typed.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    gateway::cli::main()
}
