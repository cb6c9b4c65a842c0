'use strict';

// Objects that remember in which context they were made: those that the program names with
// trace.own(), and in the deep tier all that its functions make.

const { current } = require('./contexts.js');

/**
 * @typedef {object} Owner
 * @property {import('./contexts.js').Context} context
 * @property {number} place  where the object was made; 0 if it is not known
 * @property {string} [name]  of what holds it
 */

/** @type {WeakMap<object, Owner>} */
const owners = new WeakMap();
/** @type {Map<number, Owner>} those that the inspector was told of */
const told = new Map();

/**
 * @template T
 * @param {T} object
 * @param {number} [place]  where it is made
 */
function ownObject(object, place = 0) {
  const context = current();
  if (context !== undefined && typeof object === 'object' && object !== null) {
    owners.set(object, { context, place });
  }
  return object;
}

/** @param {object} object */
function ownerOf(object) {
  return owners.get(object);
}

/**
 * A number for the owner of an object, which can be told through the inspector; 0 for none.
 *
 * @param {object} object
 */
function numberOf(object) {
  const owner = owners.get(object);
  if (owner === undefined) return 0;
  told.set(owner.context.id, owner);
  return owner.context.id;
}

/** @param {number} number */
function takeOwner(number) {
  const owner = told.get(number);
  told.delete(number);
  return owner;
}

/** What the transform of the deep tier calls. */
const ownFunction = Object.assign((/** @type {unknown} */ object) => ownObject(object), {
  numberOf,
});

module.exports = { ownFunction, ownObject, ownerOf, takeOwner };
