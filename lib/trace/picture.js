'use strict';

// Records all that runs: which resource was made by which, its callbacks, what settles promises,
// and reads. Only for the tiers that ask for it, because it costs several times what runs.

const { createHook, executionAsyncId } = require('../node/async-hooks.js');
const { current } = require('./contexts.js');
const { kinds } = require('./event-kinds.js');
const { ResourcePlaces } = require('./resource-places.js');

class Picture {
  #session;
  /** @type {Map<string, number>} */
  #types = new Map();
  #places = new ResourcePlaces();
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
      const number = this.#typeOf(type);
      const running = executionAsyncId();
      const site = this.#places.made(id, number, trigger, running, ctx, init);
      session.put(kinds.INIT, id, trigger, running, ctx, site, number);
    };
    /** @param {number} id */
    const promiseResolve = (id) => {
      const ctx = current()?.id ?? 0;
      const site = this.#places.resolved(id, ctx, promiseResolve);
      session.put(kinds.RESOLVE, id, 0, 0, ctx, site, 0);
    };
    this.#hook = createHook({
      init,
      before: (id) => {
        this.#places.turn();
        session.put(kinds.BEFORE, id, 0, 0, current()?.id ?? 0, 0, 0);
      },
      after: (id) => {
        this.#places.turn();
        session.put(kinds.AFTER, id, 0, 0, 0, 0, 0);
      },
      destroy: (id) => session.put(kinds.DESTROY, id, 0, 0, 0, 0, 0),
      promiseResolve,
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
