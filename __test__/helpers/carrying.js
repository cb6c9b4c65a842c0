'use strict';

// For tests of carry(): channels both of whose ends have called it, and what arrives there.

const path = require('node:path');
const { MessageChannel, Worker } = require('node:worker_threads');
const { carry } = require('../../contexts.js');

const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'carry', name);

/** The ports of a new channel, on which carry() was called, and what it returned. */
function carriedChannel(t, options) {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  return { port1, port2, carried1: carry(port1, options), carried2: carry(port2, options) };
}

/** A Worker on which carry() was called as soon as it was made, and what it returned. */
function carriedWorker(t, name, workerData, options) {
  const worker = new Worker(fixture(name), { workerData });
  t.after(() => worker.terminate());
  return { worker, carried: carry(worker, options) };
}

/**
 * Listens until `count` messages have come; a promise of what `see(message)` returned for each.
 *
 * @param {(fn: (message: unknown) => void) => () => void} listen  returns what stops it
 */
function collect(listen, count, see) {
  return new Promise((resolve) => {
    const seen = [];
    const stop = listen((message) => {
      seen.push(see(message));
      if (seen.length < count) return;
      stop();
      resolve(seen);
    });
  });
}

module.exports = { fixture, carriedChannel, carriedWorker, collect };
