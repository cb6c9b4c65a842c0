'use strict';

// Properties of Node's modules, replaced for everyone who has not read them yet: the module's own
// object is what `process.getBuiltinModule()` and Node itself read, and what the names that
// `import` binds are copied from.

const Module = require('node:module');

class BuiltinModule {
  #objects;
  #undo = [];

  /** @param {string} name  with the prefix `node:` */
  constructor(name) {
    // Two where an agent's hook on `require()` hands out an object of its own. Bun's _load() gives
    // none.
    const required = require(name);
    this.#objects = new Set([Module._load?.(name) ?? required, required]);
    [this.exports] = this.#objects;
  }

  /** Until restore(). What is frozen stays. */
  replace(key, value) {
    for (const object of this.#objects) {
      const before = Object.getOwnPropertyDescriptor(object, key);
      const replaced = Reflect.defineProperty(object, key, {
        __proto__: null, value, writable: true, enumerable: true, configurable: true,
      });
      if (replaced) this.#undo.push({ object, key, value, before });
    }
    Module.syncBuiltinESMExports();
  }

  /** What someone else has put in our place since stays. */
  restore() {
    for (const { object, key, value, before } of this.#undo.splice(0)) {
      if (object[key] === value) Object.defineProperty(object, key, before);
    }
    Module.syncBuiltinESMExports();
  }
}

module.exports = { BuiltinModule };
