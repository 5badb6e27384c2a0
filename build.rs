//! Tells the linker how to build a Node addon; nothing to do for the plain library.

fn main() {
    napi_build::setup();
}
