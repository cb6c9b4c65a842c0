'use strict';

// A hook that carries the context in which an addon makes a native object (a threadsafe function,
// an asynchronous work) to its callbacks, where Node does not: on Node 24 and 26 Node empties V8's
// slot when such a callback begins, and puts back the outer value itself when it ends, also after
// an exception. So `init` and `before` are enough. Earlier versions carry it with the resource.

const { createHook, asyncWrapProviders, AsyncResource } = require('../node/async-hooks.js');
const { withoutPromises } = require('../node/promise-tracking.js');
const { CONTEXT, slot, enteredByHook } = require('./contexts.js');

/** @typedef {Pick<import('../engine/slot.js').Slot, 'get' | 'set'>} Accessors */

// What is not an addon's: Node carries the context of these itself. The last ones are made in
// JavaScript.
const NODES_TYPES = new Set([
  ...Object.keys(asyncWrapProviders ?? {}),
  'Timeout',
  'Immediate',
  'TickObject',
  'Microtask',
  'PROMISE',
]);

/** Whether native objects lose their context here without the hook. */
function isNeeded() {
  return slot !== undefined && process.versions.deno === undefined;
}

class ResourceHook {
  #state = 'disabled'; // 'noting' the contexts of new objects, then 'entering' them in callbacks
  /** @type {import('node:async_hooks').AsyncHook | undefined} */
  #noting;
  /** @type {import('node:async_hooks').AsyncHook | undefined} */
  #entering;

  enable() {
    if (this.#state !== 'disabled' || !isNeeded()) return;
    this.#state = 'noting';
    this.#noting ??= notingHook(/** @type {Accessors} */ (slot), () => this.#noted());
    withoutPromises(this.#noting).enable();
    if (this.#entering !== undefined) this.#noted(); // objects from before are still there
  }

  disable() {
    this.#state = 'disabled';
    this.#noting?.disable();
    this.#entering?.disable();
  }

  // Only now, because `before` is called for every callback of the program.
  #noted() {
    if (this.#state !== 'noting') return;
    this.#state = 'entering';
    this.#entering ??= enteringHook(/** @type {Accessors} */ (slot));
    withoutPromises(this.#entering).enable();
  }
}

/**
 * @param {Accessors} slot
 * @param {() => void} noted
 */
function notingHook({ get }, noted) {
  return createHook({
    __proto__: null,
    init(asyncId, type, triggerAsyncId, resource) {
      if (NODES_TYPES.has(type)) return;
      const context = get();
      try {
        if (resource instanceof AsyncResource) return;
        if (context === undefined && /** @type {any} */ (resource)?.[CONTEXT] === undefined) return;
        noted();
        Reflect.set(resource, CONTEXT, context); // `false` where the addon has frozen it
      } catch {
        // A proxy whose traps throw: an error here would end the process.
      }
    },
  });
}

/** @param {Accessors} slot */
function enteringHook({ set }) {
  return createHook({
    __proto__: null,
    before() {
      const context = enteredByHook();
      if (context !== undefined) set(context);
    },
  });
}

module.exports = { ResourceHook };
