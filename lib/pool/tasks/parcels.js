'use strict';

// Values that no encoding can carry: transfer lists, shared memory, objects of the host. They are
// kept here until a worker claims them, and go through its port.

const { MessagePort } = require('node:worker_threads');
const { SafeMap } = require('../../node/safe-map.js');
const { FEW_CALLS, reserveStack } = require('../../node/stack.js');
const { faultIn } = require('../../node/transfers.js');
const { notCloneable } = require('../../errors/pool.js');

// As they are now: a program may put something else in their place.
const { structuredClone } = globalThis;
const { apply } = Reflect;
const { close, postMessage } = MessagePort.prototype;

/**
 * @typedef {object} Parcel
 * @property {unknown} value
 * @property {any[]} transferList
 */

class Parcels {
  /** @type {Map<number, Parcel>} */
  #parcels = new SafeMap(); // by the id of their task

  /**
   * Copies a value now, as it is done with all others: what is changed later is not seen, what is
   * transferred is gone. Throws ERR_WORKER_POOL_NOT_CLONEABLE, or what `refusal` gives. It is asked
   * after the getters of the value, which may have caused it, and before anything is gone.
   *
   * @param {unknown} value
   * @param {any[]} transferList
   * @param {() => unknown} [refusal]
   * @returns {Parcel}
   */
  static pack(value, transferList, refusal) {
    // What is transferred is gone: then the task must get in.
    if (transferList.length > 0) reserveStack(FEW_CALLS);
    let refused;
    const parts = {
      value,
      transferList,
      get last() {
        refused = refusal?.();
        if (refused !== undefined) throw refused;
        return undefined;
      },
    };
    try {
      return structuredClone(parts, { __proto__: null, transfer: transferList });
    } catch (error) {
      throw refused ?? notCloneable('task', error, undefined, faultIn(transferList));
    }
  }

  /**
   * @param {number} id
   * @param {Parcel} parcel
   */
  keep(id, parcel) {
    this.#parcels.set(id, parcel);
  }

  /**
   * Posts the parcel of the task to the worker that has claimed it.
   *
   * @param {number} id
   * @param {import('node:worker_threads').MessagePort} port
   */
  post(id, port) {
    const parcel = this.#parcels.get(id);
    if (parcel === undefined) return; // its task was settled in between
    apply(postMessage, port, [{ value: parcel.value }, parcel.transferList]);
    this.#parcels.delete(id);
  }

  /**
   * The task is settled: if its parcel is still here, nobody needs it.
   *
   * @param {number} id
   */
  drop(id) {
    if (this.#parcels.size === 0) return;
    const parcel = this.#parcels.get(id);
    if (parcel === undefined) return;
    this.#parcels.delete(id);
    // Ports that nobody got: who holds the other end learns of it.
    for (const item of parcel.transferList) {
      if (item instanceof MessagePort) apply(close, item, []);
    }
  }
}

module.exports = { Parcels };
