'use strict';

// Engine `hooks`: no slot of V8's is needed. Every resource keeps the frame it was made in, and the
// current frame is that of the resource whose callback runs, which Node knows. So an async_hooks
// hook with `init` alone is enough, and a callback costs nothing extra; promises, whose callbacks
// Node does not announce, get lean promise hooks. On Node 20, and on 22 without the addon.

const { createHook, executionAsyncId, executionAsyncResource } = require('../node-async-hooks.js');
const { isPromise } = require('node:util').types;
const { withoutPromises, noPromiseHookSymbol } = require('./promise-tracking.js');
const { wrapRejections } = require('./rejections.js');
const { enqueueMicrotask } = require('./microtask.js');
const internals = require('./internals.js');

// Where a resource or promise keeps the frame it was made in. Never written again, so that
// what a callback enters is not seen by the next callback of the same resource.
const FRAME = Symbol('async-hooks-rs.frame');

// The async id of the main script. Neither its end nor that of what has no id (0) is told to hooks.
const MAIN_SCRIPT = 1;

// Stands for the resource where Node has none (a native addon's scope).
const NO_RESOURCE = {};

// Why a scope was opened.
const BOTTOM = 0; // it never was: the end of the list
const PROMISE = 1; // a promise callback runs
const SCOPE = 2; // a snapshot or the scope of one of our AsyncResources runs
const OVERRIDE = 3; // in the callback of a resource, another frame than its own was swapped in
const ENTERED = 4; // the same, and nobody will take it back

// In the callback of `resource` the frame is `frame`, not the resource's own.
class Scope {
  constructor(kind, resource, frame, outer) {
    this.kind = kind;
    this.resource = resource;
    this.frame = frame;
    this.outer = outer;
  }
}

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (!internals.available() && noPromiseHookSymbol() === undefined) {
    return 'Node would track promises: the inspector, with which to stop it, is not available';
  }
  let installed = false;

  // The innermost of the scopes that are open in the running callback.
  const bottom = new Scope(BOTTOM, null, undefined, null);
  let scope = bottom;

  // Promise callbacks seldom run inside another scope, so that one is made once: an allocation less
  // is a tenth of what an await costs here.
  const outermostPromise = new Scope(PROMISE, null, undefined, bottom);
  const openPromise = (frame) => {
    const resource = executionAsyncResource() ?? NO_RESOURCE;
    if (scope === bottom) {
      outermostPromise.resource = resource;
      outermostPromise.frame = frame;
      scope = outermostPromise;
    } else {
      scope = new Scope(PROMISE, resource, frame, scope);
    }
  };

  const closePromise = () => {
    // None is open where the callback had begun before the hooks were installed. Overrides that
    // were left behind above it go with it.
    while (scope !== bottom) {
      const closed = scope;
      scope = closed.outer;
      if (closed.kind === PROMISE) break;
    }
    // It stays, and must not keep the stores.
    if (scope === bottom) outermostPromise.frame = undefined;
  };

  // Closing goes back to what was open before, whatever is open now: after a stack overflow in
  // `finally` an inner scope may not have been closed.
  const openScope = (resource, value) => {
    const outer = scope;
    scope = new Scope(SCOPE, resource, value, outer);
    return outer;
  };
  const closeScope = (outer) => {
    scope = outer;
  };

  // The resource of the last current(); swap() and enter() follow it directly.
  let here = NO_RESOURCE;
  const current = () => {
    if (!installed) return undefined;
    here = executionAsyncResource() ?? NO_RESOURCE;
    if (scope.resource === here) return scope.frame;
    return scope === bottom ? here[FRAME] : frameOf(here);
  };
  // Inside the callback of a resource that entered a frame, or of a promise, the scope of another
  // resource runs, or has ended.
  const frameOf = (resource) => {
    for (let outer = scope.outer; outer !== null; outer = outer.outer) {
      if (outer.resource === resource) return outer.frame;
    }
    return resource[FRAME];
  };
  const swap = (value) => {
    if (scope.resource === here) scope.frame = value;
    else scope = new Scope(OVERRIDE, here, value, scope);
  };
  const leave = (entered, prior) => {
    here = executionAsyncResource() ?? NO_RESOURCE;
    // The resource, too: the same frame may have been entered for another one inside.
    if (scope.frame !== entered || scope.resource !== here) return false;
    // Back to the resource's own frame: the override is over.
    if (scope.kind >= OVERRIDE && prior === here[FRAME]) scope = scope.outer;
    else scope.frame = prior;
    return true;
  };

  // Nobody takes back what enterWith() enters, so it has to end with the callback. From the first
  // time on a hook tells the end of callbacks; only the main script and what has no async id
  // give no such sign, and microtasks run right after those.
  let endsHooked = false;
  const hookEnds = () => {
    endsHooked = true;
    withoutPromises(createHook({
      after() {
        const resource = executionAsyncResource();
        while (scope.kind === ENTERED && scope.resource === resource) scope = scope.outer;
      },
    })).enable();
  };
  let flushing = false;
  const flush = () => {
    flushing = false;
    while (scope.kind === ENTERED) scope = scope.outer;
  };
  let entries = 0;
  const enter = (value) => {
    entries++;
    swap(value);
    if (scope.kind !== OVERRIDE && scope.kind !== ENTERED) return;
    if (value === here[FRAME]) {
      scope = scope.outer;
      return;
    }
    scope.kind = ENTERED;
    if (!endsHooked) hookEnds();
    if (!flushing && executionAsyncId() <= MAIN_SCRIPT) {
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
    entries: () => entries,
    install() {
      if (installed) return;
      withoutPromises(createHook({
        init(asyncId, type, triggerAsyncId, resource) {
          if (type !== 'PROMISE' || !isPromise(resource)) keep(resource);
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
          openPromise(promise[FRAME]);
        },
        after: closePromise,
      });
      wrapRejections((promise) => {
        current();
        const outer = openScope(here, promise[FRAME]);
        return (handled) => {
          closeScope(outer);
          if (handled) return;
          current();
          enter(promise[FRAME]);
        };
      });
      installed = true;
    },
    openScope: (value) => openScope(here, value),
    openResource: (resource) => openScope(resource, resource[FRAME]),
    closeScope,
  };
  return engine;
}

module.exports = { create };
