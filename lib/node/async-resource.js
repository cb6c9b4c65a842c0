'use strict';

// The class that ours extends: Node's own. The classes of Bun and Deno lack some of what Node
// documents, so there a class between theirs and ours adds it.

const { AsyncResource, executionAsyncId } = require('./async-hooks.js');
const { invalidArgType, invalidAsyncId } = require('../errors/context.js');

// The symbol under which every AsyncResource of Node keeps its async id.
const ASYNC_ID = Object.getOwnPropertySymbols(new AsyncResource('async-hooks-rs')).find(
  ({ description }) => description === 'async_id_symbol',
);

/** Whether the host's class is Node's, and its methods tell a resource by its async id. */
const isNodes = ASYNC_ID !== undefined;

/** The symbol under which Node keeps the async id; on other hosts nothing has a property of it. */
const RESOURCE_ID = ASYNC_ID ?? Symbol('async-hooks-rs.none');

/** @type {(value: unknown) => boolean} */
let isCompleted;

class CompletedAsyncResource extends AsyncResource {
  #triggerAsyncId;

  /**
   * @param {unknown} type
   * @param {any} options
   */
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

  /** @returns {any}  `undefined` for what is none, as Node's */
  asyncId() {
    return isCompleted(this) ? super.asyncId() : undefined;
  }

  /** @returns {any}  as above */
  triggerAsyncId() {
    return isCompleted(this) ? this.#triggerAsyncId : undefined;
  }

  emitDestroy() {
    super.emitDestroy();
    return this;
  }

  static {
    /** @param {any} value */
    isCompleted = (value) =>
      typeof value === 'object' && value !== null && #triggerAsyncId in value;
  }
}

/** The class to extend. */
const NodeAsyncResource = isNodes ? AsyncResource : CompletedAsyncResource;

/**
 * What Node's own methods find on an object tells that it is one of theirs.
 *
 * @param {any} value
 */
function hasAsyncId(value) {
  const id = value?.[RESOURCE_ID];
  return typeof id === 'number' && id > 0;
}

/** Whether the methods of the class may be called on a value, which Node's do not check. */
const isResource = isNodes ? hasAsyncId : isCompleted;

module.exports = { NodeAsyncResource, RESOURCE_ID, isNodes, isResource };
