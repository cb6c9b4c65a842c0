'use strict';

// Checks what runs the tasks of a pool, as a user passes it. As in options.js, only own properties
// count, and the errors have no stack yet.

const path = require('node:path');
const { URL, pathToFileURL } = require('node:url'); // not every realm has the global one
const { noProcessors } = require('../errors/native.js');
const { invalidArgType, invalidUrlScheme, outOfRange } = require('../errors/pool.js');

const { hasOwn } = Object;

/** The name of the file that stands for a function, in the working directory. */
const FUNCTION = '[function]';

/** What the exports of an addon have its processors under: src/native/addon/ reads it. */
const PROCESSORS = 'asyncHooksRsProcessors';

/**
 * The name of a native processor, and what the exports of its addon have of it unless it is one of
 * the package; or the file as an href, and as a path if it was given as one;
 * or the text of a function, with a file that stands for it.
 *
 * @typedef {{
 *   native: string | undefined,
 *   addon: object | undefined,
 *   url: string | undefined,
 *   file: string | undefined,
 *   source: string | undefined,
 * }} Processor
 */

/**
 * @param {unknown} value
 * @returns {Processor}
 */
function processor(value) {
  if (value === undefined) return nativeNamed('add');
  const given = givenFile('processor', value);
  if (given !== undefined) return given;
  if (typeof value === 'function') {
    // Loaded by pools that have one.
    const { functionSource } = require('./function-source.js');
    const file = path.resolve(FUNCTION);
    return { ...fileAt(pathToFileURL(file).href, file), source: functionSource(value) };
  }
  const expected =
    'a path, a file: URL, a function or an object { native: string, addon?: object }';
  if (value === null || typeof value !== 'object' || !hasOwn(value, 'native')) {
    throw invalidArgType('processor', expected, value);
  }
  const { native } = /** @type {{ native: unknown }} */ (value);
  if (typeof native !== 'string') {
    throw invalidArgType('processor.native', 'of type string', native);
  }
  const addon = hasOwn(value, 'addon') ? /** @type {any} */ (value).addon : undefined;
  return nativeNamed(native, addon === undefined ? undefined : processorsOf(addon));
}

/**
 * The href of the file that a task names in place of the pool's.
 *
 * @param {unknown} value
 * @returns {string}
 */
function processorUrl(value) {
  const given = givenFile('options.processor', value);
  if (given === undefined) {
    throw invalidArgType('options.processor', 'a path or a file: URL', value);
  }
  return given.url;
}

/**
 * `undefined` if the value is neither a path nor a URL.
 *
 * @param {string} name
 * @param {unknown} value
 */
function givenFile(name, value) {
  if (typeof value === 'string') {
    if (value === '') throw outOfRange(name, 'the path of a file', "''");
    if (value.startsWith('file:')) return fileAt(fileUrl(value, value));
    const file = path.resolve(value);
    return fileAt(pathToFileURL(file).href, file);
  }
  return value instanceof URL ? fileAt(fileUrl(value.href, value)) : undefined;
}

/** @param {any} addon */
function processorsOf(addon) {
  if (addon === null || typeof addon !== 'object') {
    throw invalidArgType('processor.addon', 'of type object', addon);
  }
  const processors = hasOwn(addon, PROCESSORS) ? addon[PROCESSORS] : undefined;
  if (processors === null || typeof processors !== 'object') throw noProcessors();
  return processors;
}

/**
 * All properties are own ones: a program may have added one to Object.prototype.
 *
 * @param {string} native
 * @param {object} [addon]
 */
const nativeNamed = (native, addon) => ({
  native,
  addon,
  url: undefined,
  file: undefined,
  source: undefined,
});

/**
 * @param {string} url
 * @param {string} [file]
 */
const fileAt = (url, file) => ({
  native: undefined,
  addon: undefined,
  url,
  file,
  source: undefined,
});

/**
 * @param {string} href
 * @param {unknown} received
 */
function fileUrl(href, received) {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (url?.protocol !== 'file:') throw invalidUrlScheme(received);
  return url.href;
}

module.exports = { processor, processorUrl };
