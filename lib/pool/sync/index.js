'use strict';

// `pool.runSync()`: this thread waits in Rust until a task has ended. Its event loop does not turn
// meanwhile. So what the pool otherwise learns by events it looks for now and then: that a thread
// has ended, and that the time of an aborted task is over. What is for other tasks is kept until
// the event loop turns: no code of theirs runs in between.

const { outOfMemory } = require('../../errors/pool.js');
const { heldUpByStreams, stackUsedUp, withinMaking } = require('../../errors/sync.js');
const { now } = require('../../node/clock.js');
const { NEVER_A_TASK } = require('../../wire/packet.js');
const status = require('../../wire/status.js');
const { ObservedTask } = require('../observation/observed-task.js');
const { NOT_UNDER_WAY } = require('../tasks/table.js');
const { PlacedTask } = require('../tasks/task.js');
const { phases } = require('../threads/thread.js');

/** @typedef {import('../tasks/task.js').Task} Task */
/** @typedef {import('../tasks/options.js').TaskOptions} TaskOptions */
/** @typedef {import('../tasks/task.js').Streamed} Streamed */
/** @typedef {(PlacedTask | ObservedTask) & { stream: Streamed }} Stream */
/** @typedef {{ failed: boolean, value: unknown }} End */

// For how long this thread waits without a look at what no result tells of, in ms. A Worker that is
// terminated ends after that time, too: V8 does not see it before.
const LOOK_EVERY = 50;

/** @type {Stream[]} */
const NONE = [];

class SyncRuns {
  #parts;
  /** @type {Task[]}  more than one if code of the program that the pool calls waits, too */
  #awaited = [];

