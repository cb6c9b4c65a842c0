'use strict';

// Node 22 keeps, with every native handle, what was in the slot when the handle was initialized,
// and lets go of it only with the handle itself. HTTP parsers stay, in a pool of up to 1,000. What
// is kept there is of no use where a hook carries the frames, so a parser is initialized with an
// empty slot. (Node 24 empties a parser that goes to the pool.)

const internals = require('./internals.js');

const { apply } = Reflect;

/**
 * Hides the slot from HTTP parsers. Returns what shows it again: for the hook to whom Node tells,
 * after it has read the slot, that the parser was initialized.
 *
 * @param {import('../engine/slot.js').Slot} slot
 */
function hideFromParsers({ get, set }) {
  let hidden;
  const parser = parserPrototype();
  if (parser !== undefined) {
    const { initialize } = parser;
    parser.initialize = function() {
      const frame = get();
      if (frame === undefined) return apply(initialize, this, arguments);
      hidden = frame;
      set(undefined);
      try {
        return apply(initialize, this, arguments);
      } finally {
        hidden = undefined;
        set(frame);
      }
    };
  }
  return () => {
    if (hidden === undefined) return;
    set(hidden);
    hidden = undefined;
  };
}

// Without loading `node:http`, which takes longer than all of this package, and without calling
// process.binding(), which is deprecated.
function parserPrototype() {
  return internals.read((closure, evaluate) => {
    const binding = evaluate('process.binding');
    const inner = closure(binding, 'fn') ?? binding; // with --pending-deprecation
    const internalBinding = closure(inner, 'internalBinding');
    return internalBinding('http_parser').HTTPParser.prototype;
  });
}

module.exports = { hideFromParsers };
