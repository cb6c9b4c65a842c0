'use strict';

// The list of open scopes. A scope says which frame is current in the callback of one resource, in
// place of the frame that the resource keeps. The host says whose callback runs and what its
// resource keeps, so nothing here depends on Node's hooks.
//
// A scope is left in `finally`, where the stack may be used up, so that no function can be called.
// There whoever entered it reads and writes the fields of the list and of the scope instead:
//
//   if (scopes.innermost === scope && scope.frame === entered) {
//     if (scope.closer === entered) scopes.innermost = scope.outer;
//     else scope.frame = prior;
//   }
//
// `scope` is what swap() returned. leave() is for the other cases.

// The kinds of scope, with what opens and what closes each.

// The end of the list. Nothing closes it. It is also the scope of a callback whose resource keeps
// no frame: of the one that asked last, or of the one in which something is entered.
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
  /**
   * @param {number} kind
   * @param {number} asyncId
   * @param {unknown} frame
   * @param {Scope | null} outer
   */
  constructor(kind, asyncId, frame, outer) {
    this.kind = kind;
    this.asyncId = asyncId;
    this.frame = frame;
    this.outer = /** @type {Scope} */ (outer); // null in `bottom`, where every walk ends
    // The frame that closes an override: OVERRIDE when it is left, ENTERED when it is entered.
    /** @type {unknown} */
    this.closer = undefined;
  }
}

const bottom = new Scope(BOTTOM, NOBODY, undefined, null);

// Promise callbacks seldom run inside another scope, so the scope of one that does not is made
// once: an allocation less is a tenth of what an await costs here. The same for blocks whose end is
// known, those of runInBlock().
const outermostPromise = new Scope(PROMISE, NOBODY, undefined, bottom);
const outermostBlock = new Scope(BLOCK, NOBODY, undefined, bottom);

/** The list, by the innermost open scope. The state is the module's: a thread has one engine. */
const scopes = { innermost: bottom };

/**
 * @typedef {object} Host
 * @property {() => number} asyncId  of the resource whose callback runs
 * @property {() => unknown} ownFrame  the frame that this resource keeps, always the same one
 * @property {() => void} tellEnd  has endCallback() or endJob() called when the callback ends
 */

/** @type {Host['asyncId']} */
let asyncIdOfHost;
/** @type {Host['ownFrame']} */
let ownFrame;
/** @type {Host['tellEnd']} */
let tellEnd;

// Whether endJob() will be called.
let jobWillEnd = false;

// How often enter() was called.
let entered = 0;

/** @param {Host} host  asked from now on */
function useHost(host) {
  asyncIdOfHost = host.asyncId;
  ownFrame = host.ownFrame;
  tellEnd = host.tellEnd;
}

/**
 * The innermost scope of one resource, or `undefined`. Scopes of other resources may be open above
 * it: those of callbacks that run inside this one, and those whose end Node has not reported.
 *
 * @param {number} asyncId
 */
function innermostOf(asyncId) {
  let found = scopes.innermost;
  while (found !== bottom && found.asyncId !== asyncId) found = found.outer;
  return found !== bottom || (bottom.asyncId === asyncId && isUsed()) ? found : undefined;
}

/** Whether something is entered in `bottom`. */
const isUsed = () => bottom.frame !== undefined;

/** What is current in the running callback. */
function current() {
  const asyncId = asyncIdOfHost();
  const { innermost } = scopes;
  if (innermost.asyncId === asyncId) return innermost.frame;
  return innermost === bottom ? ownAtBottom(asyncId) : frameBelow(asyncId);
}

/** @param {number} asyncId */
function ownAtBottom(asyncId) {
  const frame = ownFrame();
  // Ids from 1 on are of one resource each.
  if (frame === undefined && asyncId > 0 && !isUsed()) {
    bottom.asyncId = asyncId;
    bottom.kind = BOTTOM;
  }
  return frame;
}

