//! libclang, by which header files of the nRF52840's controller are read.

use crate::run::exists;
use std::{env, path::Path, process::Command};

/// Where Debian 12 has it and what it reads, and the packages that bring them.
const FILES: [(&str, &str); 3] = [
    ("/usr/lib/llvm-14/lib/libclang.so.1", "libclang1-14"),
    ("/usr/lib/llvm-14/lib/clang", "libclang-common-14-dev"),
    ("/usr/include/newlib/stdint.h", "libnewlib-arm-none-eabi"),
];
const FOLDER: &str = "/usr/lib/llvm-14/lib";
const NAMED: &str = "LIBCLANG_PATH";

/// Debian's packages that are not there. None are missed where somebody has said
/// where libclang is, or has all of clang.
pub(crate) fn absent() -> Vec<&'static str> {
    if env::var_os(NAMED).is_some() || exists("clang") {
        return Vec::new();
    }
    let missing = FILES.iter().filter(|(path, _)| !Path::new(path).exists());
    missing.map(|(_, package)| *package).collect()
}

/// Tells whoever reads header files where it is.
pub(crate) fn point(command: &mut Command) {
    // Of several, the newest would be taken, which may lack its own header files.
    if env::var_os(NAMED).is_none() && Path::new(FILES[0].0).exists() {
        command.env(NAMED, FOLDER);
    }
}
