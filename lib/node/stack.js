'use strict';

// Where what was begun has to be brought to an end, or a call of Node's is not to be broken off in
// the middle, the part of the stack that it takes is looked for first.

const { apply } = Reflect;
const nothing = Function.prototype; // a function that does nothing

const WORDS_PER_KILOBYTE = 128;

/**
 * For some calls of functions of ours, in kilobytes, if V8 has compiled them: at the first call of
 * one, that takes several times as much.
 */
const FEW_CALLS = 8;

/** For Node's larger functions, or for code of others. */
const MANY_CALLS = 48;

/** @type {number[][]}  lists of so many kilobytes */
const lists = [];

/**
 * Throws a RangeError if so much of the stack is not left. As many arguments are passed to a call,
 * which takes the same everywhere: it is not up to the compiler how large its frame is.
 *
 * @param {number} kilobytes
 */
function reserveStack(kilobytes) {
  lists[kilobytes] ??= new Array(kilobytes * WORDS_PER_KILOBYTE).fill(0);
  apply(nothing, undefined, lists[kilobytes]);
}

module.exports = { FEW_CALLS, MANY_CALLS, reserveStack };
