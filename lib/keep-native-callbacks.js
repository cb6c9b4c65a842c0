'use strict';

// The public function. What it does is loaded with the first call: most programs make none.

/** @param {object} [options]  as in index.d.ts */
function keepNativeCallbacks(options) {
  return require('./native-callbacks/index.js').keep(options, keepNativeCallbacks);
}

module.exports = { keepNativeCallbacks };