/** @param {number} asyncId */
function frameBelow(asyncId) {
  const found = innermostOf(asyncId);
  return found === undefined ? ownFrame() : found.frame;
}

/**
 * Opens the scope of a promise callback, with the frame that the promise keeps.
 *
 * @param {number} asyncId
 * @param {unknown} frame
 */
function openPromise(asyncId, frame) {
  if (scopes.innermost === bottom) {
    outermostPromise.asyncId = asyncId;
    outermostPromise.frame = frame;
    scopes.innermost = outermostPromise;
  } else {
    scopes.innermost = new Scope(PROMISE, asyncId, frame, scopes.innermost);
  }
}

/** Closes it, and the overrides that were left open in it. */
function closePromise() {
  // None is open where the callback began before there were hooks.
  while (scopes.innermost !== bottom) {
    const closed = scopes.innermost;
    scopes.innermost = closed.outer;
    if (closed.kind === PROMISE) break;
  }
  // The object stays, and must not keep the stores.
  if (scopes.innermost === bottom) outermostPromise.frame = undefined;
}

/** Opens a block in the running callback, directly after current(). */
const openHere = (/** @type {unknown} */ frame) => open(asyncIdOfHost(), frame);

/**
 * Opens a block, and returns what closeTo() has to be given at its end.
 *
 * @param {number} asyncId
 * @param {unknown} frame
 */
function open(asyncId, frame) {
  const outer = scopes.innermost;
  scopes.innermost = new Scope(BLOCK, asyncId, frame, outer);
  return outer;
}

/**
 * Calls `fn(argument)` in a block.
 *
 * @template A, T
 * @param {number} asyncId
 * @param {unknown} frame
 * @param {(argument: A) => T} fn
 * @param {A} argument
 * @returns {T}
 */
function runInBlock(asyncId, frame, fn, argument) {
  const outer = scopes.innermost;
  const block = outer === bottom ? outermostBlock : new Scope(BLOCK, NOBODY, undefined, outer);
  block.asyncId = asyncId;
  block.frame = frame;
  scopes.innermost = block;
  try {
    return fn(argument);
  } finally {
    scopes.innermost = outer;
    block.frame = undefined; // the object stays, and must not keep the stores
  }
}

/**
 * Goes back to `outer`, whatever is open now. Where no function can be called, write the field.
 *
 * @param {import('../index.js').Scope} outer  what open() has returned
 */
function closeTo(outer) {
  scopes.innermost = /** @type {Scope} */ (outer);
}

/**
 * Replaces what is current in the running callback, directly after current(). Returns the scope in
 * which it did.
 *
 * @param {unknown} frame
 */
function swap(frame) {
  const { innermost } = scopes;
  const asyncId = asyncIdOfHost();
  if (innermost.asyncId !== asyncId) return swapInOuter(frame, asyncId);
  innermost.frame = frame;
  return innermost;
}

/**
 * The innermost scope is of another resource, or of none.
 *
 * @param {unknown} frame
 * @param {number} asyncId
 */
function swapInOuter(frame, asyncId) {
  if (endsWithCallback(scopes.innermost)) closeEnded(asyncId);
  if (scopes.innermost.asyncId === asyncId) {
    scopes.innermost.frame = frame;
  } else {
    scopes.innermost = new Scope(OVERRIDE, asyncId, frame, scopes.innermost);
    scopes.innermost.closer = frame;
  }
  return scopes.innermost;
}

/** No verb closes it, only the end of its callback. */
const endsWithCallback = (/** @type {Scope} */ { kind }) => kind === ENTERED || kind === NESTED;

function closeInnermost() {
  if (scopes.innermost === bottom) {
    bottom.kind = BOTTOM;
    bottom.frame = undefined;
  } else {
    scopes.innermost = scopes.innermost.outer;
  }
}

