'use strict';

// Where the classes of storages come from: node:async_hooks, with whatever stands there, and the
// copies of this package in the thread.

const { followAsyncContext } = require('./async-context.js');
const builtin = require('../node/async-hooks.js');
const { objectsOf } = require('../node/builtin-module.js');
const { syncBuiltinESMExports } = require('../package/module-class.js');
const { REPLACED } = require('../node/replaced.js');
const { watchMicrotasks, watchResources } = require('./restores.js');

const { construct } = Reflect;

/**
 * Follows Node's classes and ours, also where `register` puts ours in place of Node's later.
 *
 * @param {import('./storages.js').Storages} storages
 */
function followClasses(storages) {
  const { AsyncLocalStorage, AsyncResource } = builtin;
  storages.follow(AsyncLocalStorage);
  watchResources(AsyncResource);
  watchMicrotasks();
  noticeNew(storages, AsyncLocalStorage);
  followOwn(storages);
}

/** @param {import('./storages.js').Storages} storages */
function followOwn(storages) {
  let own;
  try {
    own = require('../async-local-storage.js');
  } catch {
    return; // the environment names an engine that cannot be had: the program is told, if it asks
  }
  const { AsyncLocalStorage, onStorage } = own;
  followPair(storages, AsyncLocalStorage, require('../async-resource.js').AsyncResource);
  onStorage((/** @type {object} */ storage, /** @type {unknown} */ options) => {
    storages.made(storage, options, AsyncLocalStorage);
  });
  followAsyncContext(storages);
}

/**
 * Follows the classes of another copy of this package.
 *
 * @param {import('./storages.js').Storages} storages
 * @param {any} exports
 */
function followCopy(storages, exports) {
  const { AsyncLocalStorage, AsyncResource } = exports ?? {};
  if (typeof AsyncLocalStorage !== 'function' || typeof AsyncResource !== 'function') return;
  followPair(storages, AsyncLocalStorage, AsyncResource);
}

/**
 * @param {import('./storages.js').Storages} storages
 * @param {any} AsyncLocalStorage
 * @param {any} AsyncResource
 */
function followPair(storages, AsyncLocalStorage, AsyncResource) {
  storages.follow(AsyncLocalStorage);
  watchResources(AsyncResource);
}

/**
 * Has node:async_hooks give a class that tells of new storages. A proxy: everything but the
 * construction is that of Node's class.
 *
 * @param {import('./storages.js').Storages} storages
 * @param {any} Class
 */
function noticeNew(storages, Class) {
  const objects = /** @type {any[]} */ (objectsOf('node:async_hooks', require('node:async_hooks')));
  // `register` was there before: who asks for the class gets ours.
  if (objects.some((object) => REPLACED in object)) return;
  const handler = {
    __proto__: null,
    /**
     * @param {any} target
     * @param {any[]} args
     * @param {Function} newTarget
     * @returns {object}
     */
    construct(target, args, newTarget) {
      /** @type {object} */
      const storage = construct(target, args, newTarget === proxy ? target : newTarget);
      storages.made(storage, args[0], handler.construct);
      return storage;
    },
  };
  /** @type {any} */
  const proxy = new Proxy(Class, handler);
  for (const object of objects) {
    Reflect.defineProperty(object, 'AsyncLocalStorage', {
      __proto__: null,
      value: proxy,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  Reflect.defineProperty(Class.prototype, 'constructor', {
    __proto__: null,
    value: proxy,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  syncBuiltinESMExports();
}

module.exports = { followClasses, followCopy };
