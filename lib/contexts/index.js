'use strict';

// Contexts that cross to other threads and processes. Who sends them captures them where it was
// called; who receives them enters them around what was sent along.

const { captureAll, contextFrom, describe, enterAll } = require('./context.js');
const { findNotCloneable } = require('./cloneable.js');
const { NOT_PLAIN, copyOf, isUnchanged, snapshotOf } = require('./snapshot.js');
const { checkContexts, defineCarrier, storageFor } = require('./options.js');

module.exports = {
  NOT_PLAIN,
  captureAll,
  checkContexts,
  contextFrom,
  copyOf,
  defineCarrier,
  describe,
  enterAll,
  findNotCloneable,
  isUnchanged,
  snapshotOf,
  storageFor,
};
