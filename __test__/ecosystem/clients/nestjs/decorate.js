'use strict';

// Decorators called as functions, in the order in which TypeScript would call them, and the types
// of constructors, which it would write down.

require('reflect-metadata');

/**
 * @param {Function} target the class
 * @param {{ of?: Function[], types?: Function[], methods?: Record<string, {
 *   of?: Function[], parameters?: Function[] }> }} decorators of the class, the types that its
 *   constructor takes, and the decorators of its methods and of their parameters, one each
 */
function decorate(target, { of = [], types = [], methods = {} }) {
  for (const [name, { of: ofMethod = [], parameters = [] }] of Object.entries(methods)) {
    parameters.forEach((decorator, index) => decorator(target.prototype, name, index));
    const descriptor = Object.getOwnPropertyDescriptor(target.prototype, name);
    for (const decorator of [...ofMethod].reverse()) decorator(target.prototype, name, descriptor);
    Object.defineProperty(target.prototype, name, descriptor);
  }
  Reflect.defineMetadata('design:paramtypes', types, target);
  for (const decorator of [...of].reverse()) decorator(target);
  return target;
}

module.exports = { decorate };
