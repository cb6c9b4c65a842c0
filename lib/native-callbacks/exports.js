'use strict';

// Replaces the functions that an addon exports by functions that bind their arguments. What cannot
// be replaced, or reached without calling code of the addon (accessors), stays as it is.

const { boundToCurrent, isClass, neverBind } = require('./bound.js');

const { apply, construct, ownKeys } = Reflect;
const { defineProperties, getOwnPropertyDescriptor, getPrototypeOf } = Object;

/**
 * A function in place of one of an addon.
 *
 * @typedef {object} Wrapper
 * @property {Function} wrapped  what the program calls
 * @property {boolean} binds  whether it binds its arguments; a program may have kept it after the
 *   end
 */

/**
 * Where a function was replaced.
 *
 * @typedef {object} Place
 * @property {string} file
 * @property {object} holder
 * @property {PropertyKey} key
 * @property {Function} original
 * @property {Wrapper} wrapper
 */

// An object in the exports has functions that are replaced, but no objects that are searched.
const DEEPEST_OBJECT = 1;

// Of every function. On Node 24 native ones have the last two as well.
const USUAL_STATICS = ['length', 'name', 'prototype', 'arguments', 'caller'];
const isUsual = (key) => USUAL_STATICS.includes(key);

class Wrapping {
  /** @type {WeakMap<Function, Wrapper>}  by the addon's function, and by what is in its place */
  #wrappers = new WeakMap();
  /** @type {Place[]} */
  #places = [];

  /** Replaces what the addon exports: in its module, and in the objects themselves. */
  wrap(file, module) {
    try {
      const { exports } = module;
      if (typeof exports === 'function' && !hasMethods(exports)) {
        this.#members(file, exports, DEEPEST_OBJECT);
        this.#replace(file, module, 'exports');
      } else if (typeof exports === 'function') {
        this.#class(file, exports);
      } else if (typeof exports === 'object' && exports !== null) {
        this.#members(file, exports, 0);
      }
    } catch {
      // The exports are a proxy whose traps throw, or the like: the rest works as without us.
    }
  }

  /** Undoes it for the files that are not to be kept, except what somebody else has put there. */
  unwrap(isKept) {
    const ended = this.#places.filter(({ file }) => !isKept(file));
    this.#places = this.#places.filter(({ file }) => isKept(file));
    for (const { holder, key, original, wrapper } of ended) {
      wrapper.binds = false;
      const now = getOwnPropertyDescriptor(holder, key);
      if (now?.value !== wrapper.wrapped) continue;
      Reflect.defineProperty(holder, key, { ...now, value: original });
    }
  }

  #class(file, constructor) {
    neverBind(constructor);
    this.#members(file, constructor.prototype, DEEPEST_OBJECT);
    this.#members(file, constructor, DEEPEST_OBJECT);
  }

  #members(file, holder, depth) {
    for (const key of ownKeys(holder)) {
      if (key === 'constructor') continue;
      if (typeof holder === 'function' && isUsual(key)) continue;
      const { value } = getOwnPropertyDescriptor(holder, key) ?? {};
      if (typeof value === 'function') {
        if (isNativeClass(value)) this.#class(file, value);
        else if (!isClass(value)) this.#replace(file, holder, key);
      } else if (depth < DEEPEST_OBJECT && isPlain(value)) {
        this.#members(file, value, depth + 1);
      }
    }
  }

  #replace(file, holder, key) {
    const before = getOwnPropertyDescriptor(holder, key);
    const original = before.value;
    const wrapper = this.#wrapperOf(original);
    wrapper.binds = true;
    const { wrapped } = wrapper;
    if (wrapped === original) return; // it is in its place
    if (!Reflect.defineProperty(holder, key, { ...before, value: wrapped })) return; // frozen
    this.#places.push({ file, holder, key, original, wrapper });
  }

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

/** @returns {Wrapper}  like the function in everything but its source text */
function makeWrapper(fn) {
  const wrapped = function(...args) {
    if (wrapper.binds) {
      for (let i = 0; i < args.length; i++) {
        if (typeof args[i] === 'function') args[i] = boundToCurrent(args[i]);
      }
    }
    if (new.target === undefined) return apply(fn, this, args);
    return construct(fn, args, new.target === wrapped ? fn : new.target);
  };
  const wrapper = { wrapped, binds: true };
  const own = Object.getOwnPropertyDescriptors(fn);
  for (const key of ['prototype', 'arguments', 'caller']) delete own[key];
  defineProperties(wrapped, own);
  wrapped.prototype = getOwnPropertyDescriptor(fn, 'prototype')?.value;
  return wrapper;
}

/** Whether it is a class with methods: Node-API gives every function a prototype. */
function hasMethods(fn) {
  const prototype = getOwnPropertyDescriptor(fn, 'prototype')?.value;
  return typeof prototype === 'object' && prototype !== null &&
    ownKeys(prototype).some((key) => key !== 'constructor');
}

// A class may also have statics only. The symbol without a name that node-addon-api leaves on
// functions is none.
function isNativeClass(fn) {
  return hasMethods(fn) ||
    ownKeys(fn).some((key) => typeof key === 'string' && !isUsual(key));
}

function isPlain(value) {
  return typeof value === 'object' && value !== null &&
    [Object.prototype, null].includes(getPrototypeOf(value));
}

module.exports = { Wrapping };
