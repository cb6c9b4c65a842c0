'use strict';

// Tells subscribers of the channels of pools (channels.js) what becomes of a task. A task that
// somebody wants to hear of has another object around it, so nothing is asked of the other tasks.

const { AsyncResource } = require('../../async-resource.js');
const { now } = require('../../node/clock.js');
const { STARTED } = require('../../wire/status.js');
const channels = require('./channels.js');

// As it is now: a program may put something else in its place.
const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;
const RESOURCE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: false });

/** @typedef {import('../tasks/task.js').Task} Task */
/** @typedef {import('node:diagnostics_channel').Channel} Channel */

/**
 * What subscribers get of a task: one object, which is completed as the task goes on.
 *
 * @typedef {object} TaskMessage
 * @property {number} id  of this pool's tasks that were observed
 * @property {object} pool
 * @property {string} processor  the file as an URL, the name of a native one, or of a queue
 * @property {string | undefined} export  for which the task is, if it or the pool names one
 * @property {number} priority
 * @property {number | undefined} threadId
 * @property {number | undefined} waitTime  in milliseconds, as the others
 * @property {number | undefined} runTime
 * @property {number | undefined} duration
 * @property {unknown} error
 */

/** A task around the one that is told. */
class ObservedTask {
  #task;
  #message;
  #submittedAt = now();
  // Made where the stores are set that subscribers have bound to the submission.
  #scope = new AsyncResource('WorkerPoolTaskInfo', RESOURCE_OPTIONS);

  timeout = 0;
  /** @type {import('../results/drains.js').Generation | undefined} */
  generation = undefined;
  /** @type {import('../tasks/abort-signals.js').Watched | undefined} */
  watched = undefined;
  /** @type {import('../tasks/task.js').Sent | undefined} */
  contexts = undefined;

  /**
   * @param {Task} task
   * @param {TaskMessage} message
   */
  constructor(task, message) {
    this.#task = task;
    this.#message = message;
  }

  // Who has submitted the task knows the other object.
  /** @returns {number} */
  get id() {
    return this.#task.id;
  }
  set id(id) {
    this.#task.id = id;
  }

  /**
   * @param {number} what  STARTED or TIMES (../wire/status.js)
   * @param {{ waitTime: number, runTime: number | undefined }} times
   * @param {number | undefined} threadId
   */
  goesOn(what, { waitTime, runTime }, threadId) {
    const message = this.#message;
    message.waitTime = waitTime;
    message.runTime = runTime;
    message.threadId = threadId;
    if (what === STARTED) this.#publish(channels.tasks.start);
  }

  /** @returns {AsyncResource} */
  ownScope() {
    return this.#task.ownScope();
  }

  /** @returns {import('../tasks/task.js').Streamed | undefined} */
  get stream() {
    return /** @type {import('../tasks/task.js').PlacedTask} */ (this.#task).stream;
  }

  /** @param {Task} task */
  isAround(task) {
    return this.#task === task;
  }

  /** @param {unknown} result */
  succeed(result) {
    this.#end();
    this.#task.succeed(result);
  }

  /** @param {unknown} error */
  fail(error) {
    this.#message.error = error;
    this.#publish(channels.tasks.error);
    this.#end();
    this.#task.fail(error);
  }

  /**
   * @param {unknown} thrown
   * @returns {unknown}
   */
  errorOf(thrown) {
    return this.#task.errorOf(thrown);
  }

  /**
   * @param {unknown} error
   * @param {(error: unknown) => void} tell
   */
  locate(error, tell) {
    this.#task.locate(error, tell);
  }

  #end() {
    this.#message.duration = now() - this.#submittedAt;
    this.#publish(channels.tasks.end);
  }

  /** @param {Channel} channel */
  #publish(channel) {
    if (!channel.hasSubscribers) return;
    apply(runInAsyncScope, this.#scope, [() => channel.publish(this.#message)]);
  }
}

class TaskObserver {
  #pool;
  #processor;
  #export;
  #count = 0;

  /**
   * @param {object} pool  as the program has it
   * @param {string} processor
   * @param {string} [name]  of the export, for tasks that name none
   */
  constructor(pool, processor, name) {
    this.#pool = pool;
    this.#processor = processor;
    this.#export = name;
  }

  /**
   * A task is submitted, by `enter`, in the stores that subscribers have bound to that.
   *
   * @param {Task} task
   * @param {{ priority: number, exported?: { name?: string, url?: string } }} options
   * @param {(task: Task) => void} enter
   */
  submit(task, { priority, exported }, enter) {
    /** @type {TaskMessage} */
    const message = {
      id: this.#count++,
      pool: this.#pool,
      processor: exported?.url ?? this.#processor,
      export: exported?.name ?? this.#export,
      priority,
      threadId: undefined,
      waitTime: undefined,
      runTime: undefined,
      duration: undefined,
      error: undefined,
    };
    channels.tasks.submit.runStores(message, () => enter(new ObservedTask(task, message)));
  }
}

module.exports = { ObservedTask, TaskObserver };
