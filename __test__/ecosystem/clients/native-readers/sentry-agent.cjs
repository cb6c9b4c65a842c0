'use strict';

// As Sentry's integration for blocked event loops: the agent's own storage, and the native module
// that reads it from another thread.

const { AsyncLocalStorage } = require('node:async_hooks');
const { isMainThread } = require('node:worker_threads');
const { registerThread } = require('@sentry/node-native-stacktrace');

if (isMainThread) {
  const storage = new AsyncLocalStorage();
  registerThread({ asyncLocalStorage: storage });
  globalThis.agentStorage = storage;
}
