'use strict';

// BullMQ, which the program that uses a queue has installed beside this package; or, for a command
// that is installed globally, in the working directory.

const { createRequire } = require('node:module');
const path = require('node:path');
const { noBullmq } = require('../errors/queue.js');

/** @type {any} */
let loaded;

/** BullMQ's exports. Throws ERR_QUEUE_POOL_BULLMQ. */
function requireBullmq() {
  loaded ??= load();
  return loaded;
}

function load() {
  try {
    return require('bullmq');
  } catch (error) {
    if (!isMissing(error)) throw noBullmq(error);
    try {
      return createRequire(path.resolve('package.json'))('bullmq');
    } catch (second) {
      throw noBullmq(isMissing(second) ? error : second);
    }
  }
}

/** @param {unknown} error */
const isMissing = (error) =>
  error instanceof Error && /** @type {{ code?: unknown }} */ (error).code === 'MODULE_NOT_FOUND';

module.exports = { requireBullmq };