  /**
   * @param {object} parts
   * @param {{ maxRunning: number, tasksPerWorker: number }} parts.settings
   * @param {InstanceType<typeof import('../dispatcher.js').Dispatcher>} parts.dispatcher
   * @param {(milliseconds: number) => void} parts.wait  the addon's: returns when there are
   *   completions, or after that time
   * @param {import('../results/result-stream.js').Route} parts.route  called for what is for now
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {import('../tasks/outbox.js').Outbox} parts.outbox
   * @param {import('../threads/index.js').Threads} parts.threads
   * @param {import('../threads/thread.js').ThreadKind<any>} parts.kind
   * @param {import('../results/failures.js').Failures} parts.failures
   * @param {import('../results/output.js').Output} parts.output
   * @param {import('../results/result-stream.js').ResultStream} parts.results
   * @param {import('../results/running.js').RunningTasks} parts.running
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Returns the result of a task, or throws what it fails with. Errors of the pool have no stack.
   *
   * @param {unknown} value
   * @param {TaskOptions} options
   */
  run(value, options) {
    const { dispatcher, outbox, results, failures } = this.#parts;
    let end = /** @type {End | undefined} */ (undefined);
    const task = new PlacedTask(
      (result) => {
        end = { failed: false, value: result };
      },
      (error) => {
        end = { failed: true, value: error };
      },
    );
    const hasEnded = () => end !== undefined;
    results.deliverSoonOrThrow(); // first: nothing that throws may come between it and what is kept
    this.#checkThatItEnds(options);
    dispatcher.dispatch(value, task, options);
    const streams = this.#streams(options, 1);
    this.#awaited.push(task);
    try {
      outbox.flush();
      results.poll(this.#hear, hasEnded); // nobody calls while this thread looks
      for (let lookAt = 0; !hasEnded(); ) {
        if (this.#isHeldUp(options, streams)) dispatcher.cancel([task], heldUpByStreams, true);
        if (task.id !== NOT_UNDER_WAY) lookAt = this.#wait(hasEnded, lookAt);
        else if (!failures.tellNow((other) => isAround(other, task))) {
          throw stackUsedUp(); // in a run within this one, which has read what is for this task
        }
      }
    } finally {
      this.#awaited.pop();
    }
    const { failed, value: outcome } = /** @type {End} */ (end);
    if (failed) throw outcome;
    return outcome;
  }

  /**
   * @param {() => boolean} hasEnded
   * @param {number} lookAt  when to look at the threads; 0 if that is not known yet
   */
  #wait(hasEnded, lookAt) {
    const { wait, results, threads } = this.#parts;
    threads.makeUp(); // else it might wait for ever
    wait(LOOK_EVERY);
    results.take(this.#hear, hasEnded);
    if (hasEnded()) return lookAt;
    const time = now();
    if (lookAt === 0) return time + LOOK_EVERY;
    if (time < lookAt) return lookAt;
    this.#look(time);
    return time + LOOK_EVERY;
  }

  /**
   * Refuses a task that would never run, before it has cost anything.
   *
   * @param {TaskOptions} options
   */
  #checkThatItEnds(options) {
    const { results, threads } = this.#parts;
    if (threads.areBeingMade) throw withinMaking();
    const streams = this.#streams(options, 0);
    if (!this.#isHeldUp(options, streams)) return;
    results.take(this.#hear, () => false); // that some have ended
    if (this.#isHeldUp(options, streams)) throw heldUpByStreams();
  }

  /**
   * The streams that may hold up a task.
   *
   * @param {TaskOptions} options
   * @param {number} own  how many are under way that are the task itself
   */
  #streams({ key }, own) {
    const { tasks, settings } = this.#parts;
    if (tasks.outstanding - own < (key === undefined ? settings.maxRunning : 1)) return NONE;
    return tasks.underWay().filter(isStream);
  }

  /**
   * Whether the task never runs, because streams wait for their consumers, which this thread keeps
   * from taking a value: one of its key, or as many as the thread of the key or the pool runs at
   * once. Until they wait, they may end by themselves.
   *
   * @param {TaskOptions} options
   * @param {Stream[]} streams
   */
  #isHeldUp({ key }, streams) {
    if (streams.length === 0) return false;
    const { maxRunning, tasksPerWorker } = this.#parts.settings;
    const waiting = streams.filter(({ id, stream }) => id !== NOT_UNDER_WAY && stream.isHeldUp);
    if (waiting.length === 0) return false;
    if (waiting.length >= maxRunning) return true;
    const { keys } = this.#parts.tasks;
    if (key === undefined || keys === undefined) return false;
    if (waiting.some(({ id }) => keys.keyOf(id) === key)) return true;
    const home = keys.homeOf(key);
    if (home === undefined) return false;
    const there = waiting.filter(({ stream }) => {
      const workerId = /** @type {number} */ (stream.workerId); // a value has come from it
      return workerId >= home && workerId < home + tasksPerWorker;
    });
    return there.length >= tasksPerWorker;
  }

  /**
   * What no result tells of.
   *
   * @param {number} time
   */
  #look(time) {
    const { threads, kind } = this.#parts;
    for (const thread of threads.present()) kind.look(thread);
    threads.stopOverdue(time);
    if (threads.expectDemand()) threads.demand(); // in place of those that were stopped
  }

  /**
   * True if that was all. Else the completion is kept, as far as it is not done with.
   *
   * @param {import('../results/result-stream.js').Completion} completion
   */
  #hear = (completion) => {
    // Results and errors have the lowest numbers.
    if (completion[0] > status.ERROR) {
      if (this.#hearOther(completion)) return true;
      if (completion[0] > status.ERROR) return false;
    }
    const id = completion[1];
    const awaited = this.#awaitedOf(id);
    if (awaited !== undefined) {
      this.#tell(completion, awaited);
      return true;
    }
    const task = this.#parts.tasks.get(id);
    if (task !== undefined && isStream(task)) task.stream.expectEnd(); // it needs no consumer
    return false;
  };

  /**
   * Hears what is neither a result nor an error. `#resolve()` may make it one.
   *
   * @param {import('../results/result-stream.js').Completion} completion
   */
  #hearOther(completion) {
    const { route, results, threads } = this.#parts;
    const { 0: what, 1: id, 2: value, 3: workerId } = completion; // no iterator: it takes long
    if (what === status.THREAD_GONE) {
      // The next thread may have the numbers of its lanes.
      const thread = threads.at(workerId);
      results.giveUp(status.READY, (other) => threads.at(other) === thread);
    }
    if (this.#isForNow(what, id, workerId)) {
      route(what, id, value, workerId);
      return true;
    }
    this.#resolve(completion);
    return false;
  }

