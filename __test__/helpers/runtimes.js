'use strict';

// On which runtime the tests run, and what is declared to differ there (docs/compatibility.md).

const runtime = process.versions.bun ? 'bun' : process.versions.deno ? 'deno' : 'node';

/**
 * @typedef {object} Difference  of one test or of several from what they expect
 * @property {string} file  in __test__
 * @property {string | RegExp} title
 * @property {string} reason
 * @property {unknown} [finds]  what the failing assertion finds instead
 * @property {RegExp} [fails]  or what its message is
 * @property {boolean} [skip]  or: the test needs what the runtime does not have
 */

/**
 * What is declared for the tests of a file on this runtime, for whoever runs them to mark.
 *
 * @returns {Difference[]}
 */
function declared(file) {
  if (runtime === 'node') return [];
  return require(`./differences-${runtime}.js`)
    .filter((difference) => difference.file === file)
    .map((difference) => ({ ...difference }));
}

module.exports = { runtime, declared };
