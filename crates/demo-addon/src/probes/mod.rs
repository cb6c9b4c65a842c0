//! What the tests need besides the examples.

mod contexts;
mod failures;
mod jobs;
mod order;
mod posts;
mod storm;
