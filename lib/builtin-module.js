'use strict';

// The objects under which a module of Node's is to be had. One, unless an agent hands out a copy of
// its own: by a hook on `require()`, on what is below it, or on `process.getBuiltinModule()`. Which
// of them Node itself and `import` read cannot be told, so whoever changes one changes all.

const Module = require('node:module');

/** @param {string} name  with the prefix `node:` */
function objectsOf(name) {
  // Bun's _load() gives nothing.
  const ways = [process.getBuiltinModule?.(name), Module._load?.(name), require(name)];
  return [...new Set(ways.filter((object) => object !== undefined))];
}

module.exports = { objectsOf };
