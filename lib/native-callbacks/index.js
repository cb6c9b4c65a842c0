'use strict';

// Keeps the context of callbacks that other people's addons call. An addon calls back from the
// event loop, and what Node then makes current is, by version and kind of the call, nothing, or the
// context in which the addon made its native object. Two things are done about it:
//
//  - *arguments*: a function that is handed to an addon is bound to the context of that call
//    (exports.js, bound.js);
//  - *resources*: a hook of async_hooks carries the context in which the addon made its native
//    object, where Node does not (resources.js).
//
// They know different contexts, of the call and of the object, and repair different addons. The
// first is nearer to what the program means, so a bound function corrects what the hook has found;
// it never overrides a context that JavaScript has entered.
//
// All copies of the package in a thread share the first one's state: nothing is bound twice. What
// binds and the hook are loaded with the first addon: under `register` most programs have none.

const { AsyncResource } = require('../node/async-hooks.js');
const { checkedOptions } = require('./options.js');
const { Loading, isOurs } = require('./loading.js');

// The number is that of the protocol between copies: `keep()` of the shared object.
const SHARED = Symbol.for('async-hooks-rs.native-callbacks.1');

/**
 * What one call of keepNativeCallbacks() asks for.
 *
 * @typedef {object} Request
 * @property {(file: string) => boolean} binds  whether arguments for this addon are bound
 * @property {boolean} resources
 */

class NativeCallbacks {
  /** @type {Set<Request>}  those that are not disabled */
  #requests = new Set();
  /** @type {Map<string, { exports: unknown }>}  other people's addons that are loaded, by file */
  #addons = new Map();
  #loading = new Loading((file, module) => this.#loaded(file, module));
  /** @type {import('./exports.js').Wrapping | undefined} */
  #wrapping;
  /** @type {import('./resources.js').ResourceHook | undefined} */
  #hook;

  /**
   * Adds a request. `addons()` are the files for which it binds, in the order in which they were
   * loaded.
   *
   * @param {Request} request
   */
  keep(request) {
    this.#requests.add(request);
    this.#loading.watch();
    this.#loading.forEachLoaded((file, module) => this.#note(file, module));
    for (const [file, module] of this.#addons) this.#apply(file, module);
    return {
      addons: () =>
        this.#requests.has(request) ? [...this.#addons.keys()].filter(request.binds) : [],
      disable: () => this.#remove(request),
    };
  }

  /**
   * @param {string} file
   * @param {{ exports: unknown }} module
   */
  #loaded(file, module) {
    this.#note(file, module);
    if (this.#addons.has(file)) this.#apply(file, module);
  }

  /**
   * @param {string} file
   * @param {{ exports: unknown }} module
   */
  #note(file, module) {
    if (!isOurs(file)) this.#addons.set(file, module);
  }

  /**
   * @param {string} file
   * @param {{ exports: unknown }} module
   */
  #apply(file, module) {
    const requests = [...this.#requests];
    if (requests.some(({ resources }) => resources)) {
      this.#hook ??= new (require('./resources.js').ResourceHook)();
      this.#hook.enable();
    }
    if (requests.some(({ binds }) => binds(file))) {
      this.#wrapping ??= new (require('./exports.js').Wrapping)();
      this.#wrapping.wrap(file, module);
    }
  }

  /** @param {Request} request */
  #remove(request) {
    if (!this.#requests.delete(request)) return;
    const rest = [...this.#requests];
    this.#wrapping?.unwrap((file) => rest.some(({ binds }) => binds(file)));
    if (!rest.some(({ resources }) => resources)) this.#hook?.disable();
    if (rest.length === 0) this.#loading.unwatch();
  }
}

/** @returns {Pick<NativeCallbacks, 'keep'>}  the one of the thread */
function shared() {
  const place = /** @type {any} */ (AsyncResource);
  if (place[SHARED] === undefined) {
    Object.defineProperty(AsyncResource, SHARED, {
      __proto__: null,
      value: new NativeCallbacks(),
      enumerable: false,
      writable: false,
      configurable: false,
    });
  }
  return place[SHARED];
}

/**
 * keepNativeCallbacks() of the public interface.
 *
 * @param {unknown} options
 * @param {Function} hidden  what errors leave out of their stacks
 */
function keep(options, hidden) {
  const kept = shared().keep(checkedOptions(options, hidden));
  return {
    get addons() {
      return kept.addons();
    },
    disable() {
      kept.disable();
    },
  };
}

module.exports = { keep };
