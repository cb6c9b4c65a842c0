'use strict';

// The registry of shapes in the addon, which all threads share.

const { useShapes } = require('./shapes.js');

/** @type {number | undefined} */
let first;

/**
 * To be called when this thread has opened a pool: from then on the shapes of objects stay, and
 * those that it knows from earlier pools may be gone.
 *
 * @param {import('../package/addon.js').Addon} addon
 */
function renewShapes({ firstShape, shapeId, shapeKeys }) {
  const now = firstShape();
  if (now === first) return;
  first = now;
  useShapes({ id: shapeId, keys: shapeKeys, first });
}

module.exports = { renewShapes };
