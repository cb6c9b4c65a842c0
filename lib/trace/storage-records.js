'use strict';

// What is known of each AsyncLocalStorage of the thread.

const { StackBudget } = require('./stack-budget.js');
const { UsualPlace } = require('./usual-place.js');

/** @type {WeakMap<object, StorageRecord>} */
const records = new WeakMap();
let count = 0;

// Of how many contexts it is noted where they are entered: of the first, and after a finding.
const PLACES = 200;

class StorageRecord {
  /** @param {{ name?: unknown }} storage */
  constructor(storage) {
    this.id = ++count;
    /** What getStore() gives outside of all contexts. */
    this.absent = /** @type {unknown} */ (undefined);
    this.isEntered = false;
    this.name = typeof storage.name === 'string' ? storage.name : '';
    this.isKnown = false;
    this.places = new StackBudget(PLACES);
    this.usualPlace = new UsualPlace();
    /** @type {import('./twins.js').Origin | undefined} */
    this.origin = undefined;
  }
}

/** @param {object} storage */
function recordOf(storage) {
  let record = records.get(storage);
  if (record === undefined) {
    record = new StorageRecord(storage);
    records.set(storage, record);
  }
  return record;
}

module.exports = { StorageRecord, recordOf };
