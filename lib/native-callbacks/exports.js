'use strict';

// Replaces the functions that an addon exports by functions that bind their arguments. What cannot
// be replaced, or reached without calling code of the addon (accessors), stays as it is. So does
// what JavaScript has added: the `on()` of an emitter would keep other functions than `off()` is
// given.

const { boundToCurrent, neverBind } = require('./bound.js');

const { apply, construct, ownKeys } = Reflect;
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

/** @typedef {any} Holder  an object of the addon: a function, a prototype, exports */
const { toString } = Function.prototype;

/**
 * A function in place of one of an addon.
 *
 * @typedef {object} Wrapper
 * @property {Function} original
 * @property {Function} wrapped  what the program calls
 * @property {boolean} binds  whether it binds its arguments; a program may have kept it after the
 *   end
 */

/**
 * Where a function was replaced. Weak, because an addon may be loaded again and again.
 *
 * @typedef {object} Place
 * @property {string} file
 * @property {WeakRef<object>} holder
 * @property {PropertyKey} key
 * @property {WeakRef<Wrapper>} wrapper
 */

// An object in the exports has functions that are replaced, but no objects that are searched.
const DEEPEST_OBJECT = 1;

// Of every function. On Node 24 native ones have the last two as well.
const USUAL_STATICS = ['length', 'name', 'prototype', 'arguments', 'caller'];
/** @param {PropertyKey} key */
const isUsual = (key) => USUAL_STATICS.includes(/** @type {string} */ (key));
/** @param {PropertyKey} key */
const isOfItself = (key) =>
  ['prototype', 'arguments', 'caller'].includes(/** @type {string} */ (key));

class Wrapping {
  /** @type {WeakMap<Function, Wrapper>}  by the addon's function, and by what is in its place */
  #wrappers = new WeakMap();
  /** @type {Place[]} */
  #places = [];

  /**
   * Replaces what the addon exports: in its module, and in the objects themselves.
   *
   * @param {string} file
   * @param {{ exports: unknown }} module
   */
  wrap(file, module) {
    this.#places = this.#places.filter(
      ({ holder, wrapper }) => holder.deref() !== undefined || wrapper.deref() !== undefined,
    );
    const seen = new Set();
    try {
      const { exports } = module;
      if (typeof exports !== 'function') {
        if (isObject(exports)) this.#members(file, exports, 0, seen);
      } else if (isNative(exports) && hasMethods(exports)) {
        this.#class(file, exports, seen);
      } else {
        this.#members(file, exports, DEEPEST_OBJECT, seen);
        if (this.#isToReplace(exports)) this.#replace(file, module, 'exports');
      }
    } catch {
      // The exports are a proxy whose traps throw, or the like: the rest works as without us.
    }
  }

  /**
   * Undoes it for the files that are not to be kept, except what somebody else has put there.
   *
   * @param {(file: string) => boolean} isKept
   */
  unwrap(isKept) {
    const ended = this.#places.filter(({ file }) => !isKept(file));
    this.#places = this.#places.filter(({ file }) => isKept(file));
    for (const place of ended) {
      const wrapper = place.wrapper.deref();
      const holder = place.holder.deref();
      if (wrapper !== undefined) wrapper.binds = false;
      if (wrapper === undefined || holder === undefined) continue; // nobody has it any more
      try {
        putBack(holder, place.key, wrapper);
      } catch {
        // The holder is a proxy whose traps throw. What is in it binds nothing from now on.
      }
    }
  }

