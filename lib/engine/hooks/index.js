'use strict';

// Engine `hooks`: needs no access to V8's slot. Every resource keeps the frame it was made in, and
// the current frame is that of the resource whose callback runs, which Node knows. So a hook of
// async_hooks with `init` alone is enough, and a callback costs nothing extra. Promises have hooks
// of their own (promises.js). What is entered inside a callback is a scope in a list (scopes.js).
// On Node 20, and on Node 22 without the addon.
//
// The async id tells whose callback runs: reading it is a look into an array, and to find the
// resource for every promise would add half as much again to an await in a service.

const {
  createHook,
  executionAsyncId,
  executionAsyncResource,
  AsyncResource,
} = require('../../node/async-hooks.js');
const { isPromise } = require('node:util').types;
const { withoutPromises, noPromiseHookSymbol } = require('../../node/promise-tracking.js');
const { enqueueMicrotask } = require('../../node/microtask.js');
const {
  ASYNC_ID,
  closeQuietly,
  dispensable,
  openQuietly,
  runTold,
} = require('../../node/quiet-scopes.js');
const internals = require('../../node/internals.js');
const { MANY_CALLS, reserveStack } = require('../../node/stack.js');
const { FRAME, keepFrame } = require('../kept-frames.js');
const scopes = require('./scopes.js');
const { carryPromises, carryRejections } = require('./promises.js');

// Constants of the module, so that the optimizing compiler inlines them.
const { current, swap, leave, enter, open, openHere, closeTo, runInBlock } = scopes;
const { apply } = Reflect;

// Node's, because a subclass may have an asyncId() that says something else.
const { asyncId: asyncIdOf } = AsyncResource.prototype;

let installed = false;
let callbacksHooked = false;
let endingJob = false;

// Of the resource whose callback runs. There is none in the scope of some native addons.
function ownFrame() {
  return installed ? /** @type {any} */ (executionAsyncResource())?.[FRAME] : undefined;
}

/** @param {any} resource */
function openResource(resource) {
  return open(apply(asyncIdOf, resource, []), resource[FRAME]);
}

/**
 * @template A, T
 * @param {string} type
 * @param {import('node:async_hooks').AsyncResourceOptions} options
 * @param {unknown} frame
 * @param {(argument: A) => T} fn
 * @param {A} argument
 * @returns {T}
 */
function runInResource(type, options, frame, fn, argument) {
  const resource = openQuietly(type, options);
  if (resource === undefined) {
    return runTold(type, options, () => runInBlock(executionAsyncId(), frame, fn, argument));
  }
  try {
    return runInBlock(resource[ASYNC_ID], frame, fn, argument);
  } finally {
    closeQuietly(resource);
  }
}

// What enter() has entered is left by nobody, so it has to end with the callback. From the first
// time on a hook tells where callbacks begin and end. No hook tells the end of the main script, of
// what has no async id, and of some callbacks that throw; microtasks run right after all of them.
function tellEnd() {
  if (!callbacksHooked) hookCallbacks();
  if (endingJob) return;
  enqueueMicrotask(endJob);
  endingJob = true;
}

function hookCallbacks() {
  reserveStack(MANY_CALLS); // it must not stay half done
  const hook = createHook({
    __proto__: null,
    before() {
      scopes.beginCallback(executionAsyncId());
    },
    after() {
      scopes.endCallback(executionAsyncId());
    },
  });
  withoutPromises(dispensable(hook)).enable();
  callbacksHooked = true;
}

function endJob() {
  endingJob = false;
  scopes.endJob();
}

function install() {
  if (installed) return;
  const hook = createHook({
    __proto__: null,
    init(asyncId, type, triggerAsyncId, resource) {
      if (type !== 'PROMISE' || !isPromise(resource)) keepFrame(resource, current());
    },
  });
  withoutPromises(dispensable(hook)).enable();
  carryPromises(current);
  carryRejections({ current, enter, openScope: openHere, closeScope: closeTo });
  installed = true;
}

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (!internals.available() && noPromiseHookSymbol() === undefined) {
    return 'Node would track promises: the inspector, with which to stop it, is not available';
  }
  scopes.useHost({ asyncId: executionAsyncId, ownFrame, tellEnd });
  return {
    name: 'hooks',
    reason: 'Node keeps the frame on every resource, lean promise hooks keep it on promises',
    slot: undefined,
    current,
    swap,
    leave,
    enter,
    entries: scopes.entries,
    install,
    scopes: scopes.scopes,
    openScope: openHere,
    openResource,
    runInResource,
    closeScope: closeTo,
  };
}

module.exports = { create };
