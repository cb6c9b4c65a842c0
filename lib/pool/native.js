'use strict';

// The addon, without which there is no pool: it schedules and transports.

const { native: load } = require('../engine/native.js');
const { useShapes } = require('./codec/index.js');
const { unavailable } = require('./errors.js');

let addon;

/** The addon; throws ERR_WORKER_POOL_UNAVAILABLE if it cannot be loaded. */
function native() {
  if (addon === undefined) {
    const loaded = load();
    if (loaded.addon === undefined) throw unavailable(loaded.reason);
    addon = loaded.addon;
    useShapes({ id: addon.shapeId, keys: addon.shapeKeys });
  }
  return addon;
}

module.exports = { native };
