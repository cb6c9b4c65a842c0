'use strict';

// The libraries of a service. Each keeps its own data for the request, in its own storage from
// Node, as such libraries do.

const { AsyncLocalStorage } = require('node:async_hooks');

class Library {
  #storage = new AsyncLocalStorage();

  /** Goes on with the request in a scope of this library. */
  enter(request, next) {
    return this.#storage.run({ library: this, request }, next);
  }

  /** Whether the scope is the one that this library entered for the request. */
  isIn(request) {
    const store = this.#storage.getStore();
    return store?.library === this && store.request === request;
  }
}

const named = {
  framework: new Library(),
  logger: new Library(),
  tracer: new Library(),
  tenant: new Library(),
  transaction: new Library(),
};

const NAMED = Object.keys(named).length;

/** More of them, until there are `storages` in all. They are entered, but not read. */
function further(storages) {
  return Array.from({ length: storages - NAMED }, () => new Library());
}

module.exports = { ...named, NAMED, further };
