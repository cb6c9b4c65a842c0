'use strict';

// A host for the scope list of the engine `hooks`, without Node's hooks: resources with ids and the
// frames they keep, a queue of callbacks, and the engine whose verbs are made of the list.

const scopes = require('../../lib/engine/hooks/scopes.js');

class Host {
  #running; // the resource whose callback runs
  #nextId = 1;
  #callbacksHooked = false;
  #asked = 0;
  #queue = [];

  constructor() {
    scopes.useHost({
      asyncId: () => this.#running.asyncId,
      ownFrame: () => {
        this.#asked++;
        return this.#running.frame;
      },
      tellEnd: () => {
        this.#callbacksHooked = true;
      },
    });
    this.engine = {
      name: 'hooks',
      reason: 'a test',
      slot: undefined,
      install() {},
      scopes: scopes.scopes,
      current: scopes.current,
      swap: scopes.swap,
      leave: scopes.leave,
      enter: scopes.enter,
      openScope: scopes.openHere,
      openResource: ({ asyncId, frame }) => scopes.open(asyncId, frame),
      closeScope: scopes.closeTo,
    };
  }

  /** How often the list has asked what a resource keeps. */
  get asked() {
    return this.#asked;
  }

  /** A resource that keeps the frame of the running code. */
  resource() {
    const frame = this.#running === undefined ? undefined : this.engine.current();
    return { asyncId: this.#nextId++, frame };
  }

  /** Runs `callback` in the resource. `ends: false`: the host does not tell the end of it. */
  run(resource, callback, { ends = true } = {}) {
    const before = this.#running;
    const hooked = this.#callbacksHooked;
    this.#running = resource;
    if (hooked) scopes.beginCallback(resource.asyncId);
    try {
      return callback();
    } finally {
      if (this.#callbacksHooked && ends) scopes.endCallback(resource.asyncId);
      this.#running = before;
    }
  }

  /** Runs `callback` as a reaction of a promise that keeps the resource's frame. */
  runPromise(resource, callback) {
    const before = this.#running;
    this.#running = resource;
    scopes.openPromise(resource.asyncId, resource.frame);
    try {
      return callback();
    } finally {
      scopes.closePromise();
      this.#running = before;
    }
  }

  /** Runs `callback` as runInAsyncScope() of the resource does. */
  runInScope(resource, callback) {
    const outer = this.engine.openResource(resource);
    try {
      return this.run(resource, callback);
    } finally {
      this.engine.closeScope(outer);
    }
  }

  /** `job` runs later, in no callback. */
  queue(job) {
    this.#queue.push(job);
  }

  /** Runs all jobs, those that are queued meanwhile, too. */
  drain() {
    while (this.#queue.length > 0) {
      this.#queue.shift()();
      scopes.endJob();
    }
  }
}

module.exports = { Host };
