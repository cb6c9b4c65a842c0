'use strict';

// What crosses: functions that run in another context than the one in which they were made, were
// registered as a listener, or were bound. A function that the transform knows says when it begins
// but not when it ends, so whether it still runs is read from the stack. Calls of listeners and
// bound functions are ours, and known exactly.

const { descends, effective, isRight } = require('./contexts.js');
const { callerIn, fileOf, frames, framesOf, isOwn } = require('./places.js');
const { onInit, state } = require('./segments.js');

/** @typedef {import('./contexts.js').Context} Context */
/** @typedef {import('./storage-records.js').StorageRecord} StorageRecord */
/** @typedef {import('./places.js').Frame} Frame */

// Of a stack.
const DEPTH = 40;
// Functions of one run that are remembered.
const MOST_BIRTHS = 256;
// How often the stack is looked at for what one function begins.
const MOST_LOOKS = 400;

/** A function that the transform knows, and that has begun in another context. */
class Birth {
  rule = /** @type {const} */ ('birth');

  /**
   * @param {number} site
   * @param {Context} parent  in which it was made
   * @param {Context | undefined} now  in which it began
   * @param {boolean} wasHome  whether it has run where it was made, too
   */
  constructor(site, parent, now, wasHome) {
    this.site = site;
    this.wasHome = wasHome;
    this.parent = parent;
    this.now = now;
  }
}

/** The call of a listener or of a bound function in another context. */
class Call {
  /**
   * @param {'emitter' | 'bind'} rule
   * @param {import('./registrations.js').Registration} registration
   * @param {Context | undefined} now
   */
  constructor(rule, registration, now) {
    this.rule = rule;
    this.wasHome = registration.wasHome;
    this.registration = registration;
    this.parent = registration.context;
    this.now = now;
  }
}

/** One of them, with what was seen of it on a stack. */
class Item {
  /**
   * @param {Birth | Call} crossing
   * @param {Frame[]} stack
   * @param {number} at  its frame
   */
  constructor(crossing, stack, at) {
    this.crossing = crossing;
    this.at = at;
    this.caller = callerIn(stack, at + 1);
    /** @type {Call | undefined} the listener or bound function that it is */
    this.registered = undefined;
  }

  get parent() {
    return this.crossing.parent;
  }

  get now() {
    return this.crossing.now;
  }
}

/**
 * The functions by the positions of their beginnings, as frames say them.
 *
 * @type {Map<string, Map<number, number>>}
 */
const positions = new Map();
/** @type {Map<number, number>} how often the stack was looked at, by site */
const looks = new Map();
const COLUMNS = 1 << 20;

/** @param {Frame} frame */
const positionOf = (frame) =>
  (frame.getEnclosingLineNumber() ?? 0) * COLUMNS + (frame.getEnclosingColumnNumber() ?? 0);

/**
 * Learns which frames are of the function of a site, from within it.
 *
 * @param {number} site
 * @param {Function} hidden
 */
function learn(site, hidden) {
  if (looks.has(site)) return;
  looks.set(site, 0);
  const [frame] = frames(hidden, 1);
  if (frame === undefined) return;
  const file = fileOf(frame);
  let known = positions.get(file);
  if (known === undefined) positions.set(file, (known = new Map()));
  known.set(positionOf(frame), site);
}

/**
 * What of the segment is on a stack, the innermost first.
 *
 * @param {import('./segments.js').Segment} segment
 * @param {Frame[]} stack
 */
function itemsOn({ births, calls }, stack) {
  /** @type {Item[]} */
  const items = [];
  let call = calls.length;
  // A frame further out is of an earlier call: the same function may be on the stack again, where
  // it has not crossed.
  const left = [...births];
  for (let i = 0; i < stack.length; i++) {
    const frame = stack[i];
    if (isOwn(frame)) {
      if (call > 0 && frame.getFunctionName() === 'callAcross') {
        items.push(new Item(calls[--call], stack, i));
      }
      continue;
    }
    if (left.length === 0) continue;
    const site = positions.get(fileOf(frame))?.get(positionOf(frame));
    if (site === undefined) continue;
    const at = left.findLastIndex((one) => one.site === site);
    if (at < 0) continue;
    items.push(new Item(left[at], stack, i));
    left.splice(at, 1);
  }
  return items;
}

/**
 * What has crossed and has not returned, for what is begun now.
 *
 * @param {import('./segments.js').Segment} segment
 */
