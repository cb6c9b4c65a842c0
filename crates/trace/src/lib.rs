//! The native part of the finder of lost context.
