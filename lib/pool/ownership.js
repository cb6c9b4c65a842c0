'use strict';

// Who holds a pool. While tasks are under way, the pool is held here; otherwise by nobody but its
// user: what Node calls (the addon's channel, listeners of workers, timers) reaches it weakly. A
// pool that nobody can reach and that has nothing to do is collected, and its threads end.

const { setImmediate } = require('../node/clock.js');
const { SafeSet } = require('./safe-map.js');

/** The dispatchers with tasks under way. */
const active = new SafeSet();

/** As long as it is taken, neither does the process end nor is the dispatcher collected. */
class Hold {
  #dispatcher;
  #ref;
  #unref;
  #isNeeded;
  #ended;
  #taken = false;
  #releasing = false;
  #release = () => {
    this.#releasing = false;
    if (!this.#taken || this.#isNeeded()) return;
    this.end();
    this.#ended();
  };

  /**
   * @param {object} dispatcher
   * @param {{ ref: () => void, unref: () => void, isNeeded: () => boolean,
   *   ended: () => void }} options  `ref` and `unref` are the addon's; `ended` is called when
   *   `releaseSoon()` has ended it
   */
  constructor(dispatcher, { ref, unref, isNeeded, ended }) {
    this.#dispatcher = dispatcher;
    this.#ref = ref;
    this.#unref = unref;
    this.#isNeeded = isNeeded;
    this.#ended = ended;
  }

  /** Taken until `end()`, or until it is not needed any more. */
  take() {
    if (this.#taken) return;
    this.releaseSoon(); // if the submission that takes it is broken off
    this.#ref();
    active.add(this.#dispatcher);
    this.#taken = true;
  }

  /** Not at once: most often a task follows, and both calls take longer than it. */
  releaseSoon() {
    if (!this.#releasing) setImmediate(this.#release);
    this.#releasing = true;
  }

  end() {
    this.#unref();
    active.delete(this.#dispatcher);
    this.#taken = false;
  }
}

/**
 * A function for Node to call that does not hold `object`. Neither may `method`: it does if another
 * closure beside it uses `this`, because closures of one call share their context.
 */
function weakly(object, method) {
  const reference = new WeakRef(object);
  return (...args) => {
    const target = reference.deref();
    if (target !== undefined) method(target, ...args);
  };
}

const dropped = new FinalizationRegistry(({ native, workers }) => {
  native.close();
  native.release();
  for (const worker of workers) worker.terminate();
});

/** Ends what belongs to the dispatcher once it is collected. */
function closeDropped(dispatcher, native, { workers }) {
  dropped.register(dispatcher, { native, workers }, dispatcher);
}

/** The dispatcher was closed: nothing of it is to be held until it is collected. */
function wasClosed(dispatcher) {
  dropped.unregister(dispatcher);
}

module.exports = { Hold, closeDropped, wasClosed, weakly };
