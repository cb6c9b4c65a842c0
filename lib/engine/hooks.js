'use strict';

// Engine `hooks`: no slot of V8's is needed. Every resource keeps the frame it was made in, and the
// current frame is that of the resource whose callback runs, which Node knows. So an async_hooks
// hook with `init` alone is enough, and a callback costs nothing extra; promises, whose callbacks Node
// does not announce, get lean promise hooks. On Node 20, and on 22 without the addon.

const { createHook, executionAsyncResource } = require('node:async_hooks');
const { promiseHooks } = require('node:v8');
const { withoutPromises } = require('./promise-tracking.js');
const { enqueueMicrotask } = require('./microtask.js');
const internals = require('./internals.js');

// Where a resource or promise keeps the frame it was made in. Never written again, so that
// what a callback enters is not seen by the next callback of the same resource.
const FRAME = Symbol('async-hooks-rs.frame');

// Stands for the resource where Node has none (a native addon's scope).
const NO_RESOURCE = {};

// Why something was pushed.
const PROMISE = 1; // a promise callback runs
const RESOURCE = 2; // runInAsyncScope() of our AsyncResource runs
const OVERRIDE = 3; // in the callback of a resource, another frame than its own was entered

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (typeof promiseHooks?.createHook !== 'function') return 'V8 has no promise hooks';
  if (!internals.available() && !marksHooks()) {
    return 'Node would track promises: the inspector, with which to stop it, is not available';
  }
  let installed = false;

  // In the callback of `base` the frame is `frame`; in every other callback it is the resource's
  // own. `stack` holds what `base` and `frame` were before, as [kind, base, frame] in sequence.
  let base = null;
  let frame;
  const stack = [];
  let overrides = 0;

  const push = (kind, resource, value) => {
    stack.push(kind, base, frame);
    base = resource;
    frame = value;
  };
  const pop = () => {
    frame = stack.pop();
    base = stack.pop();
    const kind = stack.pop();
    if (kind === OVERRIDE) overrides--;
    return kind;
  };
  // Overrides that were left behind above the entry go with it.
  const popThrough = (kind) => {
    while (stack.length > 0 && pop() !== kind);
  };

  const current = () => {
    if (!installed) return undefined;
    const resource = executionAsyncResource() ?? NO_RESOURCE;
    if (resource === base) return frame;
    return overrides === 0 ? resource[FRAME] : overridden(resource);
  };
  // Rare: inside the callback of a resource that entered a frame, another resource's scope runs.
  const overridden = (resource) => {
    for (let i = stack.length - 3; i >= 0; i -= 3) {
      if (stack[i + 1] === resource) return stack[i + 2];
    }
    return resource[FRAME];
  };
  const swap = (value) => {
    const resource = executionAsyncResource() ?? NO_RESOURCE;
    if (resource === base) {
      frame = value;
      // Back to the resource's own frame: the override is over.
      if (stack.length > 0 && stack[stack.length - 3] === OVERRIDE && value === resource[FRAME]) {
        pop();
      }
    } else if (value !== current()) {
      overrides++;
      push(OVERRIDE, resource, value);
    }
  };
  // Nobody takes this one back, so it has to end with the callback. No hook tells the end of it,
  // but microtasks run right after it.
  let flushing = false;
  const flush = () => {
    flushing = false;
    while (stack.length > 0 && stack[stack.length - 3] === OVERRIDE) pop();
  };
  const enter = (value) => {
    swap(value);
    if (overrides > 0 && !flushing) {
      flushing = true;
      enqueueMicrotask(flush);
    }
  };

  const keep = (resource) => {
    const value = current();
    // Resources are reused (HTTP parsers, sockets of an agent): an old frame must not stay.
    if (value !== undefined || resource[FRAME] !== undefined) resource[FRAME] = value;
  };

  const engine = {
    name: 'hooks',
    reason: 'Node keeps the frame on every resource, lean promise hooks keep it on promises',
    slot: undefined,
    current,
    swap,
    enter,
    install() {
      if (installed) return;
      withoutPromises(createHook({
        init(asyncId, type, triggerAsyncId, resource) {
          if (type !== 'PROMISE') keep(resource);
        },
      })).enable();
      promiseHooks.createHook({
        init(promise) {
          const value = current();
          if (value !== undefined) promise[FRAME] = value;
        },
        before(promise) {
          push(PROMISE, executionAsyncResource() ?? NO_RESOURCE, promise[FRAME]);
        },
        // Without a `before` where the hooks were installed inside the callback: nothing to pop.
        after() {
          popThrough(PROMISE);
        },
      });
      carryRejections((promise, run) => {
        push(RESOURCE, executionAsyncResource() ?? NO_RESOURCE, promise[FRAME]);
        try {
          return run();
        } finally {
          popThrough(RESOURCE);
        }
      });
      installed = true;
    },
    // Around runInAsyncScope() of our AsyncResource, which may be nested in itself.
    enterResource(resource) {
      push(RESOURCE, resource, resource[FRAME]);
    },
    leaveResource() {
      popThrough(RESOURCE);
    },
  };
  return engine;
}

// Whether a hook can say that it wants no promises (see promise-tracking.js).
function marksHooks() {
  return Object.getOwnPropertySymbols(createHook({}))
    .some(({ description }) => description === 'kNoPromiseHook');
}

// 'unhandledRejection' is emitted in no scope. Its handlers shall see that of the promise, but a
// listener of our own would change what Node does without one, so emit() itself is wrapped.
function carryRejections(runInFrameOf) {
  const { emit } = process;
  process.emit = function(event, reason, promise) {
    if (event !== 'unhandledRejection' || promise === undefined) {
      return Reflect.apply(emit, this, arguments);
    }
    return runInFrameOf(promise, () => Reflect.apply(emit, this, arguments));
  };
}

module.exports = { create };
