'use strict';

// `pool.map()`: a task for each value of an iterable, and an iteration over their results. At most
// `concurrency` values are taken from the iterable whose results were not taken from the iteration.

const { AsyncResource } = require('../../async-resource.js');
const { aborted } = require('../../errors/pool.js');
const { Iteration, Outlet } = require('./outlet.js');
const { abortOf } = require('../tasks/abort-signals.js');
const { PlacedTask } = require('../tasks/task.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;
const SCOPE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: false });

/** @typedef {InstanceType<typeof import('../dispatcher.js').Dispatcher>} Dispatcher */
/** @typedef {import('./options.js').MapOptions} MapOptions */
/** @typedef {import('./outlet.js').End} Outcome */

/**
 * A value of the source, until its result is passed on. Without a task it stands for the failure
 * of the source. `place` is its index in the list, if those that were passed on were still there.
 *
 * @typedef {{ task: PlacedTask | undefined, outcome: Outcome | undefined, place: number }} Item
 */

/** What the source does. */
const phases = Object.freeze({
  UNOPENED: 'unopened', // nobody has asked for a result
  OPENING: 'opening', // it makes its iterator, and may do anything meanwhile
  RESTING: 'resting', // it is not asked for more values, until results are taken
  PULLING: 'pulling', // it is asked for values
  ENDED: 'ended', // it was closed, or has no more
  OVER: 'over', // and there are no more results
});

class Mapping {
  #dispatcher;
  #source;
  #options;
  #scope = new AsyncResource('WorkerPoolMap', SCOPE_OPTIONS);
  /** @type {string} */
  #phase = phases.UNOPENED;
  /** @type {any}  once it is open */
  #iterator;
  #isAsync;
  /** @type {Item[]}  in the order in which their results are passed on */
  #items = [];
  #passed = 0; // items that are no longer in the list
  #held = 0; // values whose results were not taken
  /** @type {Promise<void> | undefined}  when the source is closed, because of a failure */
  #closed;
  #outlet;

