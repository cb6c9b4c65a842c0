'use strict';

// A snapshot in a field instead of an AsyncResource: the methods run in the context in which the
// object was made.
//
// Prints:
//   123

const { AsyncLocalStorage } = require('async-hooks-rs');

const asyncLocalStorage = new AsyncLocalStorage();

class Foo {
  #runInAsyncScope = AsyncLocalStorage.snapshot();

  get() {
    return this.#runInAsyncScope(() => asyncLocalStorage.getStore());
  }
}

const foo = asyncLocalStorage.run(123, () => new Foo());
console.log(asyncLocalStorage.run(321, () => foo.get()));
