'use strict';

// The hooks of module loading in Node's thread for them, on Node 20. It has the same addon, whose
// table of places is that of the process.

const { loadTraceAddon } = require('../../package/trace-addon.js');
const { Mends } = require('../mends.js');
const { loaded } = require('./load-hook.js');
const { Transformer } = require('./transformer.js');

// The number of the main thread in the session.
const MAIN = 0;

/** @type {Transformer | undefined} */
let transformer;

/**
 * @param {{ options: import('../options.js').Options,
 *   port: import('node:worker_threads').MessagePort }} data
 */
function initialize({ options, port }) {
  const addon = loadTraceAddon();
  const say = (/** @type {object} */ evidence) => addon.evidence(MAIN, JSON.stringify(evidence));
  const mends = new Mends(options.mends, (spot) => port.postMessage(spot));
  transformer = new Transformer(addon, options, mends, say);
}

/**
 * @param {string} url
 * @param {object} context
 * @param {Function} nextLoad
 */
async function load(url, context, nextLoad) {
  const result = await nextLoad(url, context);
  if (transformer === undefined) return result;
  const changed = loaded(result, url, transformer);
  transformer.sayCounts();
  return changed;
}

module.exports = { initialize, load };
