'use strict';

// Every native handle of Node 22 keeps what was in the slot when it was initialized, for as long as
// it lives. HTTP parsers live on in a pool of up to 1,000. Where a hook carries the frames, nobody
// needs what a parser keeps, so it is initialized with an empty slot. (Node 24 empties a parser
// before it goes to the pool.)

const internals = require('./internals.js');

const { apply } = Reflect;

/**
 * Hides the slot from HTTP parsers. Returns a function that shows it again: the `init` hook calls
 * it, which Node runs after it has read the slot for the parser.
 *
 * @param {import('../engine/slot.js').Slot} slot
 */
function hideFromParsers({ get, set }) {
  /** @type {unknown} */
  let hidden;
  const parser = parserPrototype();
  if (parser !== undefined) {
    const { initialize } = parser;
    parser.initialize = function () {
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

// Not by loading `node:http`, which takes longer than loading all of this package, and not by
// calling process.binding(), which is deprecated.
function parserPrototype() {
  return internals.read((closure, evaluate) => {
    const binding = evaluate('process.binding');
    const inner = closure(binding, 'fn') ?? binding; // with --pending-deprecation
    const internalBinding = closure(inner, 'internalBinding');
    return internalBinding('http_parser').HTTPParser.prototype;
  });
}

module.exports = { hideFromParsers };
