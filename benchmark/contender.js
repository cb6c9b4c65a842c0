'use strict';

// The contenders. A process loads only one of them: merely loading another class could install
// hooks, or teach the compiler two shapes for one call.

const path = require('node:path');

// The folder of the package: this checkout, or one that was installed or is of another version.
const PACKAGE = path.resolve(process.env.BENCHMARK_PACKAGE ?? path.join(__dirname, '..'));

// No tracking: the calls of a program that enters scopes, which nothing carries. It remembers the
// last store, so that the cases can read one.
class Untracked {
  #store;

  run(store, fn, ...args) {
    this.#store = store;
    return fn(...args);
  }

  getStore() {
    return this.#store;
  }
}

// Ours, with an addon loaded, and keepNativeCallbacks() or not. cargo builds the addon.
function withAddon(options) {
  const { AsyncLocalStorage, keepNativeCallbacks } = require(PACKAGE);
  if (options !== undefined) keepNativeCallbacks(options);
  const { addonFile } = require('../__test__/helpers/native-kinds.js');
  return { AsyncLocalStorage, addon: require(addonFile()) };
}

const contenders = {
  none: () => ({ AsyncLocalStorage: Untracked }),
  builtin: () => require('node:async_hooks'),
  ours: () => require(PACKAGE),
  addon: () => withAddon(undefined),
  arguments: () => withAddon({ resources: false }),
  both: () => withAddon({}),
};

/** The classes of the contender `name`, loaded into this process. */
function load(name) {
  if (!Object.hasOwn(contenders, name)) throw new RangeError(`unknown contender '${name}'`);
  return contenders[name]();
}

/** The contender of this class, whatever was preloaded: only ours undoes the inner store. */
function contenderOf(AsyncLocalStorage) {
  const storage = new AsyncLocalStorage();
  if (storage.enterWith === undefined) return 'none';
  return storage.run(1, () => {
    storage.run(1, () => storage.enterWith(2));
    return storage.getStore() === 1 ? 'register' : 'builtin';
  });
}

module.exports = { PACKAGE, load, contenderOf };