/**
 * Closes what was left behind by callbacks that ran inside the running one of `asyncId` and have
 * ended without an `after`, which Node omits for some that throw. If the running one were inside
 * one of theirs, it would have a scope above it.
 *
 * @param {number} asyncId
 */
function closeEnded(asyncId) {
  if (innermostOf(asyncId) === undefined) return;
  while (endsWithCallback(scopes.innermost) && scopes.innermost.asyncId !== asyncId) {
    closeInnermost();
  }
}

/**
 * Puts `prior` back if `frame` is current in the running callback. Else it changes no frame and
 * returns `false`.
 *
 * @param {unknown} frame
 * @param {unknown} prior
 */
function leave(frame, prior) {
  const asyncId = asyncIdOfHost();
  if (scopes.innermost.asyncId !== asyncId) closeAbove(asyncId);
  const { innermost } = scopes;
  // The resource, too: the same frame may have been entered for another one inside.
  if (innermost.frame !== frame || innermost.asyncId !== asyncId) return false;
  if (innermost.closer === frame) scopes.innermost = innermost.outer;
  else innermost.frame = prior;
  return true;
}

/**
 * A scope that is left is the innermost of its callback. Those above it are of callbacks that ran
 * inside that one and have ended without an `after`.
 *
 * @param {number} asyncId
 */
function closeAbove(asyncId) {
  const left = innermostOf(asyncId);
  if (left !== undefined) scopes.innermost = left;
}

/**
 * Replaces what is current for the rest of the running callback, directly after current().
 *
 * @param {unknown} frame
 */
function enter(frame) {
  entered++;
  const { innermost } = scopes;
  if (
    innermost.asyncId === asyncIdOfHost() &&
    innermost.kind === ENTERED &&
    innermost.closer !== frame &&
    jobWillEnd
  ) {
    innermost.frame = frame;
    return;
  }
  const { frame: before } = innermost;
  try {
    enterInOuter(frame);
  } catch (error) {
    // The stack is used up, so nothing is entered.
    innermost.frame = before;
    scopes.innermost = innermost;
    throw error;
  }
}

/**
 * What is entered may have to be ended, or ends something.
 *
 * @param {unknown} frame
 */
function enterInOuter(frame) {
  const innermost = swap(frame);
  if (innermost.kind !== OVERRIDE && innermost.kind !== ENTERED && innermost !== bottom) return;
  const own = innermost === bottom ? undefined : ownFrame();
  if (frame === own) {
    closeInnermost();
    return;
  }
  tellEnd(); // before what says so: it may throw
  innermost.kind = ENTERED;
  innermost.closer = own;
  jobWillEnd = true;
}

/** How often enter() was called. */
const entries = () => entered;

/**
 * A callback of the resource `asyncId` begins.
 *
 * @param {number} asyncId
 */
function beginCallback(asyncId) {
  const { innermost } = scopes;
  if (innermost.kind === BLOCK && innermost.asyncId === asyncId) return; // opened for this callback
  if (innermostOf(asyncId) === undefined) return;
  scopes.innermost = new Scope(NESTED, asyncId, ownFrame(), innermost);
}

/**
 * The callback of the resource `asyncId` ends.
 *
 * @param {number} asyncId
 */
function endCallback(asyncId) {
  while (scopes.innermost.kind === ENTERED && scopes.innermost.asyncId === asyncId) {
    closeInnermost();
  }
  if (scopes.innermost.kind === NESTED && scopes.innermost.asyncId === asyncId) closeInnermost();
}

/** No callback runs any more, though the end of some may not have been told. */
function endJob() {
  jobWillEnd = false;
  while (endsWithCallback(scopes.innermost)) closeInnermost();
}

module.exports = {
  scopes,
  useHost,
  current,
  swap,
  leave,
  enter,
  entries,
  open,
  openHere,
  closeTo,
  runInBlock,
  openPromise,
  closePromise,
  beginCallback,
  endCallback,
  endJob,
};
