'use strict';

// One callback run of the thread, and what has crossed in it: functions that run in another context
// than the one in which they were made. What is begun while such a function runs belongs to it, and
// its callbacks inherit it.
//
// The hook of async_hooks that tells one run from the next is not there until something crosses.

const { createHook, executionAsyncResource } = require('../node/async-hooks.js');

/**
 * @typedef {object} Crossing
 * @property {'birth' | 'emitter' | 'bind'} rule
 * @property {number} site  of the function in the table of places
 * @property {import('./contexts.js').Context} parent  in which it was made
 * @property {import('./contexts.js').Context | undefined} now  in which it ran
 * @property {number} ranBy  a place; 0 if it is not known yet
 * @property {object} made  where and what
 */

/** @typedef {import('./crossings.js').Item} Item */

class Segment {
  /**
   * Functions that have crossed, also those that have returned.
   *
   * @type {import('./crossings.js').Birth[]}
   */
  births = [];
  /**
   * Listeners and bound functions that have crossed and have not returned.
   *
   * @type {import('./crossings.js').Call[]}
   */
  calls = [];
  /** @type {readonly Item[]} */
  inherited;

  /** @param {readonly Item[]} inherited */
  constructor(inherited) {
    this.inherited = inherited;
  }
}

/** @type {readonly Item[]} */
const NOTHING = Object.freeze([]);
/** In which nothing has crossed. */
const EMPTY = new Segment(NOTHING);

const MOST_NESTED = 4096; // a program that throws in callbacks may leave some behind

/** What is read often, as properties of one object. */
const state = { segment: EMPTY, isHooked: false };

/** @type {Segment[]} */
const outer = [];
/** @type {number[]} */
const ids = [];

/** @type {WeakMap<object, readonly Item[]>} */
const inherited = new WeakMap();
let someInherit = false;

/** @type {(segment: Segment) => readonly Item[]} */
let itemsNow = () => NOTHING;

/** The segment, to note in it what crosses. */
function segmentToChange() {
  if (state.segment === EMPTY) state.segment = new Segment(NOTHING);
  if (!state.isHooked) {
    state.isHooked = true;
    hook.enable();
  }
  return state.segment;
}

/** Begins a run within the current one. */
function begin() {
  outer.push(state.segment);
  ids.push(0);
  state.segment = EMPTY;
}

/** Ends it. */
function end() {
  state.segment = outer.pop() ?? EMPTY;
  ids.pop();
}

const hook = createHook({
  init(_id, _type, _trigger, resource) {
    if (state.segment === EMPTY) return;
    const items = itemsNow(state.segment);
    if (items.length === 0) return;
    inherited.set(resource, items);
    someInherit = true;
  },
  before(id) {
    if (outer.length === MOST_NESTED) outer.length = ids.length = 0;
    outer.push(state.segment);
    ids.push(id);
    state.segment = EMPTY;
    if (!someInherit) return;
    const items = inherited.get(executionAsyncResource());
    if (items !== undefined) state.segment = new Segment(items);
  },
  after(id) {
    const at = ids.lastIndexOf(id);
    if (at < 0) {
      // It had begun before the hook was there.
      if (ids.length === 0) state.segment = EMPTY;
      return;
    }
    // What the outermost run has gone through ends with it: nobody says when the main script ends.
    state.segment = at === 0 ? EMPTY : outer[at];
    outer.length = ids.length = at;
  },
});

/**
 * @param {(segment: Segment) => readonly Item[]} items  what has crossed and has not returned, for
 *   what is begun now
 */
function onInit(items) {
  itemsNow = items;
}

module.exports = { EMPTY, Segment, begin, end, onInit, segmentToChange, state };
