'use strict';

// The frame that a resource or promise keeps: the one it was made in. The callbacks of a resource
// never write it, so what one of them enters is not seen by the next.

const FRAME = Symbol('async-hooks-rs.frame');

/**
 * Has a resource that is being initialized keep `frame`.
 *
 * @param {any} resource
 * @param {unknown} frame
 */
function keepFrame(resource, frame) {
  try {
    // Resources are reused (HTTP parsers, sockets of an agent): an old frame must not stay.
    if (frame !== undefined || resource[FRAME] !== undefined) resource[FRAME] = frame;
  } catch {
    // An addon may have made a resource of a frozen object, or of a proxy whose traps throw. What
    // an async hook throws ends the process.
  }
}

module.exports = { FRAME, keepFrame };
