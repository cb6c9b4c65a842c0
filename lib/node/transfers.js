'use strict';

// What a list of objects to transfer may hold.

const { types } = require('node:util');
const { describe } = require('../errors/coded.js');

// As they are now: a program may put something else in their place.
const { ArrayBuffer, structuredClone } = globalThis;
const { isView } = ArrayBuffer;
const { isArray } = Array;
const { getPrototypeOf } = Object;
const { apply } = Reflect;
const { indexOf } = Array.prototype;
const PLAIN = [null, Object.prototype];

const LOOKED_THROUGH = Symbol('looked through');

/**
 * What the host throws of a list with an object that cannot be transferred, or with one twice;
 * `undefined` if it transfers them. It transfers nothing: it looks through the list first, and then
 * reads the value, which throws.
 *
 * @param {readonly any[]} list
 * @returns {unknown}
 */
function refusalOf(list) {
  const value = {
    get read() {
      throw LOOKED_THROUGH;
    },
  };
  try {
    structuredClone(value, { __proto__: null, transfer: /** @type {any[]} */ (list) });
    return undefined;
  } catch (error) {
    return error === LOOKED_THROUGH ? undefined : error;
  }
}

/**
 * What is wrong with a list that the host has refused, if that is plain: of the first item of a
 * kind that nobody can transfer, or that was there before. Else the host knows better.
 *
 * @param {readonly any[]} list
 */
function faultIn(list) {
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (!mayBeTransferable(item)) {
      return (
        `transferList[${i}] must be an object that can be transferred, such as an ArrayBuffer ` +
        `or a MessagePort. Received ${describe(item)}`
      );
    }
    const before = apply(indexOf, list, [item]);
    if (before < i) {
      const received = `Received ${describe(item)}`;
      return `transferList[${i}] must not be transferList[${before}] again. ${received}`;
    }
  }
  return undefined;
}

/** @param {any} item */
function mayBeTransferable(item) {
  if (item === null || typeof item !== 'object') return false;
  if (types.isProxy(item)) return true; // to look at it runs its traps
  if (isView(item) || isArray(item) || types.isSharedArrayBuffer(item)) return false;
  return !PLAIN.includes(getPrototypeOf(item));
}

module.exports = { faultIn, refusalOf };