function itemsForInit(segment) {
  const { births, calls } = segment;
  if (births.length === 0 && calls.length === 0) return segment.inherited;
  if (calls.length === 0 && births.every(({ site }) => isWornOut(site))) return segment.inherited;
  const items = itemsOn(segment, frames(itemsForInit, DEPTH));
  return items.length === 0 ? segment.inherited : [...items, ...segment.inherited];
}

/** @param {number} site */
function isWornOut(site) {
  const count = looks.get(site) ?? 0;
  looks.set(site, count + 1);
  return count > MOST_LOOKS;
}

/**
 * Whether a crossing may be why the storage has what it has: nothing else has been entered for it
 * since, and the store is not the one that was expected.
 *
 * @param {Birth | Call | Item} crossing
 * @param {Context | undefined} now
 * @param {StorageRecord} storage
 * @param {unknown} value  what was read
 */
function isAtFault({ parent, now: then }, now, storage, value) {
  const expected = effective(parent, storage);
  if (expected === undefined || expected.exited || expected.holds(value)) return false;
  const there = effective(now, storage);
  if (there?.id !== effective(then, storage)?.id) return false;
  // A store that no context knows was entered in a way that we do not see.
  const isKnown =
    there === undefined || there.exited
      ? value === undefined || Object.is(value, storage.absent)
      : there.holds(value);
  return isKnown && !isRight(now, parent, storage);
}

/**
 * The crossing to blame for a read: the outermost of those with the expected context of the
 * innermost one. `undefined` if none is at fault.
 *
 * @param {Context | undefined} now
 * @param {StorageRecord} storage
 * @param {unknown} value
 * @param {{ stack?: any }} captured  the stack of the read
 */
function blamed(now, storage, value, captured) {
  const { segment } = state;
  const items = [...itemsOn(segment, framesOf(captured)), ...segment.inherited];
  /** @type {Item | undefined} */
  let found;
  for (const item of items) {
    if (!isAtFault(item, now, storage, value) || !isPlaced(item.crossing)) continue;
    if (found === undefined) {
      found = item;
    } else if (item.parent.id === found.parent.id || descends(found.parent, item.parent)) {
      const { crossing } = item;
      if (crossing.rule !== 'birth' && isCallOf(item, found)) found.registered ??= crossing;
      else if (isNamed(crossing)) found = item;
    }
  }
  return found;
}

/**
 * Whether it can be said where it was made. What Node itself registers is not to blame: whoever
 * had it do so is.
 *
 * @param {Birth | Call} crossing
 */
function isPlaced(crossing) {
  return crossing.rule === 'birth' || crossing.registration.place !== 0;
}

/**
 * Whether the program has made it by name, so that a mend can stand there: what Node has registered
 * on its behalf, as pipe() does, is blamed only if there is nothing else.
 *
 * @param {Birth | Call} crossing
 */
function isNamed(crossing) {
  return crossing.rule === 'birth' || crossing.registration.isDirect;
}

/**
 * Whether a call of ours is that of the function itself.
 *
 * @param {Item} call
 * @param {Item} birth
 */
function isCallOf(call, birth) {
  return (
    birth.crossing.rule === 'birth' &&
    call.parent.id === birth.parent.id &&
    call.at === birth.at + 1
  );
}

/**
 * Whether a look at the stack can find something to blame for a read.
 *
 * @param {Context | undefined} now
 * @param {StorageRecord} storage
 * @param {unknown} value
 */
function isSuspicious(now, storage, value) {
  const { births, calls, inherited } = state.segment;
  const fault = (/** @type {Birth | Call | Item} */ one) => isAtFault(one, now, storage, value);
  return births.some(fault) || calls.some(fault) || inherited.some(fault);
}

/**
 * Counts the contexts in which functions of a site, made in one context, have run that are not it.
 *
 * @param {Context} parent
 * @param {number} site
 * @param {Context | undefined} now
 */
function countForeign(parent, site, now) {
  parent.instances ??= new Map();
  let contexts = parent.instances.get(site);
  if (contexts === undefined) parent.instances.set(site, (contexts = new Set()));
  // More than a few say no more than a few.
  if (contexts.size < 4) contexts.add(now?.id ?? 0);
  return contexts.size;
}

/**
 * @param {Context} parent
 * @param {number} site
 */
function foreignOf(parent, site) {
  return parent.instances?.get(site)?.size ?? 0;
}

onInit(itemsForInit);

module.exports = {
  Birth,
  Call,
  DEPTH,
  Item,
  MOST_BIRTHS,
  blamed,
  countForeign,
  foreignOf,
  isSuspicious,
  learn,
};
