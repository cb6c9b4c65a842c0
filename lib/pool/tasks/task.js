'use strict';

// A submitted task as the main side keeps it: who has to be told how it ended.

const { AsyncResource: NodeAsyncResource } = require('../../node/async-hooks.js');
const { AsyncResource } = require('../../async-resource.js');
const { captureStack } = require('../../errors/coded.js');
const { taskThrewNothing } = require('../../errors/pool.js');
const { NOT_UNDER_WAY } = require('./table.js');

// All that there are: none is inherited.
const RESOURCE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: true });
const UNTIL_COLLECTED = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: false });
const SETTLED = Promise.resolve();

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;
const { then } = Promise.prototype;
const { emitDestroy } = NodeAsyncResource.prototype;

/** @typedef {WorkerPoolTaskInfo | PromisedTask | PlacedTask | ObservedTask} Task */
/** @typedef {import('../observation/observed-task.js').ObservedTask} ObservedTask */
/** @typedef {import('../results/drains.js').Generation} Generation */
/** @typedef {import('./abort-signals.js').Watched} Watched */
/** @typedef {InstanceType<typeof import('./contexts.js').Sent>} Sent */

/**
 * Where the values of a task go that is a stream of them (../iteration/stream.js).
 *
 * @typedef {object} Streamed
 * @property {(workerId: number, told: { value: unknown } | undefined) => void} receive
 * @property {(workerId: number) => void} expect  one has come, which is received later
 * @property {() => void} expectEnd  the end has come, of which the task is told later
 * @property {number | undefined} workerId  the worker that runs the task, once that is known
 * @property {boolean} isHeldUp  the task waits for its consumer
 */

/** A task of `runTask()`. Made at submission: its scope is where the callback runs. */
class WorkerPoolTaskInfo extends AsyncResource {
  /** @type {Function | undefined}  until it is called */
  #callback;

  /** While it is under way (task-table.js). */
  id = NOT_UNDER_WAY;
  /** In milliseconds; 0 for none. */
  timeout = 0;
  /**
   * Which drain() waits for it (drains.js). It is set first, and removed when the task is told.
   *
   * @type {Generation | undefined}
   */
  generation = undefined;
  /**
   * The signal that it is aborted by (abort-signals.js).
   *
   * @type {Watched | undefined}
   */
  watched = undefined;
  /**
   * What travels with it (task-contexts.js).
   *
   * @type {Sent | undefined}
   */
  contexts = undefined;

  /** @param {Function} callback */
  constructor(callback) {
    super('WorkerPoolTaskInfo', RESOURCE_OPTIONS);
    this.#callback = callback;
  }

  /** It was not submitted. */
  discard() {
    apply(emitDestroy, this, []);
  }

  /** The async resource in whose scope the task is told everything. */
  ownScope() {
    return this;
  }

  /** @param {unknown} result */
  succeed(result) {
    this.#done(null, result);
  }

  /** @param {unknown} error */
  fail(error) {
    this.#done(error, null);
  }

  /**
   * The error for what a task threw: a callback is told success by `null`.
   *
   * @param {unknown} thrown
   */
  errorOf(thrown) {
    return thrown ?? taskThrewNothing(thrown);
  }

  /**
   * Calls `tell` with an error of the pool. Nobody awaits a callback, so none is in its stack.
   *
   * @param {unknown} error
   * @param {(error: unknown) => void} tell
   */
  locate(error, tell) {
    tell(captureStack(error));
  }

  /**
   * @param {unknown} error
   * @param {unknown} result
   */
  #done(error, result) {
    const callback = this.#callback;
    this.#callback = undefined;
    try {
      apply(runInAsyncScope, this, [callback, null, error, result]);
    } finally {
      // Node's: ours would remember it, in case somebody does it a second time.
      apply(emitDestroy, this, []);
    }
  }
}

/** A task of `run()`. Needs no scope of its own for its end: promises keep theirs. */
class PromisedTask {
  id = NOT_UNDER_WAY;
  timeout = 0;
  /** @type {Generation | undefined} */
  generation = undefined;
  /** @type {Watched | undefined} */
  watched = undefined;
  /** @type {Sent | undefined} */
  contexts = undefined;
  succeed = /** @type {(value: unknown) => void} */ (/** @type {any} */ (undefined));
  /** Stays `undefined` if the stack is used up. Then the promise is rejected. */
  fail = /** @type {(error: unknown) => void} */ (/** @type {any} */ (undefined));

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
  }

  /** Called at the submission, only if the task is told more than its end. */
  ownScope() {
    return new AsyncResource('WorkerPoolTaskInfo', UNTIL_COLLECTED);
  }

  /** @param {unknown} thrown */
  errorOf(thrown) {
    return thrown;
  }

  /**
   * Calls `tell` with an error of the pool, whose stack begins at the function that awaits the
   * promise. V8 finds it from within a reaction, if the promise follows the reaction's: what comes
   * out of `then()` with its own function to resolve it.
   *
   * @param {unknown} error
   * @param {(error: unknown) => void} tell
   */
  locate(error, tell) {
    const located = apply(then, SETTLED, [
      function reaction() {
        throw captureStack(error, reaction);
      },
    ]);
    apply(then, located, [this.succeed, tell]);
  }
}

/**
 * A task of an iteration, whose errors begin at the call that returned the iteration: who passes
 * them on gives them that place.
 */
class PlacedTask {
  id = NOT_UNDER_WAY;
  timeout = 0;
  /** @type {Generation | undefined} */
  generation = undefined;
  /** @type {Watched | undefined} */
  watched = undefined;
  /** @type {Sent | undefined} */
  contexts = undefined;

  /**
   * @param {(value: unknown) => void} succeed
   * @param {(error: unknown) => void} fail
   * @param {Streamed} [stream]  if it is a stream of them
   */
  constructor(succeed, fail, stream) {
    this.succeed = succeed;
    this.fail = fail;
    this.stream = stream;
  }

  ownScope() {
    return new AsyncResource('WorkerPoolTaskInfo', UNTIL_COLLECTED);
  }

  /** @param {unknown} thrown */
  errorOf(thrown) {
    return thrown;
  }

  /**
   * @param {unknown} error
   * @param {(error: unknown) => void} tell
   */
  locate(error, tell) {
    tell(error);
  }
}

module.exports = { WorkerPoolTaskInfo, PromisedTask, PlacedTask };