  /**
   * @param {string} file
   * @param {Function} constructor
   * @param {Set<object>} seen
   */
  #class(file, constructor, seen) {
    neverBind(constructor);
    const { prototype } = constructor;
    if (isObject(prototype)) this.#members(file, prototype, DEEPEST_OBJECT, seen);
    this.#members(file, constructor, DEEPEST_OBJECT, seen);
  }

  /**
   * @param {string} file
   * @param {object} holder
   * @param {number} depth
   * @param {Set<object>} seen
   */
  #members(file, holder, depth, seen) {
    if (seen.has(holder)) return;
    seen.add(holder);
    for (const key of ownKeys(holder)) {
      if (key === 'constructor') continue;
      if (typeof holder === 'function' && isUsual(key)) continue;
      try {
        this.#member(file, holder, key, depth, seen);
      } catch {
        // A proxy whose traps throw, or the like: the others are replaced.
      }
    }
  }

  /**
   * @param {string} file
   * @param {object} holder
   * @param {PropertyKey} key
   * @param {number} depth
   * @param {Set<object>} seen
   */
  #member(file, holder, key, depth, seen) {
    const value = ownProperty(holder, key)?.value;
    if (typeof value === 'function') {
      if (!this.#isToReplace(value)) return;
      if (isNativeClass(value)) this.#class(file, value, seen);
      else this.#replace(file, holder, key);
    } else if (depth < DEEPEST_OBJECT && isPlain(value)) {
      this.#members(file, value, depth + 1, seen);
    }
  }

  /** @param {Function} fn */
  #isToReplace(fn) {
    return isNative(fn) || this.#wrappers.has(fn);
  }

  /**
   * @param {string} file
   * @param {object} holder
   * @param {PropertyKey} key
   */
  #replace(file, holder, key) {
    const before = /** @type {PropertyDescriptor} */ (ownProperty(holder, key));
    const wrapper = this.#wrapperOf(before.value);
    wrapper.binds = true;
    const { wrapped: value } = wrapper;
    if (value === before.value) return; // it is in its place
    const isReplaced = Reflect.defineProperty(holder, key, { __proto__: null, ...before, value });
    if (!isReplaced) return; // frozen
    this.#places.push({ file, holder: new WeakRef(holder), key, wrapper: new WeakRef(wrapper) });
  }

  /** @param {Function} fn */
  #wrapperOf(fn) {
    const known = this.#wrappers.get(fn);
    if (known !== undefined) return known;
    const wrapper = makeWrapper(fn);
    this.#wrappers.set(fn, wrapper);
    this.#wrappers.set(wrapper.wrapped, wrapper);
    neverBind(wrapper.wrapped);
    return wrapper;
  }
}

/**
 * @param {object} holder
 * @param {PropertyKey} key
 * @param {Wrapper} wrapper
 */
function putBack(holder, key, { original: value, wrapped }) {
  const now = ownProperty(holder, key);
  if (now?.value === wrapped) {
    Reflect.defineProperty(holder, key, { __proto__: null, ...now, value });
  }
}

/**
 * @param {Function} fn
 * @returns {Wrapper}  like the function in everything but its source text
 */
function makeWrapper(fn) {
  /** @param {...unknown} args */
  /** @type {(this: unknown, ...args: unknown[]) => unknown} */
  const wrapped = function (...args) {
    if (new.target !== undefined) {
      return construct(fn, args, new.target === wrapped ? fn : new.target);
    }
    if (wrapper.binds) {
      for (let i = 0; i < args.length; i++) {
        const argument = args[i];
        if (typeof argument === 'function') args[i] = boundToCurrent(argument);
      }
    }
    return apply(fn, this, args);
  };
  const wrapper = { original: fn, wrapped, binds: true };
  for (const key of ownKeys(fn)) {
    if (isOfItself(key)) continue;
    const own = /** @type {PropertyDescriptor} */ (ownProperty(fn, key));
    Reflect.defineProperty(wrapped, key, own);
  }
  wrapped.prototype = ownProperty(fn, 'prototype')?.value;
  return wrapper;
}

/**
 * The descriptor. It inherits nothing: there may be a `get` on Object.prototype.
 *
 * @param {object} holder
 * @param {PropertyKey} key
 */
function ownProperty(holder, key) {
  const descriptor = getOwnPropertyDescriptor(holder, key);
  return descriptor && /** @type {PropertyDescriptor} */ ({ __proto__: null, ...descriptor });
}

const NATIVE_TEXT = /\{\s*\[native code\]\s*\}$/;

/**
 * Whether an addon has made a function: native ones of V8 have no prototype, or one that is not
 * writable, and bound ones and proxies of functions look native. Bun's functions have none.
 *
 * @param {Function} fn
 */
function isNative(fn) {
  if (!NATIVE_TEXT.test(apply(toString, fn, []))) return false;
  const prototype = ownProperty(fn, 'prototype');
  if (prototype !== undefined) return prototype.writable === true;
  if (process.versions.bun === undefined) return false;
  return !String(ownProperty(fn, 'name')?.value).startsWith('bound ');
}

/**
 * Whether it is a class with methods: Node-API gives every function a prototype.
 *
 * @param {Function} fn
 */
function hasMethods(fn) {
  const prototype = ownProperty(fn, 'prototype')?.value;
  return isObject(prototype) && ownKeys(prototype).some((key) => key !== 'constructor');
}

/**
 * A class may also have statics only. The symbol without a name that node-addon-api leaves on
 * functions is none.
 *
 * @param {Function} fn
 */
function isNativeClass(fn) {
  return hasMethods(fn) || ownKeys(fn).some((key) => typeof key === 'string' && !isUsual(key));
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
const isObject = (value) => typeof value === 'object' && value !== null;

/** @param {unknown} value */
function isPlain(value) {
  return isObject(value) && [Object.prototype, null].includes(getPrototypeOf(value));
}

module.exports = { Wrapping };
