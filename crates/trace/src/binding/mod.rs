//! The edge to Node-API: what JavaScript calls.

mod report;
mod session;
mod transform;
