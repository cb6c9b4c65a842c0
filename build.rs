//! Emits the linker settings of an addon for each platform, and says whether V8 can be called.

use std::env;

fn main() {
    napi_build::setup();
    // Where `v8::Local` is known to travel in a register: see `src/v8/lookup.rs`.
    println!("cargo::rustc-check-cfg=cfg(v8_abi_proven)");
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    let system = matches!(target("OS").as_str(), "linux" | "macos");
    let processor = matches!(target("ARCH").as_str(), "x86_64" | "aarch64");
    if system && processor {
        println!("cargo::rustc-cfg=v8_abi_proven");
    }
}
