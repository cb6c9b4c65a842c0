'use strict';

// `expect()` of storages: getStore() for code that must have a store.

const builtin = require('../node/async-hooks.js');
const { ContextLossError } = require('../errors/trace.js');
const { current } = require('./contexts.js');

/** @typedef {import('./tracer.js').Tracer} Tracer */

/**
 * Gives a class the method.
 *
 * @param {any} Class
 * @param {() => Tracer | undefined} tracerOf
 */
function giveExpect({ prototype }, tracerOf) {
  if (Object.hasOwn(prototype, 'expect')) return;
  const { expect } = {
    /** @this {any} */
    expect() {
      const tracer = tracerOf();
      if (tracer === undefined) {
        const value = this.getStore();
        if (value === undefined) throw noStore(this, [], expect);
        return value;
      }
      const { reads } = tracer;
      const { value, evidence } = reads.observed(() => this.getStore());
      if (value !== undefined && evidence === undefined) return value;
      const found = evidence ?? reads.expected(tracer.storages.recordOf(this), current(), expect);
      throw noStore(this, tracer.findingsAt(found), expect);
    },
  };
  Object.defineProperty(prototype, 'expect', {
    __proto__: null,
    value: expect,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/**
 * @param {{ name?: string }} storage
 * @param {any[]} findings
 * @param {Function} hidden
 */
function noStore({ name = '' }, findings, hidden) {
  const which = name === '' ? 'The AsyncLocalStorage' : `The AsyncLocalStorage '${name}'`;
  const message = findings[0]?.sentence ?? `${which} has no store here, and a store was expected.`;
  return new ContextLossError(message, findings, hidden);
}

/**
 * Gives it to Node's class, and to that of this package.
 *
 * @param {() => Tracer | undefined} tracerOf
 */
function giveExpectToAll(tracerOf) {
  giveExpect(builtin.AsyncLocalStorage, tracerOf);
  try {
    giveExpect(require('../async-local-storage.js').AsyncLocalStorage, tracerOf);
  } catch {
    // The environment names an engine that cannot be had: the program is told, if it asks.
  }
}

module.exports = { giveExpectToAll };
