'use strict';

// A submitted task as the main side keeps it: who has to be told how it ended.

const { AsyncResource: NodeAsyncResource } = require('../node-async-hooks.js');
const { AsyncResource } = require('../async-resource.js');
const { taskThrewNothing } = require('./errors.js');

const OPTIONS = Object.freeze({ requireManualDestroy: true });

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;
const { emitDestroy } = NodeAsyncResource.prototype;

/** A task of `runTask()`. Made at submission: its scope is where the callback runs. */
class WorkerPoolTaskInfo extends AsyncResource {
  #callback;

  /** The entry of the signal that the task waits for (abort-signals.js). */
  signal = undefined;
  /** In milliseconds; 0 for none. */
  timeout = 0;
  /** Which drain() waits for it (drains.js). */
  generation = undefined;

  constructor(callback) {
    super('WorkerPoolTaskInfo', OPTIONS);
    this.#callback = callback;
  }

  succeed(result) {
    this.#done(null, result);
  }

  fail(error) {
    this.#done(error ?? taskThrewNothing(error), null);
  }

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

/** A task of `run()`. Needs no scope of its own: promises keep theirs. */
class PromisedTask {
  signal = undefined;
  timeout = 0;
  generation = undefined;

  constructor(resolve, reject) {
    this.succeed = resolve;
    this.fail = reject;
  }
}

module.exports = { WorkerPoolTaskInfo, PromisedTask };
