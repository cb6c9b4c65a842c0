//! An addon that uses napi-async-context.
//!
//! - `examples` is what an author writes; the guide quotes it;
//! - `probes` are what the tests need besides the examples;
//! - `loops` are what the benchmark measures, and `plain` the same by napi-rs' own means.

#![expect(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    reason = "napi-rs passes arguments so"
)]
#![expect(
    clippy::trailing_empty_array,
    clippy::unused_async,
    reason = "#[napi] and an async fn"
)]
#![cfg_attr(
    test,
    allow(
        dead_code,
        clippy::allow_attributes,
        reason = "#[napi] registers nothing with a test"
    )
)]
#![expect(unreachable_pub, reason = "JavaScript reaches it")]

mod examples;
mod loops;
mod plain;
mod probes;
mod threads;
