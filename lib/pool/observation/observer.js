'use strict';

// Tells subscribers of a pool's channels (channels.js) what happens. A task that somebody wants to
// hear of has another object around it, so nothing is asked of the other tasks.

const { AsyncResource } = require('../../async-resource.js');
const { nextTick, now } = require('../../node/clock.js');
const { FLAG_START, FLAG_TIMES } = require('../../wire/packet.js');
const { STARTED } = require('../../wire/status.js');
const channels = require('./channels.js');

// As it is now: a program may put something else in its place.
const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;
const RESOURCE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: false });

/** @typedef {import('../tasks/task.js').Task} Task */
/** @typedef {import('../tasks/options.js').TaskOptions} TaskOptions */
/** @typedef {import('node:diagnostics_channel').Channel} Channel */

/**
 * What subscribers get of a task: one object, which is completed as the task goes on.
 *
 * @typedef {object} TaskMessage
 * @property {number} id  of this pool's tasks that were observed
 * @property {object} pool
 * @property {string} processor  the file as an URL, or the name of a native one
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
  generation = /** @type {import('../results/drains.js').Generation} */ (
    /** @type {any} */ (undefined)
  );
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

  /** @returns {import('../tasks/task.js').Receive | undefined} */
  get receive() {
    return /** @type {import('../tasks/task.js').PlacedTask} */ (this.#task).receive;
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

class Observer {
  #pool;
  #processor;
  #export;
  #scope;
  #tasks;
  #threads;
  #count = 0;

  /**
   * @param {{ processor: { url?: string, native?: string }, name: string | undefined }} settings
   * @param {object} parts
   * @param {object} parts.pool  as the program has it
   * @param {(fn: () => unknown) => any} parts.scope  calls in the context of the pool
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {import('../threads/index.js').Threads} parts.threads
   */
  constructor({ processor, name }, { pool, scope, tasks, threads }) {
    this.#pool = pool;
    this.#processor = /** @type {string} */ (processor.native ?? processor.url);
    this.#export = name;
    this.#scope = scope;
    this.#tasks = tasks;
    this.#threads = threads;
  }

  /**
   * A task is submitted, by `enter`, in the stores that subscribers have bound to that.
   *
   * @param {Task} task
   * @param {TaskOptions} options
   * @param {(task: Task, options: TaskOptions) => void} enter
   */
  submit(task, options, enter) {
    const { submit, start, end, error } = channels.tasks;
    const wanted =
      (start.hasSubscribers ? FLAG_START : 0) |
      (end.hasSubscribers || error.hasSubscribers ? FLAG_TIMES : 0);
    /** @type {TaskMessage} */
    const message = {
      id: this.#count++,
      pool: this.#pool,
      processor: this.#processor,
      export: options.exported?.name ?? this.#export,
      priority: options.priority,
      threadId: undefined,
      waitTime: undefined,
      runTime: undefined,
      duration: undefined,
      error: undefined,
    };
    submit.runStores(message, () =>
      enter(new ObservedTask(task, message), { ...options, flags: options.flags | wanted }),
    );
  }

  /**
   * What a thread tells of a task: not of one that was cancelled meanwhile, whose id another one
   * may have.
   *
   * @param {number} what
   * @param {number} id
   * @param {number} workerId
   * @param {{ waitTime: number, runTime: number | undefined }} times
   */
  told(what, id, workerId, times) {
    const task = this.#tasks.get(id);
    if (!(task instanceof ObservedTask) || this.#threads.wasStoppedFor(workerId, id)) return;
    const thread = this.#threads.present().find((each) => each.workerId === workerId);
    task.goesOn(what, times, thread?.id);
  }

  /**
   * Something happens to a thread. A subscriber must not get in the way.
   *
   * @param {keyof typeof channels.threads} event
   * @param {number} threadId
   */
  thread(event, threadId) {
    const channel = channels.threads[event];
    if (!channel.hasSubscribers) return;
    const message = { pool: this.#pool, processor: this.#processor, threadId };
    nextTick(() => this.#scope(() => channel.publish(message)));
  }
}

module.exports = { Observer, ObservedTask };
