'use strict';

// Records all that runs: which resource was made by which, its callbacks, what settles promises,
// and reads. Only for the tiers that ask for it, because it costs several times what runs.

const { createHook, executionAsyncId } = require('../node/async-hooks.js');
const { current } = require('./contexts.js');
const { kinds } = require('./event-kinds.js');
const { placeHere } = require('./places.js');

// Of the stacks of resources.
const DEPTH = 8;

class Picture {
  #session;
  /** @type {Map<string, number>} */
  #types = new Map();
  #hook;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    /**
     * @param {number} id
     * @param {string} type
     * @param {number} trigger
     */
    const init = (id, type, trigger) => {
      const ctx = current()?.id ?? 0;
      const site = placeHere(init, DEPTH);
      session.put(kinds.INIT, id, trigger, executionAsyncId(), ctx, site, this.#typeOf(type));
    };
    this.#hook = createHook({
      init,
      before: (id) => session.put(kinds.BEFORE, id, 0, 0, current()?.id ?? 0, 0, 0),
      after: (id) => session.put(kinds.AFTER, id, 0, 0, 0, 0, 0),
      destroy: (id) => session.put(kinds.DESTROY, id, 0, 0, 0, 0, 0),
      promiseResolve: (id) => this.#resolved(id),
    });
  }

  begin() {
    this.#hook.enable();
  }

  /**
   * @param {import('./storage-records.js').StorageRecord} record
   * @param {import('./contexts.js').Context | undefined} now
   * @param {{ read: number, via: number }} where
   * @param {boolean} isAbsent
   */
  read(record, now, { read, via }, isAbsent) {
    this.#session.put(kinds.READ, record.id, Number(isAbsent), via, now?.id ?? 0, read, 0);
  }

  /** @param {number} id */
  #resolved(id) {
    const site = placeHere(this.#resolved, DEPTH);
    this.#session.put(kinds.RESOLVE, id, 0, 0, current()?.id ?? 0, site, 0);
  }

  /** @param {string} type */
  #typeOf(type) {
    let number = this.#types.get(type);
    if (number === undefined) {
      number = this.#types.size + 1;
      this.#types.set(type, number);
      this.#session.evidence({ type: 'resource-type', id: number, name: type });
    }
    return number;
  }
}

module.exports = { Picture };
