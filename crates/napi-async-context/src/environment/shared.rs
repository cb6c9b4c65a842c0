//! What any thread may touch of an environment.

#![forbid(unsafe_code)]

use super::Environment;
use crate::channel::Channel;
use crate::node_api::Js;
use crate::parcel::Parcel;
use crate::table::{Release, Releases};
use napi::Env;
use std::sync::Arc;

/// Lives as long as the environment or the last token of it.
pub(crate) struct Shared {
    pub(super) releases: Releases,
    pub(super) channel: Channel,
}

impl Shared {
    /// Runs `body` on the JavaScript thread, after everything that was sent before. It leaves no
    /// exception pending. False if the environment has ended.
    pub(crate) fn send(&self, body: impl FnOnce(&Env) + Send + 'static) -> bool {
        self.channel.send(Parcel::new(body))
    }

    pub(super) fn end(&self) {
        self.releases.end();
        self.channel.close();
    }
}

/// The owner of an index of the environment's table. What is kept there is freed when the token is
/// dropped, on whatever thread: at the latest when the environment ends.
pub(crate) struct Token {
    index: u32,
    shared: Arc<Shared>,
}

impl Token {
    pub(super) const fn new(index: u32, shared: Arc<Shared>) -> Self {
        Self { index, shared }
    }

    pub(super) const fn index(&self) -> u32 {
        self.index
    }

    pub(crate) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        if self.shared.releases.release(self.index) == Release::Wake {
            // If it cannot be sent, the environment is ending, and frees everything.
            self.shared.send(|env| {
                if let Ok(environment) = Environment::of(env) {
                    environment.free_released(Js::of(env));
                }
            });
        }
    }
}
