'use strict';

// Tells which addons are loaded. All of Node's loaders look `process.dlopen` up at each call. In
// Deno only the function for the extension can be replaced.

const { objectsOf } = require('../node/builtin-module.js');
// The thread's, as `require.cache` and `require.extensions` are not.
const { _cache: modules, _extensions: extensions } = /** @type {any} */ (
  require('../package/module-class.js')
);

// The thread's, not the one of a test runner's realm.
const [process] = objectsOf('node:process', require('node:process'));

/** Where the function is that loads `(module, file, ...)`. */
const [holder, key] =
  process.versions.deno === undefined ? [process, 'dlopen'] : [extensions ?? {}, '.node'];

const { apply } = Reflect;
const OURS = /(?:^|[\\/])async-hooks-rs\.[^\\/]*\.node$/;

/**
 * Whether a file is the addon of this or another copy of the package.
 *
 * @param {string} file
 */
function isOurs(file) {
  return OURS.test(file);
}

/**
 * The path without the prefix that Node gives it for Windows: as in `require.cache`.
 *
 * @param {string} file
 */
function plainPath(file) {
  return file.replace(/^\\\\\?\\UNC\\/, '\\\\').replace(/^\\\\\?\\/, '');
}

class Loading {
  #report;
  /** @type {Function | undefined} */
  #before;
  /** @type {Function | undefined} */
  #installed;

  /**
   * @param {(file: string, module: { exports: unknown }) => void} report  what is called for each
   *   addon that is loaded
   */
  constructor(report) {
    this.#report = report;
  }

  /** Replaces the function that loads. Where it is frozen, it stays. */
  watch() {
    const load = holder[key];
    if (load === this.#installed || typeof load !== 'function') return;
    const report = this.#report;
    const installed = {
      /** @param {...any} args */
      dlopen(...args) {
        const result = apply(load, this, args);
        const [module, file] = args;
        if (typeof file === 'string') report(plainPath(file), module);
        return result;
      },
    }.dlopen;
    if (!Reflect.set(holder, key, installed)) return;
    this.#before = load;
    this.#installed = installed;
  }

  /** Puts back what was there. What somebody else has put over ours stays, and ours beneath it. */
  unwatch() {
    if (holder[key] === this.#installed) Reflect.set(holder, key, this.#before);
    this.#installed = undefined;
  }

  /**
   * Calls `report` for each addon that is loaded, as far as require() knows.
   *
   * @param {(file: string, module: { exports: unknown }) => void} report
   */
  forEachLoaded(report) {
    for (const [file, module] of Object.entries(modules ?? {})) {
      if (file.endsWith('.node') && module?.loaded === true) report(file, module);
    }
  }
}

module.exports = { Loading, isOurs };
