'use strict';

// The addon's way back into JavaScript, set up for the engine of this thread.

const { engine } = require('./index.js');
const { loadAddon } = require('../package/addon.js');

const { current, swap, openScope, closeScope } = engine;

/** Makes a NativeCallbacks (native.d.ts); `undefined` without the addon. */
function nativeCallbacks() {
  const { addon } = loadAddon();
  if (addon === undefined) return undefined;
  if (engine.slot !== undefined) {
    try {
      return new addon.NativeCallbacks();
    } catch {
      // JavaScript may reach the slot where native code does not, through Node's frame class.
    }
  }
  engine.install(); // without it nothing carries what is entered here
  const outer = [];
  if (openScope !== undefined) {
    return new addon.NativeCallbacks(current, (frame) => {
      current();
      outer.push(openScope(frame));
    }, () => closeScope(outer.pop()));
  }
  return new addon.NativeCallbacks(current, (frame) => {
    outer.push(current());
    swap(frame);
  }, () => swap(outer.pop()));
}

module.exports = { nativeCallbacks };
