'use strict';

// Runs the tasks that come to a lane of the thread, one at a time, and leaves their results where
// Rust finds them.

const { AsyncResource } = require('../node/async-hooks.js');
const { createKeptRegion, decode } = require('../codec/index.js');
const { decodeAttached } = require('../codec/attachments.js');
const { setImmediate } = require('../node/clock.js');
const {
  CONTEXT_SHIFT,
  FLAG_BY_PORT,
  FLAG_EXPORT,
  FLAG_PROGRESS,
  REGION,
} = require('../wire/packet.js');
const {
  HEADER,
  PENDING,
  readFlags,
  readLength,
  statusCell,
  writeStatus,
} = require('../wire/step.js');
const { movedIn } = require('../node/moved.js');
const { captureStack } = require('../errors/coded.js');
const { notCloneable } = require('../errors/pool.js');
const { renewShapes } = require('../codec/registry.js');
const ambient = require('./ambient.js');
const { loadedFrom } = require('./configuration.js');
const { Outcomes } = require('./outcomes.js');
const { phase } = require('./phases.js');

/** @typedef {import('./configuration.js').Configuration} Configuration */
/** @typedef {[number: number, credits: number]} StreamTerms */
/** @typedef {string | undefined} Name */
/**
 * As packet.js has it.
 *
 * @typedef {[Name, spread: boolean, value: any, stream?: StreamTerms, attempt?: number,
 *   url?: string]} ExportCall
 */
/** @typedef {(task: any) => void} Process */
/** @typedef {InstanceType<typeof import('./task-contexts.js').Received>} Received */
/** @typedef {InstanceType<typeof import('./task-contexts.js').TaskContexts>} TaskContexts */

const RESOURCE = 'WorkerPoolTask';
const RESOURCE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: true });

// Runs what process.nextTick() and promises have queued, as Node does at the end of each callback
// and between timers. Deprecated in the documentation only; with --pending-deprecation it is
// wrapped in a warning, and then Node has to drain between tasks, which takes longer.
const drain = process._tickCallback?.name === 'runNextTicks' ? process._tickCallback : undefined;

class TaskRunner {
  #native;
  #attach;
  #isLast;
  #finish;
  #renew;
  #outcomes;
  #inbox = createKeptRegion(REGION);
  #outbox = createKeptRegion(REGION);
  #status = statusCell(this.#outbox);
  /** @type {number} */
  #phase = phase.NONE;
  // From start() on, before which no task comes.
  #process = /** @type {Process} */ (/** @type {any} */ (undefined));
  #processCall = this.#process;
  #repliesLast;
  #contexts;
  /**
   * Those of the task that is about to be run.
   *
   * @type {Received | undefined}
   */
  #received;
  /** @type {Process | undefined}  what is called once they are entered */
  #toEnter;
  /** @type {((value: unknown) => void) | undefined} */
  #tell;
  /** @type {((value: unknown) => void) | undefined} */
  #give;

