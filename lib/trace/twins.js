'use strict';

// Twins: two storages that are one in the source, because a module was loaded twice: in two
// formats, in two versions, from two folders. Who enters one of them is not seen in the other.

const path = require('node:path');
const { loadsOf } = require('./loads.js');
const { fileOf, frames, isProgram, placeOf } = require('./places.js');

const DEPTH = 12;

// Folders that tell one build of a package from another.
const BUILDS = /^(?:cjs|commonjs|dist|es|esm|lib|mjs|module|node|require|import|build|out)$/;

/** @typedef {import('./places.js').Frame} Frame */

/**
 * @typedef {object} Origin
 * @property {string} key  the same for twins; empty if there can be none
 * @property {string} load  the load of the module that made it
 * @property {number} place
 */

/** @type {Map<string, number>} how many places of a file have made a storage */
const counts = new Map();
/** @type {Map<string, number>} which storage of its file a position makes */
const ordinals = new Map();
/** @type {Map<string, number>} how many storages one load has made at a position */
const repeats = new Map();
/** @type {Map<string, import('./storage-records.js').StorageRecord[]>} */
const families = new Map();

/**
 * Notes where a storage is made.
 *
 * @param {import('./storage-records.js').StorageRecord} record
 * @param {Function} hidden
 */
function noteOrigin(record, hidden) {
  const stack = frames(hidden, DEPTH);
  const at = stack.findIndex(isProgram);
  if (at < 0) return;
  const place = placeOf(stack[at]);
  const chain = chainFrom(stack, at);
  if (chain === undefined) {
    record.origin = { key: '', load: '', place };
    return;
  }
  const file = fileOf(stack[at]);
  const load = `${file} ${loadsOf(file)}`;
  const key = `${familyOf(file, chain)} ${countOne(repeats, `${load} ${chain}`)}`;
  record.origin = { key, load, place };
  const family = families.get(key);
  if (family === undefined) families.set(key, [record]);
  else family.push(record);
}

/**
 * The positions from where a storage is made to the body of its module, which runs once in a load.
 * `undefined` if that does not run, or another file is between: what a function makes is meant to
 * be made more often.
 *
 * @param {Frame[]} stack
 * @param {number} from
 */
function chainFrom(stack, from) {
  const file = fileOf(stack[from]);
  let chain = '';
  for (const frame of stack.slice(from)) {
    // What the engine itself has between, such as map(), is of no file.
    if (fileOf(frame) === '') continue;
    if (fileOf(frame) !== file) return undefined;
    chain += ` ${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    if (isModule(frame)) return chain;
  }
  return undefined;
}

/**
 * Whether the frame is the body of a module.
 *
 * @param {Frame} frame
 */
function isModule(frame) {
  const name = frame.getFunctionName();
  const isBody = name === null || name === '' || name === '<anonymous>';
  return isBody && frame.getEnclosingLineNumber() === 1 && frame.getEnclosingColumnNumber() === 1;
}

/**
 * What a storage has in common with its twins: the package, the file within it whatever the build,
 * and which of the file's storages it is.
 *
 * @param {string} name  of the file
 * @param {string} chain
 */
function familyOf(name, chain) {
  const file = name.replace(/[?#].*$/, '').replaceAll('\\', '/');
  const at = file.lastIndexOf('/node_modules/');
  let family = file;
  if (at >= 0) {
    const steps = file.slice(at + '/node_modules/'.length).split('/');
    const owner = steps.splice(0, steps[0].startsWith('@') ? 2 : 1).join('/');
    const base = path.posix.basename(/** @type {string} */ (steps.pop())).replace(/\.[^.]+$/, '');
    family = [owner, ...steps.filter((step) => !BUILDS.test(step)), base].join('/');
  }
  const position = `${file}${chain}`;
  // The same lines once more are another load; other lines are the file's next storage.
  let number = ordinals.get(position);
  if (number === undefined) ordinals.set(position, (number = countOne(counts, file)));
  return `${family} ${number}`;
}

/**
 * @param {Map<string, number>} numbers
 * @param {string} key
 */
function countOne(numbers, key) {
  const number = (numbers.get(key) ?? 0) + 1;
  numbers.set(key, number);
  return number;
}

/**
 * A twin that has a store, while the storage itself has never had one.
 *
 * @param {import('./storage-records.js').StorageRecord} record
 * @param {import('./contexts.js').Context | undefined} now
 */
function twinOf(record, now) {
  const { origin } = record;
  if (origin === undefined || origin.key === '' || record.isEntered) return undefined;
  const family = families.get(origin.key);
  if (family === undefined || family.length < 2) return undefined;
  for (let at = now; at !== undefined; at = at.parent) {
    const { storage } = at;
    const isOther = family.includes(storage) && storage.origin?.load !== origin.load;
    if (isOther && !at.exited) return at;
  }
  return undefined;
}

module.exports = { noteOrigin, twinOf };
