'use strict';

// Replaces properties of a built-in module, for all code that has not read them yet.

const { objectsOf } = require('../node/builtin-module.js');
const { syncBuiltinESMExports } = require('../package/module-class.js');

class Replacements {
  #objects;
  /**
   * @type {{ object: any, key: PropertyKey, value: unknown, before?: PropertyDescriptor }[]}
   */
  #undo = [];

  /**
   * @param {string} name  with the prefix `node:`
   * @param {object} required  what `require()` returns for it
   */
  constructor(name, required) {
    this.#objects = objectsOf(name, required);
    this.exports = this.#objects[0];
  }

  /**
   * Returns whether it was possible, for everyone: the module may be frozen. `publish()` is to
   * follow.
   *
   * @param {PropertyKey} key
   * @param {unknown} value
   */
  replace(key, value) {
    return this.#define(key, { value, writable: true, enumerable: true });
  }

  /**
   * A property of ours that nobody else sees.
   *
   * @param {PropertyKey} key
   * @param {unknown} value
   */
  mark(key, value) {
    return this.#define(key, { value, writable: false, enumerable: false });
  }

  /**
   * The value of such a property, of this or of another copy of the package.
   *
   * @param {PropertyKey} key
   */
  marked(key) {
    return this.#objects.find((object) => key in object)?.[key];
  }

  /**
   * Has `import` bind what was replaced, in all built-in modules. Once for all of them: each call
   * goes through every module that is loaded.
   */
  static publish() {
    syncBuiltinESMExports();
  }

  /**
   * What someone else has put in our place since stays. If it was published, `publish()` is to
   * follow.
   */
  restore() {
    for (const { object, key, value, before } of this.#undo.splice(0)) {
      if (object[key] !== value) continue;
      if (before === undefined) delete object[key];
      else Object.defineProperty(object, key, before);
    }
  }

  /**
   * @param {PropertyKey} key
   * @param {{ value: unknown, writable: boolean, enumerable: boolean }} descriptor
   */
  #define(key, descriptor) {
    return this.#objects.every((object) => {
      const before = Object.getOwnPropertyDescriptor(object, key);
      const defined = Reflect.defineProperty(object, key, {
        __proto__: null,
        configurable: true,
        ...descriptor,
      });
      if (defined) this.#undo.push({ object, key, value: descriptor.value, before });
      return defined;
    });
  }
}

module.exports = { Replacements };
