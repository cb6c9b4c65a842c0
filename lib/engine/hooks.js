'use strict';

// Engine `hooks`: no slot of V8's is needed. Every resource keeps the frame it was made in, and the
// current frame is that of the resource whose callback runs, which Node knows. So an async_hooks
// hook with `init` alone is enough, and a callback costs nothing extra; promises, whose callbacks
// Node does not announce, get lean promise hooks. On Node 20, and on 22 without the addon.
//
// Whose callback runs is told by the async id: reading that is a look into an array; finding the
// resource for every promise would add half as much again to an await in a service.

const {
  createHook, executionAsyncId, executionAsyncResource, AsyncResource,
} = require('../node/async-hooks.js');
const { isPromise } = require('node:util').types;
const { withoutPromises, noPromiseHookSymbol } = require('../node/promise-tracking.js');
const { onReport, wrapEmit } = require('../node/rejections.js');
const { enqueueMicrotask } = require('../node/microtask.js');
const internals = require('../node/internals.js');

const { apply } = Reflect;

// Where a resource or promise keeps the frame it was made in. Never written again, so that
// what a callback enters is not seen by the next callback of the same resource.
const FRAME = Symbol('async-hooks-rs.frame');

// The async id of no callback.
const NOBODY = -1;

// Why a scope was opened.
const BOTTOM = 0; // it never was: the end of the list
const PROMISE = 1; // a promise callback runs
const SCOPE = 2; // a snapshot or the scope of one of our AsyncResources runs
const OVERRIDE = 3; // in the callback of a resource, another frame than its own was swapped in
const ENTERED = 4; // the same, and nobody will take it back
const NESTED = 5; // a callback of the resource runs inside another one of it

// In the callback of the resource `asyncId` the frame is `frame`, not the resource's own. `opener`
// is the frame it was opened with.
class Scope {
  constructor(kind, asyncId, frame, outer) {
    this.kind = kind;
    this.asyncId = asyncId;
    this.frame = frame;
    this.outer = outer;
    this.opener = frame;
  }
}

// Of the resource whose callback runs. There is none in the scope of some native addons.
const ownFrame = () => executionAsyncResource()?.[FRAME];

// Under which Node keeps the ids of whatever it tracks.
const [ASYNC_ID, TRIGGER_ID] = ['async_id_symbol', 'trigger_async_id_symbol'].map((name) =>
  Object.getOwnPropertySymbols(new AsyncResource('async-hooks-rs'))
    .find(({ description }) => description === name));

// Node's, because a subclass may have an asyncId() that says something else.
const { asyncId: asyncIdOf } = AsyncResource.prototype;

