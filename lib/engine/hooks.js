'use strict';

// Engine `hooks`: no slot of V8's is needed. Every resource keeps the frame it was made in, and the
// current frame is that of the resource whose callback runs, which Node knows. So an async_hooks
// hook with `init` alone is enough, and a callback costs nothing extra; promises, whose callbacks
// Node does not announce, get lean promise hooks. On Node 20, and on 22 without the addon.

const { createHook, executionAsyncResource } = require('node:async_hooks');
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
const SCOPE = 2; // a snapshot or the scope of one of our AsyncResources runs
const OVERRIDE = 3; // in the callback of a resource, another frame than its own was entered

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (!internals.available() && !marksHooks()) {
    return 'Node would track promises: the inspector, with which to stop it, is not available';
  }
  let installed = false;

  // In the callback of `base` the frame is `frame`; in every other callback it is the resource's
  // own. The arrays are a stack of what `base` and `frame` were before, and of why they changed.
  let base = null;
  let frame;
  let depth = 0;
  const kinds = [];
  const bases = [];
  const frames = [];
  let overrides = 0;

  const push = (kind, resource, value) => {
    kinds[depth] = kind;
    bases[depth] = base;
    frames[depth] = frame;
    depth++;
    base = resource;
    frame = value;
  };
  const pop = () => {
    depth--;
    base = bases[depth];
    frame = frames[depth];
    bases[depth] = frames[depth] = undefined; // else the last scope's stores would stay alive
    if (kinds[depth] === OVERRIDE) overrides--;
  };
  // Overrides that were left behind above the entry go with it. Nothing is there to pop where a
  // promise callback had begun before the hooks were installed.
  const popThrough = (kind) => {
    while (depth > 0) {
      pop();
      if (kinds[depth] === kind) return;
    }
  };

  // The resource of the last current(); swap() and enter() follow it directly.
  let here = NO_RESOURCE;
  const current = () => {
    if (!installed) return undefined;
    here = executionAsyncResource() ?? NO_RESOURCE;
    if (here === base) return frame;
    return overrides === 0 ? here[FRAME] : overridden(here);
  };
  // Rare: inside the callback of a resource that entered a frame, another resource's scope runs.
  const overridden = (resource) => {
    for (let i = depth - 1; i >= 0; i--) {
      if (bases[i] === resource) return frames[i];
    }
    return resource[FRAME];
  };
  const swap = (value) => {
    if (here === base) {
      frame = value;
    } else {
      overrides++;
      push(OVERRIDE, here, value);
    }
  };
  const leave = (entered, prior) => {
    if (frame !== entered) return false;
    frame = prior;
    // Back to the resource's own frame: the override is over.
    if (overrides > 0 && kinds[depth - 1] === OVERRIDE && prior === base[FRAME]) pop();
    return true;
  };
  // Nobody takes this one back, so it has to end with the callback. No hook tells the end of it,
  // but microtasks run right after it.
  let flushing = false;
  const flush = () => {
    flushing = false;
    while (depth > 0 && kinds[depth - 1] === OVERRIDE) pop();
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
    leave,
    enter,
    install() {
      if (installed) return;
      withoutPromises(createHook({
        init(asyncId, type, triggerAsyncId, resource) {
          if (type !== 'PROMISE') keep(resource);
        },
      })).enable();
      // Here and not above: loading it takes as long as this package.
      const { promiseHooks } = require('node:v8');
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
      carryRejections((promise, emit) => {
        current();
        push(SCOPE, here, promise[FRAME]);
        try {
          if (emit()) return true;
        } finally {
          popThrough(SCOPE);
        }
        // Nobody listens: Node goes on to the handlers of 'uncaughtException'.
        current();
        enter(promise[FRAME]);
        return false;
      });
      installed = true;
    },
    openScope(value) {
      push(SCOPE, here, value);
    },
    openResource(resource) {
      push(SCOPE, resource, resource[FRAME]);
    },
    closeScope() {
      popThrough(SCOPE);
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
