//! Emits the linker settings an addon needs on each platform.

fn main() {
    napi_build::setup();
}
