//! An addon with processors for a `WorkerPool`.
//!
//! - `examples` is what an author writes; the guide quotes it;
//! - `probes` are what the tests need besides.

#![expect(clippy::cast_precision_loss, reason = "a fraction needs no more")]
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
mod probes;
