'use strict';

// Makes a processor of the text of a function (lib/pool/function-source.js).

const path = require('node:path');
const Module = /** @type {any} */ (require('../package/module-class.js'));

/**
 * What import() would give of a file that exports the function. As in `node --eval`, `require()`
 * and `import()` look from the working directory on.
 *
 * @param {string} source  an expression
 * @param {string} file  in the working directory: its name stands in stacks
 */
function loadFunction(source, file) {
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(path.dirname(file));
  module._compile(`module.exports = ${source};`, file);
  return { __proto__: null, default: module.exports };
}

module.exports = { loadFunction };
