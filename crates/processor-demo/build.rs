//! Emits the linker settings of an addon for each platform.

fn main() {
    napi_build::setup();
}
