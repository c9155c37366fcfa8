use std::{alloc::System, process::ExitCode};
use zeroizing_alloc::ZeroAlloc;

/// Overwrites what it takes back: in a memory dump, what was given back names nobody
/// who passed, and holds no password that was typed.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    gateway::cli::main()
}
