'use strict';

// The async resource below the tasks of a worker, which must stay clean.
//
// Each task runs in an async resource of its own, so what it enters with enterWith() ends with it.
// But where Node keeps context on async resources, continuations of promises that are older than
// the first hook are not tracked: they run in the resource that is current when the microtasks are
// drained, which all tasks share. So Rust puts a resource below the tasks that notes writes, and
// replaces it after one.

const { AsyncLocalStorage } = require('../node/async-hooks.js');
const { sharedEngine } = require('../engine/shared.js');

// Node's class has _propagate() where it keeps context on resources. Elsewhere context is in V8's
// slot, which every continuation puts back.
const onResources = '_propagate' in AsyncLocalStorage.prototype;

let written = false;
let entries = 0;

// A processor may put something else in its place.
const { Proxy } = globalThis;

const traps = {
  __proto__: null,
  /**
   * @param {Record<PropertyKey, unknown>} target
   * @param {PropertyKey} key
   * @param {unknown} value
   */
  set(target, key, value) {
    written = true;
    target[key] = value;
    return true;
  },
};

/** Makes a resource to put below the tasks; `undefined` where none is needed. */
const resource = onResources
  ? () => {
      written = false;
      return new Proxy({}, traps);
    }
  : undefined;

/** Whether anything may have been entered in the resource: then it is time for another one. */
function wasEntered() {
  if (!onResources) return false;
  // The engine of our own class keeps scopes beside the resources.
  const now = sharedEngine()?.entries?.() ?? 0;
  const entered = written || now !== entries;
  entries = now;
  return entered;
}

module.exports = { resource, wasEntered };
