'use strict';

// The runtime of the tests, and its declared differences (docs/compatibility.md).

const runtime = process.versions.bun ? 'bun' : process.versions.deno ? 'deno' : 'node';

/**
 * @typedef {object} Difference of one test or of several from their expectations
 * @property {string} file in __test__
 * @property {string
 * RegExp} title
 * @property {string} reason
 * @property {unknown} [finds] the value that the failing assertion finds instead
 * @property {RegExp} [fails] or the pattern of its message
 * @property {boolean} [skip] or: the test needs a feature that the runtime lacks
 */

/**
 * The declared differences of a test file on this runtime, for its runner to mark.
 *
 * @returns {Difference[]}
 */
function declared(file) {
  if (runtime === 'node') return [];
  return [runtime, `${runtime}-pool`, 'pool']
    .flatMap((part) => require(`./differences-${part}.js`))
    .filter((difference) => difference.file === file)
    .map((difference) => ({ ...difference }));
}

module.exports = { runtime, declared };
