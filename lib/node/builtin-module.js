'use strict';

// Every object that `require()`, `Module._load()` or `process.getBuiltinModule()` returns for a
// built-in module. Usually one; an agent that hooks any of them may return its own copy. Which of
// them Node itself and `import` read cannot be told, so whoever changes one changes all.

const Module = require('../package/module-class.js');

/**
 * @param {string} name  with the prefix `node:`
 * @param {object} required  what `require()` of the caller returns for it: bundlers understand a
 *   name that is written out, and nothing else
 */
function objectsOf(name, required) {
  const objects = [process.getBuiltinModule?.(name), loaded(name), required];
  return [...new Set(objects.filter((object) => object !== undefined))];
}

/**
 * Bun's _load() returns nothing. A test runner's or a bundle's may not work in this way.
 *
 * @param {string} name
 */
function loaded(name) {
  try {
    return Module._load(name, module);
  } catch {
    return undefined;
  }
}

module.exports = { objectsOf };