// Node reports the rejection of a promise in the promise's own scope if it has tracked it, which it
// tells by the ids.
function identify(promise) {
  if (promise[FRAME] === undefined || promise[ASYNC_ID] !== undefined) return;
  const { asyncId, triggerAsyncId } = AsyncResource.prototype;
  const resource = new AsyncResource('PROMISE');
  promise[ASYNC_ID] = apply(asyncId, resource, []);
  promise[TRIGGER_ID] = apply(triggerAsyncId, resource, []);
}

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (!internals.available() && noPromiseHookSymbol() === undefined) {
    return 'Node would track promises: the inspector, with which to stop it, is not available';
  }
  let installed = false;

  // The innermost of the scopes that are open in the running callback.
  const bottom = new Scope(BOTTOM, NOBODY, undefined, null);
  let scope = bottom;

  // Promise callbacks seldom run inside another scope, so that one is made once: an allocation less
  // is a tenth of what an await costs here.
  const outermostPromise = new Scope(PROMISE, NOBODY, undefined, bottom);
  const openPromise = (frame) => {
    if (scope === bottom) {
      outermostPromise.asyncId = executionAsyncId();
      outermostPromise.frame = frame;
      scope = outermostPromise;
    } else {
      scope = new Scope(PROMISE, executionAsyncId(), frame, scope);
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
  const openScope = (asyncId, value) => {
    const outer = scope;
    scope = new Scope(SCOPE, asyncId, value, outer);
    return outer;
  };
  const closeScope = (outer) => {
    scope = outer;
  };

  // The async id at the last current(); swap() and enter() follow it directly.
  let here = NOBODY;
  const current = () => {
    if (!installed) return undefined;
    here = executionAsyncId();
    if (scope.asyncId === here) return scope.frame;
    return scope === bottom ? ownFrame() : frameOf(here);
  };
  // Not the innermost of all: inside the callback of a resource that entered a frame, or of a
  // promise, the scope of another resource runs, or has ended.
  const innermost = (asyncId) => {
    let found = scope;
    while (found !== bottom && found.asyncId !== asyncId) found = found.outer;
    return found;
  };
  const frameOf = (asyncId) => {
    const found = innermost(asyncId);
    return found === bottom ? ownFrame() : found.frame;
  };
  const swap = (value) => {
    if (scope.asyncId === here) scope.frame = value;
    else scope = new Scope(OVERRIDE, here, value, scope);
  };
  const leave = (entered, prior) => {
    here = executionAsyncId();
    if (scope.asyncId !== here) closeAbove(here);
    // The resource, too: the same frame may have been entered for another one inside.
    if (scope.frame !== entered || scope.asyncId !== here) return false;
    if (isOver(entered, prior)) scope = scope.outer;
    else scope.frame = prior;
    return true;
  };
  // Whether the innermost scope ends when `entered` is left for `prior`: an override does with the
  // frame it was opened with. Once something was entered in it, it has forgotten which that was.
  const isOver = (entered, prior) => {
    if (scope.kind === OVERRIDE) return scope.opener === entered;
    return scope.kind === ENTERED && prior === ownFrame();
  };
  // What is left is the innermost scope of its callback. Those above were opened in callbacks that
  // ran inside it and are over although no hook said so: Node emits no `after` for some that throw.
  const closeAbove = (asyncId) => {
    const left = innermost(asyncId);
    if (left !== bottom) scope = left;
  };

  // Nobody takes back what enterWith() enters, so it has to end with the callback. From the first
  // time on a hook tells where callbacks begin and end.
  let callbacksHooked = false;
  const hookCallbacks = () => {
    callbacksHooked = true;
    withoutPromises(createHook({
      __proto__: null,
      before() {
        const begun = executionAsyncId();
        if (scope.asyncId === begun && scope.kind === SCOPE) return; // opened for this callback
        if (innermost(begun) !== bottom) scope = new Scope(NESTED, begun, ownFrame(), scope);
      },
      after() {
        const ended = executionAsyncId();
        while (scope.kind === ENTERED && scope.asyncId === ended) scope = scope.outer;
        if (scope.kind === NESTED && scope.asyncId === ended) scope = scope.outer;
      },
    })).enable();
  };
  // No hook tells the end of the main script, of what has no async id, and of some callbacks that
  // throw. Microtasks run right after all of them.
  let flushing = false;
  const flush = () => {
    flushing = false;
    while (scope.kind === ENTERED || scope.kind === NESTED) scope = scope.outer;
  };
  let entries = 0;
  const enter = (value) => {
    entries++;
    swap(value);
    if (scope.kind !== OVERRIDE && scope.kind !== ENTERED) return;
    if (value === ownFrame()) {
      scope = scope.outer;
      return;
    }
    scope.kind = ENTERED;
    scope.opener = undefined; // may hold a store that nobody can reach any more
    if (!callbacksHooked) hookCallbacks();
    if (flushing) return;
    flushing = true;
    enqueueMicrotask(flush);
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
        __proto__: null,
        init(asyncId, type, triggerAsyncId, resource) {
          if (type !== 'PROMISE' || !isPromise(resource)) keep(resource);
        },
      })).enable();
      // Here and not above: loading it takes as long as this package.
      const { promiseHooks } = require('node:v8');
      promiseHooks.createHook({
        __proto__: null,
        init(promise) {
          const value = current();
          if (value !== undefined) promise[FRAME] = value;
        },
        before(promise) {
          openPromise(promise[FRAME]);
        },
        after: closePromise,
      });
      if (!onReport(identify)) {
        wrapEmit((promise) => {
          current();
          const outer = openScope(here, promise[FRAME]);
          return (handled) => {
            closeScope(outer);
            if (handled) return;
            current();
            enter(promise[FRAME]);
          };
        });
      }
      installed = true;
    },
    openScope: (value) => openScope(here, value),
    openResource: (resource) => openScope(apply(asyncIdOf, resource, []), resource[FRAME]),
    closeScope,
  };
  return engine;
}

module.exports = { create };
