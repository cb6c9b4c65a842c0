'use strict';

// Workers of node:worker_threads, which run a JavaScript processor (lib/worker/).

const {
  MessageChannel,
  MessagePort,
  Worker,
  receiveMessageOnPort,
} = require('node:worker_threads');
const { SafeSet } = require('../../node/safe-map.js');
const { hasAborted, lanesFrom, phases } = require('./thread.js');
const { addonFile } = require('../../package/addon.js');
const { weakly } = require('../ownership.js');
const { withCause } = require('../../errors/coded.js');
const { notCloneable, workerExit, workerStart } = require('../../errors/pool.js');
const { notBegun } = require('../../errors/sync.js');
const { isOfTeardown, teardownTimeout } = require('../../errors/processor.js');
const { clearTimeout, now, setTimeout } = require('../../node/clock.js');
const { ARRIVED, AWAITED, GONE } = require('../../wire/answer.js');
const { Control, TEARDOWN_LIMIT } = require('./control.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { on, postMessage: postToWorker, ref, terminate, unref } = Worker.prototype;
const { close: closePort } = MessagePort.prototype;

/**
 * What a thread was about when it ended, for one of its tasks.
 *
 * @type {Record<string, string>}
 */
const WHEN = Object.freeze({
  [phases.STARTING]: 'before its processor was ready',
  [phases.READY]: 'before it replied to the task',
  [phases.LEAVING]: 'before it replied to the task',
  [phases.STOPPING]: 'because it was stopped for another task that it ran',
});

// After so many looks, at least 10 s, a thread is given up that has not come to its program.
const MOST_LOOKS = 200;

/**
 * @typedef {object} WorkerParts
 * @property {Worker} worker
 * @property {MessagePort[]} ports  of the lanes: what only a port can carry goes through them
 * @property {Control} control  what is said beside the tasks goes through it
 * @property {NodeJS.Timeout | undefined} limit  until then the thread ends by itself
 * @property {{ error: unknown } | undefined} uncaught  the error that ends the thread
 * @property {number | undefined} exitCode  once the thread has ended
 * @property {boolean} isUnheard  it has ended before the events that tell it
 * @property {number} looks  that have found nobody
 *
 * @typedef {import('./thread.js').Thread & WorkerParts} WorkerThread
 * @typedef {import('./thread.js').ThreadKind<WorkerThread>} Kind
 */

/** @implements {Kind} */
class WorkerThreads {
  #native;
  #lanes;
  #url;
  #file;
  #text;
  #name;
  #abortGrace;
  #contexts;
  #maxMemory;
  #nice;
  #process;
  #reports;
  #source;
  #broadcasts;

  handles = new SafeSet();
  isTerminable = true;

  /**
   * @param {import('../../package/addon.js').NativePool} native  the addon's NativePool
   * @param {{ processor: import('../processor.js').Processor, name: string | undefined,
   *   tasksPerWorker: number, abortGrace: number, maxWorkerMemory: number, nice: number,
   *   contexts: readonly import('../../contexts/context.js').Context[] | undefined,
   *   process: import('../runtime.js').ProcessOf | undefined }} settings
   * @param {import('./thread.js').Reports} reports
   * @param {import('./worker-source.js').WorkerSource} source
   * @param {import('./broadcasts.js').Broadcasts} broadcasts
   */
  constructor(native, settings, reports, source, broadcasts) {
    const { processor, name, abortGrace, contexts, maxWorkerMemory, nice } = settings;
    this.#native = native;
    this.#lanes = settings.tasksPerWorker;
    this.#url = processor.url;
    this.#file = processor.file;
    this.#text = processor.source;
    this.#name = name;
    this.#abortGrace = abortGrace;
    this.#contexts = contexts?.map(describe);
    this.#maxMemory = maxWorkerMemory;
    this.#nice = nice;
    this.#process = settings.process;
    this.#reports = reports;
    this.#source = source;
    this.#broadcasts = broadcasts;
  }

  /** Throws what `new Worker()` throws for wrong options. */
  create() {
    const worker = this.#source.take();
    const workerId = this.#native.addWorkers();
    try {
      return this.#connect(worker, workerId);
    } catch (error) {
      apply(terminate, worker, []);
      this.#native.removeWorkers(workerId);
      throw error;
    }
  }

  /**
   * @param {Worker} worker
   * @param {number} workerId
   * @returns {WorkerThread}
   */
  #connect(worker, workerId) {
    const lanes = lanesFrom(workerId, this.#lanes);
    // Ports of our own: the worker's own is its program's. One for each lane, because only the
    // results of one lane arrive in their order.
    const channels = lanes.map(() => new MessageChannel());
    const channel = new MessageChannel();
    const configuration = {
      lanes: lanes.map((lane, i) => ({
        ticket: this.#native.ticket(lane.workerId),
        port: channels[i].port2,
      })),
      control: channel.port2,
      sparesAborted: this.#abortGrace > 0,
      broadcast: this.#broadcasts.latest,
      url: this.#url,
      file: this.#file,
      source: this.#text,
      name: this.#name,
      contexts: this.#contexts,
      maxMemory: this.#maxMemory,
      nice: this.#nice,
      addon: addonFile(),
      process: this.#process?.(),
    };
    const moved = [...channels, channel].map(({ port2 }) => port2);
    apply(postToWorker, worker, [configuration, moved]);
    const thread = {
      workerId,
      id: worker.threadId,
      phase: phases.STARTING,
      startedAt: now(),
      lanes,
      worker,
      ports: channels.map(({ port1 }) => port1),
      control: new Control(channel.port1),
      limit: undefined,
      uncaught: undefined,
      exitCode: undefined,
      isUnheard: false,
      looks: 0,
    };
    this.handles.add(this.handleOf(thread));
    this.#listen(thread);
    apply(unref, worker, []); // after the listeners: one for messages refs it again
    return thread;
  }

  /**
   * A worker is held by Node as long as it runs, and so are its listeners.
   *
   * @param {WorkerThread} thread
   */
  #listen(thread) {
    for (const [event, listener] of Object.entries(listenersFor(thread))) {
      apply(on, thread.worker, [event, weakly(this, listener)]);
    }
  }

  /**
   * The thread's 'exit'.
   *
   * @param {WorkerThread} thread
   * @param {number} exitCode
   */
  ended(thread, exitCode) {
    // Anybody who has the Worker, from process.on('worker'), can emit the event.
    if (thread.exitCode === undefined && !isAlive(thread.worker)) this.#gone(thread, exitCode);
  }

  /** @param {WorkerThread} thread */
  look(thread) {
    if (thread.exitCode !== undefined) return;
    const presence = this.#native.presence(thread.workerId);
    if (presence === ARRIVED) return;
    if (presence === AWAITED) {
      if (++thread.looks < MOST_LOOKS) return;
      thread.uncaught = { error: notBegun() };
      apply(terminate, thread.worker, []);
    }
    thread.isUnheard = true;
    this.#gone(thread, thread.control.exitCode);
  }

  /**
   * @param {WorkerThread} thread
   * @param {number} exitCode
   */
  #gone(thread, exitCode) {
    thread.exitCode = exitCode;
    this.handles.delete(this.handleOf(thread));
    this.#native.threadGone(thread.workerId);
  }

  /**
   * Node says the same by an event.
   *
   * @param {WorkerThread} thread
   * @param {{ error: unknown } | undefined} words
   */
  hearLastWords(thread, words) {
    if (thread.isUnheard) thread.uncaught ??= words;
  }

  get reports() {
    return this.#reports;
  }

  /**
   * @param {WorkerThread} thread
   * @param {boolean} awaited
   */
  terminate({ worker }, awaited) {
    if (awaited) apply(ref, worker, []);
    apply(terminate, worker, []);
  }

  /**
   * @param {WorkerThread} thread
   * @returns {import('../ownership.js').Handle}
   */
  handleOf({ worker }) {
    return worker;
  }

  /**
   * @param {WorkerThread} thread
   * @param {number} workerId
   * @param {unknown} reason
   */
  abort({ control, workerId: first }, workerId, reason) {
    control.abort(workerId - first, reason);
  }

  /**
   * @param {WorkerThread} thread
   * @param {boolean} awaited
   */
  end(thread, awaited) {
    if (thread.limit !== undefined) {
      if (awaited) apply(ref, thread.worker, []);
      return; // it ends already
    }
    const aborted = hasAborted(thread) ? this.#abortGrace : 0;
    const { milliseconds, tearsDown } = thread.control.end(aborted);
    if (milliseconds === 0) {
      this.terminate(thread, awaited);
      return;
    }
    if (awaited) apply(ref, thread.worker, []);
    const late = weakly(this, WorkerThreads.#late);
    thread.limit = setTimeout(late, milliseconds, thread, tearsDown).unref();
  }

  /**
   * @param {WorkerThreads} kind
   * @param {WorkerThread} thread
   * @param {boolean} tearsDown
   */
  static #late = (kind, thread, tearsDown) => {
    if (kind.#native.presence(thread.workerId) === GONE) return; // in time, and not heard of yet
    const file = kind.#file ?? kind.#url;
    if (tearsDown) thread.uncaught ??= { error: teardownTimeout(file, TEARDOWN_LIMIT) };
    kind.terminate(thread, false);
  };

  /** @param {WorkerThread} thread */
  release(thread) {
    clearTimeout(thread.limit);
    for (const port of thread.ports) apply(closePort, port, []);
    thread.control.close();
    this.#broadcasts.gone(thread);
  }

  /**
   * @param {WorkerThread} thread
   * @param {import('./thread.js').OfEnd} [end]
   */
  errorOf({ uncaught, exitCode, phase, control }, end) {
    const words = end?.words ?? control.failure ?? uncaught;
    if (words === undefined) return workerExit(exitCode, WHEN[phase], control.signal);
    if (!end?.together) return words.error;
    return withCause(workerExit(exitCode, 'by an error, while it ran several tasks'), words.error);
  }

  /**
   * That nothing was left to do is not an error.
   *
   * @param {WorkerThread} thread
   */
  idleError({ uncaught, exitCode, control }) {
    if (uncaught !== undefined) return uncaught;
    if (exitCode === 0) return undefined;
    return { error: workerExit(exitCode, 'while it was idle', control.signal) };
  }

  /**
   * What went wrong when the thread was ended: its teardown. Of a process, only the event has it.
   *
   * @param {WorkerThread} thread
   */
  endError({ uncaught, control }) {
    const failure = control.failure ?? uncaught;
    return failure !== undefined && isOfTeardown(failure.error) ? failure : undefined;
  }

  /** @param {unknown} cause */
  startError(cause) {
    return workerStart(this.#url, cause);
  }

  /**
   * Without asking the thread. Bun's function for it prints a warning, and Deno has none.
   *
   * @param {WorkerThread} thread
   * @returns {import('node:perf_hooks').EventLoopUtilization | undefined}
   */
  loopOf({ worker }) {
    return isNode ? worker.performance.eventLoopUtilization() : undefined;
  }

  /** @param {WorkerThread} thread */
  controlOf({ control }) {
    return control;
  }

  /**
   * @param {WorkerThread} thread
   * @param {number} workerId
   */
  portOf({ ports, workerId: first }, workerId) {
    return ports[workerId - first];
  }

  /**
   * The message is there before Rust says so. Before it may be those of results that were given up:
   * the stack was used up, or the task was aborted.
   *
   * @param {WorkerThread} thread
   * @param {number} workerId
   * @param {number} number  of the message
   */
  receive(thread, workerId, number) {
    try {
      for (;;) {
        const received = receiveMessageOnPort(this.portOf(thread, workerId));
        const { message } = /** @type {{ message: any }} */ (received);
        if (message.number === number) return { value: message.value };
      }
    } catch (error) {
      return { error: notCloneable('result', error) };
    }
  }
}

/** @param {import('../../contexts/context.js').Context} context */
const describe = (context) => require('../../contexts/index.js').describe(context);

/** @param {WorkerThread} thread */
function listenersFor(thread) {
  /** @type {Record<string, (threads: WorkerThreads, value: any) => void>}  events have any value */
  const listeners = {
    message: ({ reports }, value) => reports.message(value),
    messageerror: ({ reports }, error) => reports.messageError(notCloneable('message', error)),
    error: (_, error) => {
      thread.uncaught = { error };
    },
    exit: (kind, exitCode) => kind.ended(thread, exitCode),
  };
  return listeners;
}

const isNode = !('bun' in process.versions || 'deno' in process.versions);
// Node takes the threadId away when the thread has ended; others do not.
/** @param {Worker} worker */
const isAlive = ({ threadId }) => isNode && threadId !== -1;

module.exports = { WorkerThreads };
