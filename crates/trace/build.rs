//! Asks napi-build for what an addon needs from the linker.

fn main() {
    napi_build::setup();
}
