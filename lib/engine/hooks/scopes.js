'use strict';

// The list of open scopes. A scope says which frame is current in the callback of one resource, in
// place of the frame that the resource keeps. The callers say whose callback runs and what its
// resource keeps, so nothing here depends on Node's hooks.
//
// The state is the module's, because a thread has one engine, and a variable is read faster than
// a field.

// The kinds of scope, with what opens and what closes each.

// The end of the list. Nothing closes it.
const BOTTOM = 0;
// A promise callback: from openPromise() to closePromise(), which closes all above it, too.
const PROMISE = 1;
// A snapshot, a `run()` of AsyncContext or a `runInAsyncScope()` of ours: from open() to closeTo(),
// which closes all above it, too.
const BLOCK = 2;
// replace() opens it where the innermost scope is of another resource; leave() closes it when it is
// given the frame that opened it.
const OVERRIDE = 3;
// An override that enter() has written to. Nobody leaves it, so it ends with the callback:
// endCallback(), or endJob() where Node does not tell the end of the callback.
const ENTERED = 4;
// A callback of a resource inside another callback of the same resource: from beginCallback() to
// endCallback() or endJob().
const NESTED = 5;

// The async id of no callback.
const NOBODY = -1;

class Scope {
  constructor(kind, asyncId, frame, outer) {
    this.kind = kind;
    this.asyncId = asyncId;
    this.frame = frame;
    this.outer = outer;
    this.opener = frame; // what an override was opened with
  }
}

const bottom = new Scope(BOTTOM, NOBODY, undefined, null);

// Promise callbacks seldom run inside another scope, so the scope of one that does not is made
// once: an allocation less is a tenth of what an await costs here.
const outermostPromise = new Scope(PROMISE, NOBODY, undefined, bottom);

// The innermost open scope.
let scope = bottom;

/**
 * The innermost scope of one resource, or `bottom`. Scopes of other resources may be open above it:
 * those of callbacks that run inside this one, and those whose end Node has not reported.
 */
function innermostOf(asyncId) {
  let found = scope;
  while (found !== bottom && found.asyncId !== asyncId) found = found.outer;
  return found;
}

/**
 * What is current in the running callback of the resource `asyncId`.
 *
 * @param {number} asyncId
 * @param {() => unknown} ownFrame  gives the frame that the resource keeps
 */
function frameOf(asyncId, ownFrame) {
  if (scope.asyncId === asyncId) return scope.frame;
  return scope === bottom ? ownFrame() : frameBelow(asyncId, ownFrame);
}

function frameBelow(asyncId, ownFrame) {
  const found = innermostOf(asyncId);
  return found === bottom ? ownFrame() : found.frame;
}

/** Opens the scope of a promise callback, with the frame that the promise keeps. */
function openPromise(asyncId, frame) {
  if (scope === bottom) {
    outermostPromise.asyncId = asyncId;
    outermostPromise.frame = frame;
    scope = outermostPromise;
  } else {
    scope = new Scope(PROMISE, asyncId, frame, scope);
  }
}

/** Closes it, and the overrides that were left open in it. */
function closePromise() {
  // None is open where the callback began before there were hooks.
  while (scope !== bottom) {
    const closed = scope;
    scope = closed.outer;
    if (closed.kind === PROMISE) break;
  }
  // The object stays, and must not keep the stores.
  if (scope === bottom) outermostPromise.frame = undefined;
}

/** Opens a block, and returns what closeTo() has to be given at its end. */
function open(asyncId, frame) {
  const outer = scope;
  scope = new Scope(BLOCK, asyncId, frame, outer);
  return outer;
}

/**
 * Goes back to `outer`, whatever is open now: after a stack overflow in `finally` an inner scope
 * may not have been closed.
 */
function closeTo(outer) {
  scope = outer;
}

/** Replaces what is current in the running callback of `asyncId`. */
function replace(asyncId, frame) {
  if (scope.asyncId !== asyncId) {
    if (endsWithCallback(scope)) closeEnded(asyncId);
    if (scope.asyncId !== asyncId) {
      scope = new Scope(OVERRIDE, asyncId, frame, scope);
      return;
    }
  }
  scope.frame = frame;
}

// No verb closes it, only the end of its callback.
function endsWithCallback({ kind }) {
  return kind === ENTERED || kind === NESTED;
}

// Closes what was left behind by callbacks that ran inside the running one of `asyncId` and have
// ended without an `after`, which Node omits for some that throw. If the running one were inside
// one of theirs, it would have a scope above it.
function closeEnded(asyncId) {
  if (innermostOf(asyncId) === bottom) return;
  while (endsWithCallback(scope) && scope.asyncId !== asyncId) scope = scope.outer;
}

/**
 * Puts `prior` back if `entered` is current in the running callback of `asyncId`. Else it changes
 * no frame and returns `false`.
 */
function leave(asyncId, entered, prior, ownFrame) {
  if (scope.asyncId !== asyncId) closeAbove(asyncId);
  // The resource, too: the same frame may have been entered for another one inside.
  if (scope.frame !== entered || scope.asyncId !== asyncId) return false;
  if (endsByLeaving(entered, prior, ownFrame)) scope = scope.outer;
  else scope.frame = prior;
  return true;
}

// Once something was entered in an override, it has forgotten the frame that opened it.
function endsByLeaving(entered, prior, ownFrame) {
  if (scope.kind === OVERRIDE) return scope.opener === entered;
  return scope.kind === ENTERED && prior === ownFrame();
}

// A scope that is left is the innermost of its callback. Those above it are of callbacks that ran
// inside that one and have ended without an `after`.
function closeAbove(asyncId) {
  const left = innermostOf(asyncId);
  if (left !== bottom) scope = left;
}

/**
 * Replaces what is current for the rest of the running callback of `asyncId`. Returns whether the
 * end of the callback has to be told, by endCallback() or endJob().
 */
function enter(asyncId, frame, ownFrame) {
  replace(asyncId, frame);
  if (scope.kind !== OVERRIDE && scope.kind !== ENTERED) return false;
  if (frame === ownFrame()) {
    scope = scope.outer;
    return false;
  }
  scope.kind = ENTERED;
  scope.opener = undefined; // may hold a store that nobody can reach any more
  return true;
}

/** A callback of the resource `asyncId` begins. */
function beginCallback(asyncId, ownFrame) {
  if (scope.kind === BLOCK && scope.asyncId === asyncId) return; // opened for this callback
  if (innermostOf(asyncId) !== bottom) scope = new Scope(NESTED, asyncId, ownFrame(), scope);
}

/** The callback of the resource `asyncId` ends. */
function endCallback(asyncId) {
  while (scope.kind === ENTERED && scope.asyncId === asyncId) scope = scope.outer;
  if (scope.kind === NESTED && scope.asyncId === asyncId) scope = scope.outer;
}

/** No callback runs any more, though the end of some may not have been told. */
function endJob() {
  while (endsWithCallback(scope)) scope = scope.outer;
}

module.exports = {
  frameOf,
  openPromise,
  closePromise,
  open,
  closeTo,
  replace,
  leave,
  enter,
  beginCallback,
  endCallback,
  endJob,
};
