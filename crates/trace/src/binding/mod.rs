//! The edge to Node-API: what JavaScript calls.

#![cfg_attr(
    test,
    allow(
        dead_code,
        clippy::allow_attributes,
        reason = "napi-derive registers no exports in a test build, so nothing calls them"
    )
)]
#![expect(unreachable_pub, reason = "JavaScript reaches it")]

mod report;
mod session;
mod transform;
