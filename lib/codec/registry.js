'use strict';

// The registry of shapes in the addon, which all threads share.

const { useShapes } = require('./shapes.js');
const { requireAddon } = require('../package/required-addon.js');

/** @type {number | undefined} */
let first;

/**
 * To be called when this thread has opened a pool: from then on the shapes of objects stay, and
 * those that it knows from earlier pools may be gone.
 */
function renewShapes() {
  const { firstShape, shapeId, shapeKeys } = requireAddon();
  const now = firstShape();
  if (now === first) return;
  first = now;
  useShapes({ id: shapeId, keys: shapeKeys, first });
}

module.exports = { renewShapes };
