//! A debugger at an emulated node, by the protocol of GDB ("Remote Serial
//! Protocol"): enough to make it hang.

use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

/// `b .`: a branch to itself (Armv7-M, A7.7.12, encoding T2), as bytes in memory.
const FOR_EVER: &str = "fee7";
/// Where the program counter stands among the registers, in digits.
const PC_AT: usize = 15 * 8;

/// Stops the processor, and lets it go on where it goes nowhere.
pub fn hang(socket: &Path) -> io::Result<()> {
    // To come in stops it.
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let registers = ask(&mut stream, "g")?;
    let digits = registers.get(PC_AT..PC_AT + 8);
    let pc = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let pc = pc
        .ok_or_else(|| io::Error::other(registers.clone()))?
        .swap_bytes();
    let done = ask(&mut stream, &format!("M{pc:x},2:{FOR_EVER}"))?;
    if done != "OK" {
        return Err(io::Error::other(done));
    }
    // To go lets it run on.
    ask(&mut stream, "D").map(drop)
}

fn ask(stream: &mut UnixStream, command: &str) -> io::Result<String> {
    let sum = command.bytes().fold(0_u8, u8::wrapping_add);
    write!(stream, "${command}#{sum:02x}")?;
    loop {
        let answer = packet(stream)?;
        // That it has stopped is said unasked.
        if !answer.starts_with('T') {
            return Ok(answer);
        }
    }
}

fn packet(stream: &mut UnixStream) -> io::Result<String> {
    let mut answer = Vec::new();
    let mut byte = [0];
    while byte != [b'$'] {
        stream.read_exact(&mut byte)?;
    }
    while byte != [b'#'] {
        answer.push(byte[0]);
        stream.read_exact(&mut byte)?;
    }
    stream.read_exact(&mut [0; 2])?;
    stream.write_all(b"+")?;
    Ok(String::from_utf8_lossy(&answer[1..]).into_owned())
}
