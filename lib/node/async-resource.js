'use strict';

// The class that ours extends: Node's own. The classes of Bun and Deno lack some of what Node
// documents, so there a class between theirs and ours adds it.

const { AsyncResource, executionAsyncId } = require('./async-hooks.js');
const { invalidArgType, invalidAsyncId } = require('../errors/context.js');

// The symbol under which every AsyncResource of Node keeps its async id.
const ASYNC_ID = Object.getOwnPropertySymbols(new AsyncResource('async-hooks-rs'))
  .find(({ description }) => description === 'async_id_symbol');

const isNodes = ASYNC_ID !== undefined;

/**
 * The symbol of a property that is a number above 0 on a resource of the class to extend, and is
 * not on anything else: Node keeps its async id there.
 */
const RESOURCE_ID = ASYNC_ID ?? Symbol('async-hooks-rs.resource-id');

let isCompleted;

class CompletedAsyncResource extends AsyncResource {
  #triggerAsyncId;

  constructor(type, options) {
    if (typeof type !== 'string') {
      throw invalidArgType('type', 'string', type, new.target);
    }
    const given = typeof options === 'number' ? options : options.triggerAsyncId;
    const triggerAsyncId = given === undefined ? executionAsyncId() : given;
    if (!Number.isSafeInteger(triggerAsyncId) || triggerAsyncId < -1) {
      throw invalidAsyncId('triggerAsyncId', triggerAsyncId, new.target);
    }
    super(type, options);
    this.#triggerAsyncId = triggerAsyncId;
  }

  asyncId() {
    return isCompleted(this) ? super.asyncId() : undefined;
  }

  triggerAsyncId() {
    return isCompleted(this) ? this.#triggerAsyncId : undefined;
  }

  emitDestroy() {
    super.emitDestroy();
    return this;
  }

  get [RESOURCE_ID]() {
    return isCompleted(this) ? 1 : undefined;
  }

  static {
    isCompleted = (value) => typeof value === 'object' && value !== null &&
      #triggerAsyncId in value;
  }
}

/** The class to extend. */
const NodeAsyncResource = isNodes ? AsyncResource : CompletedAsyncResource;

/** Whether the methods of the class may be called on `value`, which Node's do not check. */
function isResource(value) {
  const id = value?.[RESOURCE_ID];
  return typeof id === 'number' && id > 0;
}

module.exports = { NodeAsyncResource, RESOURCE_ID, isResource };
