'use strict';

// Tells subscribers of a pool's channels (channels.js) what happens.

const { nextTick } = require('../../node/clock.js');
const { FLAG_START, FLAG_TIMES } = require('../../wire/packet.js');
const channels = require('./channels.js');
const { ObservedTask, TaskObserver } = require('./observed-task.js');

/** @typedef {import('../tasks/task.js').Task} Task */
/** @typedef {import('../tasks/options.js').TaskOptions} TaskOptions */

class Observer {
  #pool;
  #processor;
  #scope;
  #tasks;
  #threads;
  #ofTasks;

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
    this.#ofTasks = new TaskObserver(pool, this.#processor, name);
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
    const { start, end, error } = channels.tasks;
    const wanted =
      (start.hasSubscribers ? FLAG_START : 0) |
      (end.hasSubscribers || error.hasSubscribers ? FLAG_TIMES : 0);
    this.#ofTasks.submit(task, options, (observed) =>
      enter(observed, { ...options, flags: options.flags | wanted }),
    );
  }

  /**
   * What a thread tells of a task: not of one that was cancelled meanwhile, whose id another one
   * may have.
   *
   * @param {number} what
   * @param {number} id
   * @param {number} workerId
   * @param {{ waitTime: number, runTime: number | undefined, threadId?: number }} times  with the
   *   thread if they were kept
   */
  told(what, id, workerId, times) {
    const task = this.#tasks.get(id);
    if (!(task instanceof ObservedTask) || this.#threads.wasStoppedFor(workerId, id)) return;
    task.goesOn(what, times, times.threadId ?? this.#threads.at(workerId)?.id);
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

module.exports = { Observer };
