'use strict';

// Places in the program: stacks are captured as V8's call sites, without their text, and only what
// a finding names gets a number of the table of places.

const path = require('node:path');
const { isOurs, pathOf } = require('./own-files.js');
const { loadTraceAddon } = require('../package/trace-addon.js');

/** @typedef {NodeJS.CallSite} Frame */

// Our own files: lib/trace/, or the file of dist/ that has it.
const OWN = path.basename(__dirname) === 'trace' ? __dirname + path.sep : __filename;

/** @type {Map<string, Map<string, number>>} */
const numbers = new Map();

/** @type {Frame[]} */
const NONE = [];

/**
 * @param {unknown} _
 * @param {Frame[]} sites
 */
const asSites = (_, sites) => sites;

/**
 * A stack that has yet to be read.
 *
 * @param {Function} hidden  the frames up to its own are left out
 * @param {number} depth
 * @returns {{ stack?: any }}
 */
function capture(hidden, depth) {
  const own = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const captured = {};
  if (own !== undefined && own.writable !== true) {
    Error.captureStackTrace(captured, hidden);
    return captured;
  }
  Error.stackTraceLimit = depth;
  Error.captureStackTrace(captured, hidden);
  if (own === undefined) delete (/** @type {any} */ (Error).stackTraceLimit);
  else Error.stackTraceLimit = own.value;
  return captured;
}

/**
 * The frames of a captured stack, the innermost first.
 *
 * @param {{ stack?: any }} captured
 * @returns {Frame[]}
 */
function framesOf(captured) {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  try {
    Object.defineProperty(Error, 'prepareStackTrace', {
      __proto__: null,
      value: asSites,
      configurable: true,
      writable: true,
    });
    const { stack } = captured;
    return Array.isArray(stack) ? stack : NONE;
  } catch {
    return NONE;
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
  }
}

/**
 * @param {Function} hidden
 * @param {number} depth
 */
function frames(hidden, depth) {
  return framesOf(capture(hidden, depth));
}

/**
 * The file of a frame, as V8 says it; empty if there is none.
 *
 * @param {Frame} frame
 * @returns {string}
 */
function fileOf(frame) {
  return frame.getFileName() ?? frame.getScriptNameOrSourceURL() ?? '';
}

/** @param {Frame} frame */
function isOwn(frame) {
  return fileOf(frame).startsWith(OWN);
}

/**
 * Whether a frame is of the program, and neither ours nor Node's own.
 *
 * @param {Frame} frame
 */
function isProgram(frame) {
  return ofProgram(fileOf(frame));
}

/** @type {Map<string, boolean>} whether files are of the program */
const programs = new Map();

/** @param {string} file */
function ofProgram(file) {
  let known = programs.get(file);
  if (known === undefined) {
    known = file !== '' && !file.startsWith('node:') && !isOurs(pathOf(file));
    programs.set(file, known);
  }
  return known;
}

/**
 * The first frame of the program, or else the first of Node.
 *
 * @param {Frame[]} stack
 * @param {number} [from]
 */
function callerIn(stack, from = 0) {
  /** @type {Frame | undefined} */
  let other;
  for (let i = from; i < stack.length; i++) {
    if (isProgram(stack[i])) return stack[i];
    if (fileOf(stack[i]).startsWith('node:')) other ??= stack[i];
  }
  return other;
}

/**
 * The number of a frame's place; 0 for none.
 *
 * @param {Frame | undefined} frame
 */
function placeOf(frame) {
  if (frame === undefined) return 0;
  const file = fileOf(frame);
  let known = numbers.get(file);
  if (known === undefined) numbers.set(file, (known = new Map()));
  const line = frame.getLineNumber() ?? 0;
  const column = frame.getColumnNumber() ?? 0;
  const key = `${line}:${column}`;
  let number = known.get(key);
  if (number === undefined) {
    number = loadTraceAddon().place(file, line, column, nameOf(frame));
    known.set(key, number);
  }
  return number;
}

/**
 * @param {Frame} frame
 * @returns {string}
 */
function nameOf(frame) {
  const name = frame.getFunctionName() ?? '';
  if (name === '' || frame.isToplevel() || frame.isConstructor()) return name;
  const type = frame.getTypeName();
  const isPlain = type === null || type === 'Object' || type === 'Function' || name.includes('.');
  return isPlain ? name : `${type}.${name}`;
}

/**
 * The place of the first frame of the program.
 *
 * @param {Function} hidden
 * @param {number} depth
 */
function placeHere(hidden, depth) {
  return placeOf(callerIn(frames(hidden, depth)));
}

module.exports = {
  callerIn,
  capture,
  fileOf,
  frames,
  framesOf,
  isOwn,
  isProgram,
  nameOf,
  placeHere,
  placeOf,
};
