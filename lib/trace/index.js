'use strict';

// `async-hooks-rs/trace`: the tracer of the thread.

const { ContextLossError, invalidOption, noNode, notStarted } = require('../errors/trace.js');
const { loadTraceAddon } = require('../package/trace-addon.js');
const { checkedOptions, environmentOptions } = require('./options.js');

/** @typedef {import('./tracer.js').Tracer} Tracer */

/** @type {Tracer | undefined} */
let tracer;

/** @param {import('./options.js').Options} options */
function begin(options) {
  if (process.versions.bun || process.versions.deno) throw noNode();
  const { Tracer: Class } = require('./tracer.js');
  const { Reporting } = require('./reporting.js');
  tracer = new Class(options);
  new Reporting(tracer);
}

/** @param {unknown} [options] */
function start(options) {
  const checked = checkedOptions(options);
  if (tracer === undefined) begin(checked);
}

/** @returns {Tracer} */
function started() {
  if (tracer === undefined) throw notStarted();
  return tracer;
}

function report() {
  return JSON.parse(started().report(false));
}

/**
 * @param {unknown} event
 * @param {any} listener
 */
function on(event, listener) {
  if (event !== 'finding') throw invalidOption('event', "'finding'", event);
  if (typeof listener !== 'function') throw invalidOption('listener', 'a function', listener);
  return started().findings.listen(listener);
}

/**
 * @template T
 * @param {T} object
 */
function own(object) {
  if (typeof object !== 'object' || object === null) {
    throw invalidOption('object', 'an object', object);
  }
  tracer?.own(object, own);
  return object;
}

/** @param {unknown} object */
function check(object) {
  if (typeof object !== 'object' || object === null) {
    throw invalidOption('object', 'an object', object);
  }
  return tracer === undefined || tracer.check(object, check);
}

/**
 * @template T
 * @param {() => T | Promise<T>} fn
 * @returns {Promise<T>}
 */
async function assertClean(fn) {
  if (typeof fn !== 'function') throw invalidOption('fn', 'a function', fn);
  const before = counts();
  const result = await fn();
  const found = report().findings.filter(
    (/** @type {any} */ { certain, id, count }) => certain && count > (before.get(id) ?? 0),
  );
  if (found.length > 0) throw contextLoss(found, assertClean);
  return result;
}

/** How often each finding was seen. */
function counts() {
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const { id, count } of report().findings) seen.set(id, count);
  return seen;
}

/**
 * @param {any[]} findings
 * @param {Function} hidden
 */
function contextLoss(findings, hidden) {
  const [first, ...others] = findings;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new ContextLossError(`${first.sentence}${more}`, findings, hidden);
}

/**
 * Begins in a process of a program that the command runs. There may be some that forbid addons, and
 * work without: they stay as they are.
 *
 * @param {import('./options.js').Options} options
 */
function beginBelow(options) {
  const { dir } = options;
  try {
    if (dir !== undefined) loadTraceAddon();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    require('./reporting.js').sayUntraced(/** @type {string} */ (dir), message);
    return;
  }
  begin(options);
}

/** Begins where the program, or the thread of this Worker, was started in order to be traced. */
function preload() {
  if (tracer !== undefined) return;
  const isNode = !process.versions.bun && !process.versions.deno;
  if (isNode) require('./expect.js').giveExpectToAll(() => tracer);
  const { isHooksThread, isPreloaded } = require('./preload.js');
  if (isHooksThread()) return;
  const { inheritedOptions } = require('./workers.js');
  const options = environmentOptions() ?? inheritedOptions();
  if (options !== undefined) beginBelow(options);
  else if (isPreloaded()) begin(checkedOptions(undefined));
}

module.exports = { ContextLossError, assertClean, check, on, own, preload, report, start };
