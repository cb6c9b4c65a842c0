'use strict';

// Requests that are under way at once, each in a scope of its own, in programs without a server.

const { AsyncLocalStorage } = require('node:async_hooks');
const { Observations } = require('./observations.js');

const REQUESTS = 20;
const WAVES = 2;

const request = new AsyncLocalStorage();
const trace = new AsyncLocalStorage();
const observations = new Observations(
  { run: () => request.getStore(), enterWith: () => trace.getStore() },
  { perRequest: true },
);

/**
 * Calls `fn(id)` in a callback of its own, in which one storage is entered by run() and one by
 * enterWith().
 */
function inRequest(id, fn) {
  return request.run(
    id,
    () =>
      new Promise((resolve) => {
        setImmediate(() => {
          trace.enterWith(id);
          resolve(fn(id));
        });
      }),
  );
}

/** Calls `fn(id)` for 20 requests at once; gives a promise of what they give. */
function wave(name, fn) {
  return Promise.all(Array.from({ length: REQUESTS }, (_, i) => inRequest(`${name}.${i}`, fn)));
}

/** The same twice, one after the other, for what the second finds that the first has left. */
async function waves(name, fn) {
  const results = [];
  for (let i = 0; i < WAVES; i++) results.push(...(await wave(`${name}.${i}`, fn)));
  return results;
}

/**
 * A function that gives a promise, which is resolved when the function was called `size` times.
 * Then it begins again.
 */
function barrier(size = REQUESTS) {
  let arrived = 0;
  let open;
  let opened;
  return () => {
    if (arrived === 0) {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    }
    arrived += 1;
    if (arrived === size) {
      arrived = 0;
      open();
    }
    return opened;
  };
}

/** Counts what both storages hold at `point`, in a request or on behalf of it. */
const see = (point, id) => observations.see(point, id);

/** Prints what was seen; without counts at the points where they are of chance. */
const print = (uncounted) => observations.print(uncounted);

module.exports = { REQUESTS, WAVES, trace, inRequest, wave, waves, barrier, see, print };
