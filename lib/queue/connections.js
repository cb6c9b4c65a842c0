'use strict';

// The ends of BullMQ's connections, whose Redis may be away: then close() waits for it, and what
// breaks them off depends on how far they have come.

const { clearTimeout, setTimeout } = require('../node/clock.js');

/** How long Redis is waited for when nothing else is left to do. */
const PATIENCE = 2000; // ms

/**
 * Whether the promise is settled in time.
 *
 * @param {number} milliseconds
 * @param {Promise<unknown>} promise
 */
async function within(milliseconds, promise) {
  /** @type {any} */
  let timer;
  const late = new Promise((/** @type {(value: boolean) => void} */ resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Ends a Queue, QueueEvents or QueueEventsProducer.
 *
 * @param {any} connection
 */
async function end(connection) {
  if (await within(PATIENCE, settled(connection.close()))) return;
  // Of one that was never connected, disconnect() waits; one that was, close() has given up.
  const broken = [connection.getBackend().close(true), connection.disconnect()];
  await within(PATIENCE, Promise.all(broken.map(settled)));
}

/**
 * Fulfilled when the promise is settled.
 *
 * @param {Promise<unknown>} promise
 */
const settled = (promise) =>
  promise.then(
    () => {},
    () => {}, // the connection has told its error
  );

module.exports = { PATIENCE, end, settled, within };
