'use strict';

// Where a worker gets its tasks and leaves their results: one at a time.

const { AsyncResource } = require('../node-async-hooks.js');
const {
  NOT_PLAIN, attachments, createRegion, decode, encode, encodeError,
} = require('../pool/codec/index.js');
const {
  decodeAttached, detach, encodeLarge, transferable,
} = require('../pool/attachments.js');
const { setImmediate } = require('../pool/clock.js');
const { BY_PORT_FLAG, REGION, STEP_HEADER, status } = require('../pool/protocol.js');
const { native } = require('../pool/native.js');
const ambient = require('./ambient.js');

const RESOURCE = 'WorkerPoolTask';
const RESOURCE_OPTIONS = Object.freeze({ requireManualDestroy: true });

// Runs what process.nextTick() and promises have queued, as Node does at the end of each callback
// and between timers. Deprecated in the documentation only; with --pending-deprecation it is
// wrapped in a warning, and then Node has to drain between tasks, which takes longer.
const drain = process._tickCallback?.name === 'runNextTicks' ? process._tickCallback : undefined;

class TaskPort {
  #native;
  #finished;
  #renew;
  #port;
  #inbox = createRegion(REGION);
  #outbox = createRegion(REGION);
  #stepping = false;
  #pending = false;
  #process;
  #repliesLast = false;

  constructor({ pool, worker, port }) {
    const { NativePoolWorker } = native();
    this.#native = new NativePoolWorker(
      pool, worker, this.#inbox.bytes, this.#outbox.bytes,
      (buffers) => this.#step(buffers),
      () => setImmediate(this.#resume),
      drain !== undefined,
      ambient.resource);
    const { finish, renew } = this.#native.functions();
    this.#finished = finish;
    this.#renew = renew;
    process.on('uncaughtExceptionMonitor', (error) => this.#uncaught(error));
    this.#port = port;
    port.on('message', ({ value }) => this.#run(value, false));
    port.unref();
  }

  #resume = () => this.#native.resume();

  /** Whether a task waits for its reply. */
  get pending() { return this.#pending; }

  /**
   * Takes tasks from now on; each is passed to `process` in an async resource of its own.
   * `repliesLast` if a reply is the last thing that `process` does: it saves a call then.
   */
  start(process, repliesLast) {
    this.#process = process;
    this.#repliesLast = repliesLast;
    this.#native.resume();
  }

  /** Takes no further task until `start()`. */
  pause() {
    this.#native.pause();
  }

  /** The thread stays alive for tasks to come. */
  keepAlive() {
    this.#native.keepAlive();
  }

  /** Replies to the task. Throws what a getter of the value throws, and DataCloneError. */
  reply(value, transferList) {
    if (transferList !== undefined && transferList.length > 0) {
      this.#replyByPort(value, transferList);
      return;
    }
    const end = encode(this.#outbox, STEP_HEADER, value);
    if (end >= 0) this.#finish(status.RESULT, end, attachments());
    else if (end === NOT_PLAIN) this.#replyByPort(value, []);
    else if (!this.#replyLarge(status.RESULT, value, encode)) this.#replyByPort(value, []);
  }

  /** Fails the task. */
  fail(error) {
    this.#fail(status.ERROR, error);
  }

  #fail(outcome, error) {
    const end = encodeError(this.#outbox, STEP_HEADER, error);
    if (end >= 0) this.#finish(outcome, end, attachments());
    else this.#replyLarge(outcome, error, encodeError);
  }

  // What ends the thread fails the task that it runs. Node would report it, too, but without some
  // of its properties.
  #uncaught(error) {
    if (process.listenerCount('uncaughtException') > 0) return; // the processor goes on
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    // At once: what ends the thread from within a microtask does not reach the loop in Rust.
    this.#native.pause();
    if (!this.#pending) return;
    this.#fail(status.FATAL, error);
    this.#finished();
    // Before Node reports the error as well: Node 20 never ends with one that is its own cause.
    process.once('exit', () => process.exit(1));
  }

  #step(buffers) {
    const { view } = this.#inbox;
    if (view.getUint32(0, true) === BY_PORT_FLAG) {
      this.#native.claim();
    } else if (buffers === undefined) {
      this.#run(decode(this.#inbox, STEP_HEADER, undefined), true);
    } else {
      const region = view.getUint32(4, true) > 0 ? this.#inbox : undefined;
      this.#run(decodeAttached(buffers, region, STEP_HEADER), true);
    }
  }

  // What is entered with enterWith() ends with the task.
  #run(value, inStep) {
    this.#pending = true;
    this.#stepping = inStep;
    try {
      new AsyncResource(RESOURCE, RESOURCE_OPTIONS)
        .runInAsyncScope(this.#process, undefined, value);
    } finally {
      this.#stepping = false;
    }
    // Not within the scope: what a tick throws would leave it in disorder, and end the process.
    if (!inStep) return;
    drain?.();
    if (ambient.wasEntered()) this.#renew();
  }

  // Rust looks into the outbox when a step returns.
  #finish(outcome, end, views) {
    if (views !== undefined) this.#native.attach(views);
    const { view } = this.#outbox;
    view.setUint32(0, outcome, true);
    view.setUint32(4, end - STEP_HEADER, true);
    this.#pending = false;
    if (!this.#stepping || !this.#repliesLast) this.#finished();
  }

  #replyLarge(outcome, value, write) {
    const views = encodeLarge(value, write);
    if (views !== undefined) this.#finish(outcome, STEP_HEADER, views);
    return views !== undefined;
  }

  // Posted before the pool is told: then it finds the message there.
  #replyByPort(value, transferList) {
    const list = transferable(transferList);
    this.#port.postMessage({ value }, list);
    detach(transferList);
    this.#finish(status.BY_PORT, STEP_HEADER, undefined);
  }
}

module.exports = { TaskPort };
