'use strict';

// The list of open scopes. A scope says which frame is current in the callback of one resource, in
// place of the frame that the resource keeps. The host says whose callback runs and what its
// resource keeps, so nothing here depends on Node's hooks.
//
// The state is the module's, because a thread has one engine, and a variable is read faster than
// a field. leave() is called in `finally`, where the stack may be nearly used up, so it needs no
// more of it than current() and swap() did: all three ask the host themselves, and call no other
// function where a scope is simply entered and left.

// The kinds of scope, with what opens and what closes each.

// The end of the list. Nothing closes it.
const BOTTOM = 0;
// A promise callback: from openPromise() to closePromise(), which closes all above it, too.
const PROMISE = 1;
// A snapshot, a `run()` of AsyncContext or a `runInAsyncScope()` of ours: from open() to closeTo(),
// which closes all above it, too.
const BLOCK = 2;
// swap() opens it where the innermost scope is of another resource; leave() closes it when it is
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
 * @typedef {object} Host
 * @property {() => number} asyncId  of the resource whose callback runs
 * @property {() => unknown} ownFrame  the frame that this resource keeps
 * @property {() => void} tellEnd  has endCallback() or endJob() called when the callback ends
 */

/** @type {Host['asyncId']} */
let asyncIdOfHost;
/** @type {Host['ownFrame']} */
let ownFrame;
/** @type {Host['tellEnd']} */
let tellEnd;

// The async id at the last current(). The verbs that follow it directly need not ask again.
let here = NOBODY;

// How often enter() was called.
let entered = 0;

/** @param {Host} host  asked from now on */
function useHost(host) {
  asyncIdOfHost = host.asyncId;
  ownFrame = host.ownFrame;
  tellEnd = host.tellEnd;
}

/**
 * The innermost scope of one resource, or `bottom`. Scopes of other resources may be open above it:
 * those of callbacks that run inside this one, and those whose end Node has not reported.
 */
function innermostOf(asyncId) {
  let found = scope;
  while (found !== bottom && found.asyncId !== asyncId) found = found.outer;
  return found;
}

/** What is current in the running callback. */
function current() {
  here = asyncIdOfHost();
  if (scope.asyncId === here) return scope.frame;
  return scope === bottom ? ownFrame() : frameBelow();
}

function frameBelow() {
  const found = innermostOf(here);
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

/** Opens a block in the running callback, directly after current(). */
function openHere(frame) {
  return open(here, frame);
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

/** Replaces what is current in the running callback, directly after current(). */
function swap(frame) {
  if (scope.asyncId === here) scope.frame = frame;
  else swapInOuter(frame);
}

// The innermost scope is of another resource, or of none.
function swapInOuter(frame) {
  if (endsWithCallback(scope)) closeEnded(here);
  if (scope.asyncId === here) scope.frame = frame;
  else scope = new Scope(OVERRIDE, here, frame, scope);
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
 * Puts `prior` back if `frame` is current in the running callback. Else it changes no frame and
 * returns `false`.
 */
function leave(frame, prior) {
  here = asyncIdOfHost();
  if (scope.asyncId !== here) closeAbove(here);
  // The resource, too: the same frame may have been entered for another one inside.
  if (scope.frame !== frame || scope.asyncId !== here) return false;
  // Once something was entered in an override, it has forgotten the frame that opened it.
  const ends = scope.kind === OVERRIDE ? scope.opener === frame :
    scope.kind === ENTERED && prior === ownFrame();
  if (ends) scope = scope.outer;
  else scope.frame = prior;
  return true;
}

// A scope that is left is the innermost of its callback. Those above it are of callbacks that ran
// inside that one and have ended without an `after`.
function closeAbove(asyncId) {
  const left = innermostOf(asyncId);
  if (left !== bottom) scope = left;
}

/** Replaces what is current for the rest of the running callback, directly after current(). */
function enter(frame) {
  entered++;
  swap(frame);
  if (scope.kind !== OVERRIDE && scope.kind !== ENTERED) return;
  if (frame === ownFrame()) {
    scope = scope.outer;
    return;
  }
  scope.kind = ENTERED;
  scope.opener = undefined; // may hold a store that nobody can reach any more
  tellEnd();
}

/** How often enter() was called. */
const entries = () => entered;

/** A callback of the resource `asyncId` begins. */
function beginCallback(asyncId) {
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
  useHost,
  current,
  swap,
  leave,
  enter,
  entries,
  open,
  openHere,
  closeTo,
  openPromise,
  closePromise,
  beginCallback,
  endCallback,
  endJob,
};
