'use strict';

// The public class. It extends Node's: there is one allocator of async ids and one set of hooks,
// and Node carries the frame of a resource on every engine. It adds the documented behaviour that
// Node lacks, the same surface on every version, and checks where Node would end the process.

const { NodeAsyncResource, RESOURCE_ID, isNodes, isResource } = require('./node/async-resource.js');
const { engine } = require('./engine/index.js');
const {
  invalidArgType,
  notAResource,
  notCallable,
  resourceDestroyed,
} = require('./errors/context.js');
const { NO_OPTIONS, option } = require('./node/option.js');

const { apply } = Reflect;
const { prototype } = Object;
const { openResource, scopes } = engine;

/** @typedef {(...args: any[]) => unknown} Callback  the program's, which knows its arguments */
const nodeRunInAsyncScope = NodeAsyncResource.prototype.runInAsyncScope;

// Chosen once, so that the engines that need nothing more than Node's own pay for nothing more.
const runInScope = openResource === undefined ? nodeRunInAsyncScope : runInOpenedScope;

/** @this {AsyncResource} */
function runInOpenedScope() {
  const outer = /** @type {NonNullable<typeof openResource>} */ (openResource)(this);
  try {
    return apply(nodeRunInAsyncScope, this, arguments);
  } finally {
    // An engine with `openResource` has them.
    /** @type {NonNullable<typeof scopes>} */ (scopes).innermost = outer;
  }
}

// What a second emitDestroy() does. `register` makes it a warning, because Node has never objected,
// and programs written for Node may do it.
let secondDestroy = throwDestroyed;

function onSecondDestroy(action = throwDestroyed) {
  secondDestroy = action;
}

/** @param {number} asyncId */
function throwDestroyed(asyncId) {
  throw resourceDestroyed(asyncId, emitDestroy);
}

// What `register` does to a bound function before it is returned.
/** @type {((bound: Function, resource: AsyncResource) => void) | undefined} */
let finishBound;

/** @param {((bound: Function, resource: AsyncResource) => void) | undefined} finish */
function onBound(finish) {
  finishBound = finish;
}

// Destroyed by hand. A set and not a private field: Node's methods work on any object that has
// the ids (a proxy, an object that inherits from a resource), and so do these.
const destroyed = new WeakSet();

class AsyncResource extends NodeAsyncResource {
  /**
   * @param {string} type
   * @param {number | import('node:async_hooks').AsyncResourceOptions} [options]
   */
  constructor(type, options = NO_OPTIONS) {
    super(type, isPolluted(options) ? ownOptions(/** @type {object} */ (options)) : options);
  }

  /**
   * `arguments` and not `...args`: V8 passes it on without making an object of it.
   *
   * @param {Callback} fn
   * @param {unknown} [thisArg]
   */
  // oxlint-disable-next-line no-unused-vars -- the length is Node's
  runInAsyncScope(fn, thisArg) {
    // isResource() on Node, without the call: the compiler's budget for inlining is for Node's
    // method.
    const id = /** @type {any} */ (this)?.[RESOURCE_ID];
    if (typeof id === 'number' && id > 0 && fn !== undefined) {
      return apply(runInScope, this, arguments);
    }
    // Without them: where it is passed on twice, V8 makes an object of it after all.
    return runChecked(this);
  }

  emitDestroy() {
    if (this === undefined || this === null) throw notAResource(emitDestroy);
    if (!isResource(this)) return this; // as Node 26; older versions end the process
    if (destroyed.has(this)) {
      secondDestroy(super.asyncId());
      return this;
    }
    super.emitDestroy();
    // After it: the stack may be used up, and then it can be called again.
    destroyed.add(this);
    return this;
  }

  // Node has these two on the class itself.
  asyncId() {
    return super.asyncId();
  }

  triggerAsyncId() {
    return super.triggerAsyncId();
  }

  /**
   * @param {Callback} fn
   * @param {unknown} [thisArg]
   */
  bind(fn, thisArg) {
    if (typeof fn !== 'function') throw invalidArgType('fn', 'function', fn, this.bind);
    let bound;
    if (thisArg === undefined) {
      const resource = this;
      /** @param {...IArguments} args */
      bound = /** @this {unknown} */ function (...args) {
        return resource.runInAsyncScope(fn, this, ...args);
      };
    } else {
      bound = this.runInAsyncScope.bind(this, fn, thisArg);
    }
    // Only where it differs, because defining it takes longer than everything else here.
    if (fn.length !== bound.length) {
      Object.defineProperty(bound, 'length', {
        __proto__: null,
        value: fn.length,
        writable: false,
        enumerable: false,
        configurable: true,
      });
    }
    if (finishBound !== undefined) finishBound(bound, this);
    return bound;
  }

  /**
   * @param {Callback} fn
   * @param {string} [type]
   * @param {unknown} [thisArg]
   */
  static bind(fn, type, thisArg) {
    type ||= fn.name;
    return new AsyncResource(type || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

/**
 * Node reads the options itself, and would find what a program has added to Object.prototype.
 *
 * @param {unknown} options
 */
function isPolluted(options) {
  return (
    options !== NO_OPTIONS &&
    typeof options === 'object' &&
    options !== null &&
    ('triggerAsyncId' in prototype || 'requireManualDestroy' in prototype)
  );
}

/** @param {object} options */
function ownOptions(options) {
  return {
    triggerAsyncId: option(options, 'triggerAsyncId'),
    requireManualDestroy: option(options, 'requireManualDestroy'),
  };
}

// Where there are no ids to look at, the check is a call.
const unlikeNodes = {
  /**
   * @this {any}
   * @param {Callback} fn
   * @param {unknown} [thisArg]
   */
  // oxlint-disable-next-line no-unused-vars -- as above
  runInAsyncScope(fn, thisArg) {
    if (fn === undefined || !isResource(this)) return runChecked(this);
    return apply(runInScope, this, arguments);
  },
};
if (!isNodes) {
  Object.defineProperty(AsyncResource.prototype, 'runInAsyncScope', {
    __proto__: null,
    value: unlikeNodes.runInAsyncScope,
  });
}

// What errors leave out of their stacks.
const { emitDestroy, runInAsyncScope } = AsyncResource.prototype;

/**
 * What is no resource, or a resource without a function to run.
 *
 * @param {unknown} resource
 */
function runChecked(resource) {
  // On anything else Node corrupts its stack of ids, and ends the process.
  if (!isResource(resource)) throw notAResource(runInAsyncScope);
  // `before` and `after` are emitted also without a function, as in Node.
  return apply(runInScope, resource, [throwNotCallable]);
}

function throwNotCallable() {
  throw notCallable(runInAsyncScope);
}

module.exports = { AsyncResource, onBound, onSecondDestroy };
