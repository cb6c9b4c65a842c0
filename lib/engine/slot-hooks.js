'use strict';

// Engine `slot-hooks`: V8 carries the slot through promises, so an await costs nothing extra; an
// async_hooks hook carries it through timers, ticks and I/O, which Node does not do here.
// On Node 22 by default, on Node 24 and later with --no-async-context-frame.

const {
  createHook,
  executionAsyncId,
  executionAsyncResource,
  AsyncResource,
} = require('../node/async-hooks.js');
const { isPromise } = require('node:util').types;
const { FRAME, keepFrame } = require('./kept-frames.js');
const { withoutPromises } = require('../node/promise-tracking.js');
const { closeQuietly, dispensable, openQuietly, runTold } = require('../node/quiet-scopes.js');
const { onReport } = require('../node/rejections.js');
const internals = require('../node/internals.js');

/** @typedef {import('./slot.js').Slot} Slot */

/**
 * What is undone at the end of a report.
 *
 * @typedef {{ prior: unknown, outer: Report | undefined }} Report
 */

/**
 * The running callbacks, innermost last.
 *
 * @typedef {object} Callbacks
 * @property {unknown[]} outer  what was current before each
 * @property {number[]} running  the async ids of their resources
 * @property {(index: number) => unknown} close  forgets one and those inside it; returns what was
 *   current before
 * @property {() => void} show  shows the slot again that was hidden from parsers
 */

// The async id of the main script, in which Node starts.
const MAIN_SCRIPT = 1;

/** @param {Slot} slot */
function create(slot) {
  const { get, set, via } = slot;
  let installed = false;
  // What was current before each running callback, innermost last, and the async ids of their
  // resources.
  /** @type {unknown[]} */
  const outer = [];
  /** @type {number[]} */
  const running = [];
  /**
   * Forgets a callback and those inside it; returns what was current before.
   *
   * @param {number} index
   */
  const close = (index) => {
    const frame = outer[index];
    outer.length = index;
    running.length = index;
    return frame;
  };
  // No hook tells the end of the main script, and V8 puts the slot back after microtasks. So the
  // first tick after it takes out what was entered there: its `after` puts back nothing. Else every
  // new socket would inherit it.
  let flushing = false;
  const flush = () => {
    flushing = false;
    if (outer.length === 1) outer[0] = undefined;
  };
  /**
   * @template A, T
   * @param {unknown} frame
   * @param {(argument: A) => T} fn
   * @param {A} argument
   * @returns {T}
   */
  const inFrame = (frame, fn, argument) => {
    const prior = get();
    set(frame);
    try {
      return fn(argument);
    } finally {
      set(prior);
    }
  };
  return {
    name: 'slot-hooks',
    reason: 'V8 carries its continuation slot through promises, hooks carry it through the rest',
    slot: via,
    current: get,
    swap: set,
    /**
     * @param {unknown} entered
     * @param {unknown} prior
     */
    leave(entered, prior) {
      if (get() !== entered) {
        // A callback that began while it was current is over, although no hook said so.
        const index = outer.indexOf(entered);
        if (index === -1) return false;
        close(index);
      }
      set(prior);
      return true;
    },
    /** @param {unknown} frame */
    enter(frame) {
      // First, because the stack may be used up: then nothing is entered.
      if (executionAsyncId() === MAIN_SCRIPT && outer.length === 0 && !flushing) {
        process.nextTick(flush);
        flushing = true;
      }
      set(frame);
    },
    /**
     * @template A, T
     * @param {string} type
     * @param {import('node:async_hooks').AsyncResourceOptions} options
     * @param {unknown} frame
     * @param {(argument: A) => T} fn
     * @param {A} argument
     * @returns {T}
     */
    runInResource(type, options, frame, fn, argument) {
      const resource = openQuietly(type, options);
      // Where Node carries frames, its runInAsyncScope() enters the one that it has kept.
      if (resource === undefined) return runTold(type, options, () => inFrame(frame, fn, argument));
      try {
        return inFrame(frame, fn, argument);
      } finally {
        closeQuietly(resource);
      }
    },
    install() {
      if (installed) return;
      installed = true;
      const show = require('../node/parsers.js').hideFromParsers(slot);
      const hook = resourceHook({ get, set, outer, running, close, show });
      withoutPromises(dispensable(hook)).enable();
      carryRejections(get, set);
      require('../node/exceptions.js').onSurvived(() => set(undefined));
    },
  };
}

/**
 * @param {Pick<Slot, 'get' | 'set'> & Callbacks} state
 */
function resourceHook({ get, set, outer, running, close, show }) {
  return createHook({
    __proto__: null,
    init(asyncId, type, triggerAsyncId, resource) {
      if (type === 'PROMISE' && isPromise(resource)) return; // V8 carries these
      show();
      keepFrame(resource, get());
    },
    before(asyncId) {
      const resource = executionAsyncResource();
      running.push(asyncId);
      outer.push(get());
      const frame = /** @type {any} */ (resource)?.[FRAME];
      // Another hook may have promises tracked, and then this runs for them too: V8 has set the
      // slot already. (Node 23.11 calls it even for a hook that asked not to be.)
      if (frame !== undefined || !isPromise(resource)) set(frame);
    },
    after(asyncId) {
      if (running[running.length - 1] === asyncId) {
        running.pop();
        set(outer.pop());
        return;
      }
      // Callbacks inside this one threw, and Node emits no `after` for some of those. There is no
      // entry where the hook was enabled in the middle of the callback: then nothing was current;
      // nor where Node reports the rejection of a promise, which V8 carries.
      const index = running.lastIndexOf(asyncId);
      if (index !== -1) set(close(index));
      else if (!isPromise(executionAsyncResource())) set(undefined);
    },
  });
}

/**
 * For a rejection that nobody handles, Node keeps its own frame of the moment of the reject call,
 * and enters it around the report. Its frame class does nothing while AsyncContextFrame is off.
 * With our accessors it keeps and enters our frame, but only for a report: Node also enters frames
 * around every timer and tick, where the hook does the work. The accessors are own properties, so
 * that Node goes on to export the same AsyncLocalStorage.
 *
 * @param {Slot['get']} get
 * @param {Slot['set']} set
 */
function carryRejections(get, set) {
  const FrameClass = internals.read((closure) => closure(AsyncResource, 'AsyncContextFrame'));
  if (FrameClass?.enabled !== false) return; // not found, or Node does it itself
  let begins = false;
  /** @type {Report | undefined} */
  let report; // what is undone at the end of the innermost report
  const announced = onReport(() => {
    begins = true;
  });
  if (!announced) return;
  FrameClass.current = get;
  /** @param {unknown} frame */
  FrameClass.exchange = (frame) => {
    if (!begins) return undefined;
    begins = false;
    report = { prior: get(), outer: report };
    set(frame);
    return report;
  };
  /**
   * Node passes what exchange() returned.
   *
   * @param {unknown} ended
   */
  FrameClass.set = (ended) => {
    if (ended === undefined || ended !== report) return;
    set(report.prior);
    report = report.outer;
  };
}

module.exports = { create };
