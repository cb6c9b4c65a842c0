'use strict';

// BullMQ, which the program that uses a queue has installed beside this package; or, for a command
// that is installed globally, in the working directory.

const path = require('node:path');
const { noBullmq } = require('../errors/queue.js');
const { createRequire } = require('../package/module-class.js');

const WORKING_DIRECTORY = path.resolve('package.json');

/** @type {any} */
let loaded;

/** BullMQ's exports. Throws ERR_QUEUE_POOL_BULLMQ. */
function requireBullmq() {
  loaded ??= load();
  return loaded;
}

function load() {
  try {
    // Not by `require()`: bundlers would look for it in every program. A bundle that is an ES
    // module has no file name.
    const here = typeof __filename === 'string' ? __filename : WORKING_DIRECTORY;
    return createRequire(here)('bullmq');
  } catch (error) {
    if (!isMissing(error)) throw noBullmq(error);
    try {
      return createRequire(WORKING_DIRECTORY)('bullmq');
    } catch (second) {
      throw noBullmq(isMissing(second) ? error : second);
    }
  }
}

/** @param {unknown} error */
const isMissing = (error) =>
  error instanceof Error && /** @type {{ code?: unknown }} */ (error).code === 'MODULE_NOT_FOUND';

module.exports = { requireBullmq };
