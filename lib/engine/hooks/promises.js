'use strict';

// Promises on the engine `hooks`. Node does not announce their callbacks unless it tracks them,
// which makes an await several times as slow. Lean promise hooks of V8 do what is needed.

const { executionAsyncId, AsyncResource } = require('../../node/async-hooks.js');
const { onReport, wrapEmit } = require('../../node/rejections.js');
const { ASYNC_ID, TRIGGER_ID } = require('../../node/quiet-scopes.js');
const { FRAME } = require('../kept-frames.js');
const { openPromise, closePromise } = require('./scopes.js');

const { apply } = Reflect;

/** @typedef {import('../index.js').Engine} Engine */
/** @typedef {any} Keeper  a promise, with properties under symbols of ours and of Node's */

/**
 * Has every promise keep the frame it is made in, and its callbacks run in that frame.
 *
 * @param {Engine['current']} current
 */
function carryPromises(current) {
  // Not at the top of the file: loading it takes as long as loading this package.
  const { promiseHooks } = require('node:v8');
  promiseHooks.createHook({
    __proto__: null,
    init(promise) {
      const frame = current();
      if (frame !== undefined) /** @type {Keeper} */ (promise)[FRAME] = frame;
    },
    before(promise) {
      openPromise(executionAsyncId(), /** @type {Keeper} */ (promise)[FRAME]);
    },
    after: closePromise,
  });
}

/**
 * Has the handlers of a rejection that nobody handled run in the frame that the promise keeps.
 *
 * @param {Pick<Required<Engine>, 'current' | 'enter' | 'openScope' | 'closeScope'>} verbs
 */
function carryRejections({ current, enter, openScope, closeScope }) {
  if (onReport(identify)) return;
  wrapEmit((promise) => {
    current();
    const outer = openScope(/** @type {Keeper} */ (promise)[FRAME]);
    return (handled) => {
      closeScope(outer);
      if (handled) return;
      current();
      enter(/** @type {Keeper} */ (promise)[FRAME]);
    };
  });
}

/**
 * Node reports the rejection of a promise in the promise's own scope if it has tracked it, which it
 * tells by the ids.
 *
 * @param {Keeper} promise
 */
function identify(promise) {
  if (promise[FRAME] === undefined || promise[ASYNC_ID] !== undefined) return;
  const { asyncId, triggerAsyncId } = AsyncResource.prototype;
  const resource = new AsyncResource('PROMISE');
  promise[ASYNC_ID] = apply(asyncId, resource, []);
  promise[TRIGGER_ID] = apply(triggerAsyncId, resource, []);
}

module.exports = { carryPromises, carryRejections };