  /**
   * @param {Dispatcher} dispatcher
   * @param {any} source
   * @param {MapOptions} options
   * @param {Function} hidden  whose call the errors begin at
   */
  constructor(dispatcher, source, options, hidden) {
    this.#dispatcher = dispatcher;
    this.#source = source;
    this.#options = options;
    this.#isAsync = typeof source[Symbol.asyncIterator] === 'function';
    const feed = { asked: () => this.#ask(), taken: () => this.#taken(), stop: () => this.#stop() };
    this.#outlet = new Outlet(feed, hidden);
    this.results = new Iteration(this.#outlet);
  }

  #ask() {
    if (this.#phase === phases.UNOPENED) this.#open();
    else this.#taken(); // the stack may have been used up when a result was taken
  }

  #open() {
    this.#phase = phases.OPENING;
    this.#abort();
    if (this.#phase !== phases.OPENING) return;
    const source = this.#source;
    try {
      this.#options.signal?.addEventListener('abort', this.#abort);
      this.#iterator = this.#scoped(() =>
        this.#isAsync ? source[Symbol.asyncIterator]() : source[Symbol.iterator](),
      );
    } catch (error) {
      if (this.#phase === phases.OPENING) this.#phase = phases.ENDED;
      this.#fail(error);
      return;
    }
    if (this.#phase === phases.OPENING) {
      this.#phase = phases.RESTING;
      this.#fill();
    } else this.#quietly(() => this.#closeIterator()); // it was stopped meanwhile
  }

  #taken() {
    this.#held -= this.#outlet.taken;
    this.#outlet.taken = 0;
    this.#fill();
  }

  #fill() {
    if (this.#phase !== phases.RESTING || this.#held >= this.#options.concurrency) return;
    this.#scoped(() => this.#pull());
  }

  // It does not wait for a source that gives its values at once: the tasks go to Rust together.
  async #pull() {
    this.#phase = phases.PULLING;
    let asking = false;
    try {
      while (this.#phase === phases.PULLING && this.#held < this.#options.concurrency) {
        asking = true;
        const next = this.#iterator.next();
        const { done, value } = this.#isAsync ? await next : next;
        asking = false;
        if (this.#phase !== phases.PULLING) return;
        if (done) {
          this.#phase = phases.ENDED;
          this.#passOn();
          return;
        }
        const isPromise = !this.#isAsync && typeof value?.then === 'function';
        this.#submit(isPromise ? await value : value);
      }
      if (this.#phase === phases.PULLING) this.#phase = phases.RESTING;
    } catch (error) {
      if (asking && this.#phase === phases.PULLING) this.#phase = phases.ENDED;
      this.#fail(error);
    }
  }

  /** @param {unknown} value */
  #submit(value) {
    if (this.#phase !== phases.PULLING) return;
    const item = this.#add();
    const task = new PlacedTask(
      (result) => this.#settle(item, { failed: false, value: result }),
      (error) => this.#settle(item, { failed: true, value: error }),
    );
    item.task = task;
    this.#held++;
    try {
      this.#dispatcher.dispatch(value, task, this.#options.task);
    } catch (error) {
      task.fail(error); // the stack is used up
    }
  }

  #add() {
    /** @type {Item} */
    const item = { task: undefined, outcome: undefined, place: this.#passed + this.#items.length };
    this.#items.push(item);
    return item;
  }

  /**
   * @param {Item} item
   * @param {Outcome} outcome
   */
  #settle(item, outcome) {
    const items = this.#items;
    if (items[item.place - this.#passed] !== item) return; // it was given up
    item.outcome = outcome;
    // Without an order, it changes places with the first.
    if (!this.#options.ordered) {
      const first = items[0];
      items[item.place - this.#passed] = first;
      first.place = item.place;
      items[0] = item;
      item.place = this.#passed;
    }
    if (outcome.failed) {
      this.#giveUp(item.place - this.#passed + 1);
      this.#closed ??= this.#closeQuietly();
    }
    this.#passOn();
  }

  #passOn() {
    const items = this.#items;
    while (items.length > 0 && items[0].outcome !== undefined) {
      const { outcome } = /** @type {{ outcome: Outcome }} */ (items.shift());
      this.#passed++;
      if (outcome.failed) {
        this.#complete(outcome, false);
        return;
      }
      this.#outlet.put(outcome.value);
    }
    if (this.#phase !== phases.ENDED || items.length > 0) return;
    this.#complete({ failed: false, value: undefined }, false);
  }

  /**
   * The source has failed.
   *
   * @param {unknown} error
   */
  #fail(error) {
    this.#settle(this.#add(), { failed: true, value: error });
  }

  #abort = () => {
    const { signal } = this.#options;
    const failure = signal === undefined ? undefined : abortOf(signal);
    if (failure === undefined) return; // anybody can dispatch the event
    this.#giveUp(0);
    this.#closed ??= this.#closeQuietly();
    this.#complete({ failed: true, value: failure }, true);
  };

  /**
   * @param {Outcome} outcome
   * @param {boolean} atOnce
   */
  #complete(outcome, atOnce) {
    if (this.#phase === phases.OVER) return;
    this.#end();
    this.#outlet.complete(outcome, atOnce);
  }

  #stop() {
    this.#giveUp(0);
    try {
      return this.#closed ?? this.#close();
    } finally {
      this.#end();
    }
  }

  /**
   * Cancels the tasks from this place on.
   *
   * @param {number} place
   */
  #giveUp(place) {
    /** @type {PlacedTask[]} */
    const tasks = [];
    for (const { task, outcome } of this.#items.splice(place)) {
      if (task !== undefined && outcome === undefined) tasks.push(task);
    }
    if (tasks.length > 0) this.#dispatcher.cancel(tasks, () => aborted(undefined));
  }

  /** Closes the source, unless it has ended. What that returns may be a promise. */
  #close() {
    if (this.#phase !== phases.RESTING && this.#phase !== phases.PULLING) return undefined;
    this.#phase = phases.ENDED;
    return this.#closeIterator();
  }

  #closeIterator() {
    return this.#scoped(() => this.#iterator.return?.());
  }

  #closeQuietly() {
    return this.#quietly(() => this.#close());
  }

  /** @param {() => unknown} close */
  async #quietly(close) {
    try {
      await close();
    } catch {
      /* what closes the source is what counts */
    }
  }

  #end() {
    this.#phase = phases.OVER;
    this.#options.signal?.removeEventListener('abort', this.#abort);
  }

  /** @param {() => any} fn */
  #scoped(fn) {
    return apply(runInAsyncScope, this.#scope, [fn]);
  }
}

module.exports = { Mapping };