  /**
   * Does what has to be done now, whoever is told of it. What ends a task becomes a result or an
   * error.
   *
   * @param {import('../results/result-stream.js').Completion} completion
   */
  #resolve(completion) {
    const { threads, running } = this.#parts;
    const { 0: what, 1: id, 2: value, 3: workerId } = completion;
    switch (what) {
      case status.BY_PORT: {
        // Now: the port gives up what lies before the message of a later result.
        const received = threads.receive(workerId, value);
        completion[0] = received.error === undefined ? status.RESULT : status.ERROR;
        completion[2] = received.error ?? received.value;
        break;
      }
      case status.EXPIRED:
        completion[2] = running.expire(id, workerId);
        completion[0] = status.ERROR;
        break;
      case status.FATAL:
        threads.stop(workerId);
        completion[0] = status.ERROR;
        break;
      case status.OUT_OF_MEMORY:
        completion[2] = outOfMemory();
        completion[0] = status.ERROR;
        break;
      case status.ORPHANED:
      case status.THREAD_GONE: {
        // The task has told things before, which are kept.
        const isWhole = what === status.THREAD_GONE;
        const error = running.orphan(id, workerId, value, !isWhole);
        if (isWhole) threads.gone(workerId, id);
        completion[2] = error;
        completion[0] = status.ERROR;
        break;
      }
      case status.STARTED:
      case status.TIMES:
        // Later another thread may have that number.
        completion[2] = { ...value, threadId: threads.at(workerId)?.id };
        break;
      case status.VALUE:
        running.expectValue(id, workerId);
        break;
    }
  }

  /**
   * Tells the task that is waited for. Once the task is settled, the completion names it: another
   * task may have its id.
   *
   * @param {import('../results/result-stream.js').Completion} completion
   * @param {Task} awaited
   */
  #tell(completion, awaited) {
    const { route, tasks } = this.#parts;
    const { 0: what, 1: id, 2: value, 3: workerId } = completion;
    const entered = tasks.get(id); // perhaps an object around it
    try {
      route(what, id, value, workerId);
    } finally {
      if (awaited.id !== id) completion[4] = entered;
    }
  }

  /**
   * What threads need so that tasks run, what is for no task, and what tells that the awaited one
   * goes on. Only the last runs code of the program: subscribers of the channels.
   *
   * @param {number} what
   * @param {number} id
   * @param {number} workerId
   */
  #isForNow(what, id, workerId) {
    const { threads, tasks, output } = this.#parts;
    switch (what) {
      case status.CLAIM:
      case status.LEAVING:
      case status.LEFT:
        return true;
      case status.ORPHANED:
      case status.THREAD_GONE:
        return tasks.get(id) === undefined;
      case status.READY:
        // Else it follows what is kept, of a task that was aborted.
        return threads.find(workerId)?.phase === phases.STARTING;
      case status.OUTPUT:
        return !output.isPiped(id);
      case status.FATAL:
        return id >= NEVER_A_TASK;
      case status.STARTED:
      case status.TIMES:
        return this.#awaitedOf(id) !== undefined;
      default:
        return false;
    }
  }

  /** @param {number} id */
  #awaitedOf(id) {
    for (const task of this.#awaited) if (task.id === id) return task;
    return undefined;
  }
}

/**
 * @param {Task} other
 * @param {Task} task
 */
const isAround = (other, task) =>
  other === task || (other instanceof ObservedTask && other.isAround(task));

/**
 * @param {Task} task
 * @returns {task is Stream}
 */
const isStream = (task) => 'stream' in task && task.stream !== undefined;

module.exports = { SyncRuns };
