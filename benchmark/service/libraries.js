'use strict';

// Five libraries of a service. Each keeps something of its own for the request, in a storage of its
// own that it gets from Node, as such libraries do.

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

module.exports = {
  framework: new Library(),
  logger: new Library(),
  tracer: new Library(),
  tenant: new Library(),
  transaction: new Library(),
};