  /**
   * @param {Configuration} configuration
   * @param {import('./configuration.js').Lane} lane
   */
  constructor({ contexts, maxMemory, addon }, { ticket, port }) {
    const loaded = loadedFrom(addon);
    this.#native = new loaded.NativePoolWorker(
      ticket,
      this.#inbox.bytes,
      this.#outbox.bytes,
      /** @param {ArrayBuffer | ArrayBuffer[] | undefined} received */
      (received) => this.#step(received),
      () => this.#afterTurn(),
      drain !== undefined,
      ambient.resource,
    );
    renewShapes(loaded);
    this.#status[0] = PENDING;
    const { attach, isLast, finish, renew, readContext } = this.#native.functions();
    this.#attach = attach;
    this.#isLast = isLast;
    this.#repliesLast = maxMemory === Infinity; // else each end of a task is looked at
    const leaving = () => require('./memory.js').watched(finish, maxMemory, this.#native);
    this.#finish = this.#repliesLast ? finish : leaving();
    this.#renew = renew;
    if (contexts !== undefined) {
      const { TaskContexts } = require('./task-contexts.js');
      this.#contexts = new TaskContexts(contexts, readContext, this.#outbox);
    }
    this.#outcomes = new Outcomes(this.#outbox, attach, port);
    port.on('message', (message) => this.#receive(message));
    port.on('messageerror', (error) => this.fail(notCloneable('task', error)));
    port.unref();
  }

  /** Whether a task waits for its reply. */
  get pending() {
    return this.#phase !== phase.NONE;
  }

  /** Whether the task fails if the thread ends now, by what was left for that. */
  get ends() {
    return this.#phase === phase.LAST_WORDS;
  }

  /** Whether somebody waits for the reply. */
  get awaited() {
    return this.#native.isAwaited();
  }

  /** Whether somebody listens to how far the task is. */
  get isFollowed() {
    return (readFlags(this.#inbox) & FLAG_PROGRESS) !== 0;
  }

  /**
   * Takes tasks from now on; each is passed to `process` in an async resource of its own.
   * `repliesLast` if a reply is the last thing that `process` does: it saves a call then. Those
   * for an export go to `processCall`.
   *
   * @param {Process} process
   * @param {boolean} repliesLast
   * @param {(call: ExportCall) => void} processCall
   */
  start(process, repliesLast, processCall) {
    this.#process = process;
    this.#processCall = processCall;
    this.#repliesLast &&= repliesLast;
    this.#native.resume();
  }

  /** Takes no further task until `start()`. */
  pause() {
    this.#native.pause();
  }

  /**
   * Hands on what was written to STDOUT or STDERR (wire/packet.js).
   *
   * @param {number} descriptor
   * @param {Uint8Array} bytes
   */
  output(descriptor, bytes) {
    this.#native.output(descriptor, bytes);
  }

  /** The task is the last one that the thread takes. */
  leave() {
    this.#native.leave();
  }

  /** The thread stays alive for tasks to come. */
  keepAlive() {
    this.#native.keepAlive();
  }

  /**
   * Replies to the task. Throws what a getter of the value throws, and DataCloneError.
   *
   * @param {unknown} value
   * @param {readonly any[]} [transferList]
   */
  reply(value, transferList) {
    if (this.#contexts?.returns) {
      const moved = movedIn(value);
      if (moved !== undefined) ({ value, transferList } = moved);
      value = [value, this.#contexts.returned()];
    }
    this.#done(this.#outcomes.write(value, transferList));
  }

  /** @param {unknown} value  how far the task is, for who listens */
  tell(value) {
    if (!this.isFollowed) return;
    this.#tell ??= this.#teller('progress', () => this.#native.progress());
    try {
      this.#tell(value);
    } catch (error) {
      throw captureStack(error, tell);
    }
  }

  /** @param {unknown} value  the next one of the task, which is a stream of them */
  give(value) {
    this.#give ??= this.#teller('value', () => this.#native.value());
    this.#give(value);
  }

  /**
   * @param {string} what
   * @param {() => void} told
   */
  #teller(what, told) {
    return require('./progress.js').teller(this.#outbox, this.#attach, this, what, told);
  }

  /**
   * Fails the task.
   *
   * @param {unknown} error
   */
  fail(error) {
    const outcome = this.#outcomes.writeError(error);
    if (outcome !== undefined) this.#done(outcome);
  }

  /**
   * The thread ends by this, unless it goes on: then it takes tasks again, and what was said does
   * not count.
   *
   * @param {unknown} error
   */
  leaveLastWords(error) {
    // Now, because Rust does not see what ends the thread from within a microtask.
    if (this.#native.pauseForTurn()) this.#afterTurn();
    if (this.#status[0] !== PENDING) return; // the reply lies there
    if (this.#outcomes.writeError(error) === undefined) return;
    this.#native.lastWords();
    if (this.pending) this.#phase = phase.LAST_WORDS;
  }

  #afterTurn() {
    setImmediate(this.#turned);
  }

  #turned = () => this.#native.turned();

  /**
   * Runs the task that lies in the inbox, and those that Rust puts there after it.
   *
   * @param {ArrayBuffer | ArrayBuffer[] | undefined} received  what has come beside the first one
   */
  #step(received) {
    this.#take(received);
    while (this.#isLast() === undefined) this.#take(undefined);
  }

  /** @param {ArrayBuffer | ArrayBuffer[] | undefined} received */
  #take(received) {
    const flags = readFlags(this.#inbox);
    let value;
    try {
      this.#received = this.#contexts?.receive(flags >>> CONTEXT_SHIFT);
      if ((flags & FLAG_BY_PORT) !== 0) {
        if (!this.#native.claim()) this.#giveUp();
        return;
      }
      value =
        received === undefined
          ? decode(this.#inbox, HEADER, undefined)
          : this.#decodeAttached(received);
    } catch (error) {
      if (received === undefined) this.fail(error);
      else this.#done(this.#outcomes.writeNothing());
      return;
    }
    this.#run(value, this.#repliesLast ? phase.CALLED : phase.OPEN, this.#forTask(flags));
    // Not within the scope: what a tick throws would leave it in disorder, and end the process.
    drain?.();
    if (ambient.wasEntered()) this.#renew();
  }

  /**
   * The value that was claimed. The packet of its task lies in the inbox until the task ends.
   *
   * @param {{ value?: unknown, isWithdrawn?: boolean }} message
   */
  #receive({ value, isWithdrawn }) {
    if (isWithdrawn) this.#giveUp();
    else this.#run(value, phase.OPEN, this.#forTask(readFlags(this.#inbox)));
  }

  /** The task was aborted before its value came. */
  #giveUp() {
    this.#received = undefined;
    this.#done(this.#outcomes.writeNothing());
  }

  /** @param {number} flags */
  #forTask(flags) {
    return (flags & FLAG_EXPORT) === 0 ? this.#process : this.#processCall;
  }

  /** @param {ArrayBuffer | ArrayBuffer[]} received */
  #decodeAttached(received) {
    const region = readLength(this.#inbox) > 0 ? this.#inbox : undefined;
    return decodeAttached(received, region, HEADER);
  }

  /**
   * What is entered with enterWith() ends with the task.
   *
   * @param {unknown} value
   * @param {number} called
   * @param {Process} process
   */
  #run(value, called, process) {
    this.#phase = called;
    const received = this.#received;
    this.#received = undefined;
    try {
      if (received === undefined || !this.#runInFrame(received, process, value)) {
        const resource = new AsyncResource(RESOURCE, RESOURCE_OPTIONS);
        if (received === undefined) resource.runInAsyncScope(process, undefined, value);
        else resource.runInAsyncScope(this.#processIn, this, received, process, value);
      }
    } finally {
      if (this.#phase === phase.CALLED) this.#phase = phase.OPEN;
    }
  }

  /**
   * As `#processIn()` in a resource, and faster. False if that cannot be done; then nothing was.
   *
   * @param {Received} received
   * @param {Process} process
   * @param {unknown} value
   */
  #runInFrame(received, process, value) {
    const contexts = /** @type {TaskContexts} */ (this.#contexts);
    if (!contexts.canFrame) return false;
    let frame;
    try {
      frame = contexts.frameOf(received);
    } catch (error) {
      this.fail(error);
      return true;
    }
    if (frame === undefined) return false;
    contexts.runInFrame(RESOURCE, RESOURCE_OPTIONS, frame, process, value);
    return true;
  }

  /**
   * The task fails if its contexts cannot be entered.
   *
   * @param {Received} received
   * @param {Process} process
   * @param {unknown} value
   */
  #processIn(received, process, value) {
    this.#toEnter = process;
    try {
      /** @type {TaskContexts} */ (this.#contexts).enter(received, this.#processEntered, value);
    } catch (error) {
      if (this.#toEnter === undefined) throw error;
      this.fail(error);
    }
  }

  #processEntered = (/** @type {unknown} */ value) => {
    const process = /** @type {Process} */ (this.#toEnter);
    this.#toEnter = undefined;
    process(value);
  };

  /** @param {number} outcome */
  #done(outcome) {
    writeStatus(this.#outbox, outcome);
    if (this.#phase !== phase.CALLED) {
      try {
        this.#finish();
      } catch (error) {
        // the stack is used up
        this.#status[0] = PENDING;
        throw error;
      }
    }
    this.#phase = phase.NONE;
  }
}

// What errors leave out of their stacks.
const { tell } = TaskRunner.prototype;

module.exports = { TaskRunner };
