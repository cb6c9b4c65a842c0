//! Emits the linker settings an addon needs.

fn main() {
    napi_build::setup();
}
