//! The edge to Node-API: what JavaScript calls.

mod transform;
