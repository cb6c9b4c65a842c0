'use strict';

// The keys of tasks, as Rust knows them: by numbers, which it gives a thread each. A key without
// tasks keeps its number, and so its thread, until there are too many of them.

const { notTaken } = require('../../errors/pool.js');
const { SafeMap } = require('../../node/safe-map.js');
const { NO_WORKER } = require('../../wire/answer.js');
const { KEY_SHIFT, LAST_KEY } = require('../../wire/packet.js');

/** So many keys without tasks are remembered. */
const KEPT_KEYS = 10_000;

/** @typedef {{ name: string, number: number, tasks: number }} Key */

class Keys {
  #native;
  /** @type {Map<string, Key>} */
  #keys = new SafeMap(); // by name
  /** @type {Map<number, Key>} */
  #byTask = new SafeMap(); // by the id of the task
  #idle = 0; // how many have no task
  #last = 0;
  /** @type {number[]} */
  #free = []; // numbers

  /** @param {import('../../package/addon.js').NativePool} native */
  constructor(native) {
    this.#native = native;
  }

  /**
   * The key of the task of this id, which is under way.
   *
   * @param {number} id
   */
  keyOf(id) {
    return this.#byTask.get(id)?.name;
  }

  /**
   * The first worker of the thread that takes the tasks of the key, if it is bound to one.
   *
   * @param {string} name
   */
  homeOf(name) {
    const key = this.#keys.get(name);
    const home = key === undefined ? NO_WORKER : this.#native.keyHome(key.number);
    return home === NO_WORKER ? undefined : home;
  }

  /**
   * The task of this id is about to be written. Returns its options, with the number of its key.
   *
   * @param {number} id
   * @param {import('./options.js').TaskOptions} options
   * @returns {import('./options.js').TaskOptions}
   */
  enter(id, options) {
    this.drop(id); // of a task that was not written: the stack may have been used up for that
    const key = this.#find(/** @type {string} */ (options.key));
    this.#byTask.set(id, key);
    if (key.tasks++ === 0) this.#idle--;
    return { ...options, order: options.order | (key.number << KEY_SHIFT) };
  }

  /**
   * The task is settled, or was not written.
   *
   * @param {number} id
   */
  drop(id) {
    const key = this.#byTask.get(id);
    if (key === undefined) return;
    this.#byTask.delete(id);
    if (--key.tasks > 0) return;
    this.#idle++;
    if (this.#idle > KEPT_KEYS) this.#forgetIdle();
  }

  /** @param {string} name */
  #find(name) {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const number = this.#free.pop() ?? this.#last + 1;
    if (number > LAST_KEY) throw notTaken();
    this.#last = Math.max(this.#last, number);
    const key = { name, number, tasks: 0 };
    this.#keys.set(name, key);
    this.#idle++;
    return key;
  }

  #forgetIdle() {
    this.#keys.forEach(({ name, number, tasks }) => {
      if (tasks > 0) return;
      this.#native.forgetKey(number);
      this.#keys.delete(name);
      this.#free[this.#free.length] = number;
      this.#idle--;
    });
  }
}

module.exports = { Keys };
