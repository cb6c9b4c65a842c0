'use strict';

// Twins: two storages that are one in the source, because a module was loaded twice: in two
// formats, in two versions, from two folders. Who enters one of them is not seen in the other.

const path = require('node:path');
const { callerIn, fileOf, frames, placeOf } = require('./places.js');

const DEPTH = 6;

// Folders that tell one build of a package from another.
const BUILDS = /^(?:cjs|commonjs|dist|es|esm|lib|mjs|module|node|require|import|build|out)$/;

/**
 * @typedef {object} Origin
 * @property {string} key  the same for twins
 * @property {number} place
 */

/** @type {Map<string, number>} how many storages the module of a file has made */
const counts = new Map();
/** @type {Map<string, import('./storage-records.js').StorageRecord[]>} */
const families = new Map();

/**
 * Notes where a storage is made.
 *
 * @param {import('./storage-records.js').StorageRecord} record
 * @param {Function} hidden
 */
function noteOrigin(record, hidden) {
  const frame = callerIn(frames(hidden, DEPTH));
  if (frame === undefined) return;
  const key = isModule(frame) ? familyOf(frame) : '';
  record.origin = { key, place: placeOf(frame) };
  if (key === '') return;
  const family = families.get(key);
  if (family === undefined) families.set(key, [record]);
  else family.push(record);
}

/**
 * Whether the frame is the body of a module. What a function makes is meant to be made more often.
 *
 * @param {import('./places.js').Frame} frame
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
 * @param {import('./places.js').Frame} frame
 */
function familyOf(frame) {
  const file = fileOf(frame)
    .replace(/[?#].*$/, '')
    .replaceAll('\\', '/');
  const at = file.lastIndexOf('/node_modules/');
  let name = file;
  if (at >= 0) {
    const steps = file.slice(at + '/node_modules/'.length).split('/');
    const owner = steps.splice(0, steps[0].startsWith('@') ? 2 : 1).join('/');
    const base = path.posix.basename(/** @type {string} */ (steps.pop())).replace(/\.[^.]+$/, '');
    name = [owner, ...steps.filter((step) => !BUILDS.test(step)), base].join('/');
  }
  const position = `${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  const inFile = `${file} ${position}`;
  // The same line once more is another load; another line is the file's next storage.
  let number = ordinals.get(inFile);
  if (number === undefined) {
    number = (counts.get(file) ?? 0) + 1;
    counts.set(file, number);
    ordinals.set(inFile, number);
  }
  return `${name} ${number}`;
}

/** @type {Map<string, number>} which storage of its file a position makes */
const ordinals = new Map();

/**
 * A twin that has a store, while the storage itself has never had one.
 *
 * @param {import('./storage-records.js').StorageRecord} record
 * @param {import('./contexts.js').Context | undefined} now
 */
function twinOf(record, now) {
  if (record.origin === undefined || record.origin.key === '' || record.isEntered) return undefined;
  const family = families.get(record.origin.key);
  if (family === undefined || family.length < 2) return undefined;
  for (let at = now; at !== undefined; at = at.parent) {
    const { storage } = at;
    if (storage !== record && family.includes(storage) && !at.exited) return at;
  }
  return undefined;
}

module.exports = { noteOrigin, twinOf };
