#![cfg_attr(feature = "napi", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "napi"),
    doc = "The ABI of processors, without what an addon needs."
)]
#![deny(missing_docs)]

pub mod abi;
#[doc(hidden)]
pub mod tag;

#[cfg(feature = "napi")]
mod entry;
#[cfg(feature = "napi")]
mod error;
#[cfg(feature = "napi")]
mod export;
#[cfg(feature = "napi")]
mod processors;
#[cfg(feature = "napi")]
mod run;
#[cfg(feature = "napi")]
mod value;

#[cfg(feature = "napi")]
pub use error::Error;
#[cfg(feature = "napi")]
pub use processors::{Processor, Processors};
#[cfg(feature = "napi")]
pub use run::Run;
#[cfg(feature = "napi")]
pub use value::{Bytes, BytesKind, Object, Value};
