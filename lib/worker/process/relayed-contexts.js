'use strict';

// The contexts of tasks whose processor runs in another process: here they are only passed on. What
// was sent of each is the value of a storage, in a box, so that what returns can take its place.

const { storageFor } = require('../../contexts/index.js');

/** @typedef {import('../../contexts/context.js').Description} Description */
/** @typedef {{ value: unknown }} Box */

// Carriers, too: what defines them is loaded in the process.
const conversions = Object.freeze({
  serialize: (/** @type {Box} */ box) => box.value,
  deserialize: (/** @type {unknown} */ value) => ({ value }),
});

class RelayedContexts {
  #storages;
  #returning;

  /** @param {readonly Description[]} descriptions */
  constructor(descriptions) {
    this.#storages = descriptions.map(({ name }) => storageFor(name, conversions));
    this.#returning = this.#storages.filter((_, i) => descriptions[i].returns);
    /** @type {Description[]}  as they are in this thread */
    this.descriptions = descriptions.map(({ name, returns }) => {
      return { name, isStorage: true, serialized: true, returns, module: undefined };
    });
  }

  /** What was sent with the task that begins; `undefined` if nothing was. */
  values() {
    const values = this.#storages.map((storage) => boxIn(storage)?.value);
    return values.every((value) => value === undefined) ? undefined : values;
  }

  /**
   * What has become of those that return, in the task that has ended.
   *
   * @param {readonly unknown[]} values
   */
  return(values) {
    this.#returning.forEach((storage, i) => {
      const box = boxIn(storage);
      if (box !== undefined) box.value = values[i];
    });
  }
}

/** @param {{ getStore(): unknown }} storage */
const boxIn = (storage) => /** @type {Box | undefined} */ (storage.getStore());

module.exports = { RelayedContexts };
