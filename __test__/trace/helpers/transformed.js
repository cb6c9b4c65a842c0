'use strict';

// Runs transformed sources with a stand-in for the runtime: it numbers the activations, and notes
// which function each belongs to and which activation its parent was.

const vm = require('node:vm');
const { loadTraceAddon } = require('../../../lib/package/trace-addon.js');

const addon = loadTraceAddon();
const PLAIN = { deep: false, sourceMap: false, mends: [] };
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

let files = 0;

/** A name that no other source has. */
const newFile = (extension = 'js') => `/transformed/${++files}.${extension}`;

/** The transformed source; throws if there is none. */
function transformed(source, { format = 'commonjs', file = newFile(), ...options } = {}) {
  const output = addon.transform(source, file, format, { ...PLAIN, ...options });
  if (output === null) throw new Error(`not transformed: ${source}`);
  return { file, ...output };
}

/** Without what differs from source to source: the numbers of sites. */
function codeOf(source, options) {
  const { code } = transformed(source, options);
  return code.replace(/(__ahrAT\([^,]+|,__ahrC\d+),\d+\)/g, '$1)');
}

/**
 * Runs code as Node runs CommonJS. Returns what it exports, and what it told the runtime until now;
 * what the exports tell later is added, until the next run.
 */
function run(code, file = newFile()) {
  const activations = [];
  const resumed = [];
  const bound = [];
  const owned = [];
  const globals = {
    __ahrAT(parent, id) {
      const { fn } = addon.site(id);
      const activation = { fn, id, parent: parent === undefined ? null : parent.fn };
      activations.push(activation);
      return activation;
    },
    __ahrResumed(value, parent, id) {
      resumed.push({ fn: addon.site(id).fn, parent: parent.fn });
      return value;
    },
    __ahrBind(fn) {
      bound.push(fn);
      return fn;
    },
    __ahrOwn(object) {
      owned.push(object);
      return object;
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  const module = { exports: {} };
  const compiled = vm.compileFunction(code, PARAMETERS, { filename: file });
  compiled.call(module.exports, module.exports, require, module, file, '/transformed');
  return { exports: module.exports, activations, resumed, bound, owned };
}

/** The exports of a source as it is, and of its transform, which has to be another source. */
function both(source, options) {
  const { code, file } = transformed(source, options);
  if (code === source) throw new Error(`nothing was inserted: ${source}`);
  const before = run(source, file).exports;
  return { before, after: run(code, file), code };
}

module.exports = { PLAIN, addon, both, codeOf, newFile, run, transformed };
