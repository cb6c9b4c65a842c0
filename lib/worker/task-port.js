'use strict';

// Where a worker gets its tasks and leaves their results: one at a time.

const { MessagePort } = require('node:worker_threads');
const { AsyncResource } = require('../node/async-hooks.js');
const {
  NOT_PLAIN, attachments, createRegion, decode, encode, encodeError,
} = require('../codec/index.js');
const {
  decodeAttached, detach, encodeLarge, transferable,
} = require('../codec/attachments.js');
const { setImmediate } = require('../node/clock.js');
const { FLAG_BY_PORT, REGION } = require('../wire/packet.js');
const status = require('../wire/status.js');
const step = require('../wire/step.js');
const { notCloneable } = require('../errors/pool.js');
const { native, renewShapes } = require('../codec/native.js');
const ambient = require('./ambient.js');

// As they are now: a processor may put something else in their place.
const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;

const RESOURCE = 'WorkerPoolTask';
const RESOURCE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: true });

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
  #status = step.statusCell(this.#outbox);
  #stepping = false;
  #pending = false;
  #started = false; // it takes tasks
  #said = false; // what the thread ends by, if it does during this task
  #process;
  #repliesLast = false;

  constructor({ ticket, port }) {
    const { NativePoolWorker } = native();
    this.#native = new NativePoolWorker(
      ticket, this.#inbox.bytes, this.#outbox.bytes,
      (buffers) => this.#step(buffers),
      () => setImmediate(this.#resume),
      drain !== undefined,
      ambient.resource);
    renewShapes();
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
    this.#started = true;
    this.#native.resume();
  }

  /** Takes no further task until `start()`. */
  pause() {
    this.#started = false;
    this.#native.pause();
  }

  /** Hands on what was written to STDOUT or STDERR (wire/packet.js). */
  output(descriptor, bytes) {
    this.#native.output(descriptor, bytes);
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
    const end = encode(this.#outbox, step.HEADER, value);
    if (end >= 0) this.#put(end, attachments());
    else {
      const views = end === NOT_PLAIN ? undefined : encodeLarge(value);
      if (views === undefined) {
        this.#replyByPort(value, []);
        return;
      }
      this.#put(step.HEADER, views);
    }
    this.#done(status.RESULT);
  }

  /** Fails the task. */
  fail(error) {
    this.#done(this.#leave(error) ? status.ERROR : status.OUT_OF_MEMORY);
  }

  // Leaves an error in the outbox. False if there is no memory for what the error has.
  #leave(error) {
    const end = encodeError(this.#outbox, step.HEADER, error);
    try {
      if (end >= 0) this.#put(end, attachments());
      else this.#put(step.HEADER, encodeLarge(error, encodeError) ?? tooLarge());
      return true;
    } catch {
      this.#put(step.HEADER, undefined);
      return false;
    }
  }

  // What ends the thread fails the task that it runs. Node would report it, too, but without some
  // of its properties. Anybody may emit this event, so nothing is decided here.
  #uncaught(error) {
    if (process.listenerCount('uncaughtException') > 0) return; // the processor goes on
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    // Now: what ends the thread from within a microtask does not reach the loop in Rust. If the
    // thread goes on, it takes tasks again, and what was said does not count.
    if (this.#started) {
      this.#native.pause();
      setImmediate(() => { if (this.#started) this.#native.resume(); });
    }
    if (!this.#pending) return;
    this.#leave(error);
    this.#native.lastWords();
    this.#said = true;
    process.off('exit', this.#exiting);
    process.on('exit', this.#exiting); // after those of the processor
  }

  // Before Node reports the error as well: Node 20 never ends with one that is its own cause.
  #exiting = () => {
    if (this.#said && process._exiting !== false) process.exit(1);
  };

  #step(buffers) {
    if ((step.readFlags(this.#inbox) & FLAG_BY_PORT) !== 0) {
      this.#native.claim();
    } else if (buffers === undefined) {
      this.#run(decode(this.#inbox, step.HEADER, undefined), true);
    } else {
      const region = step.readLength(this.#inbox) > 0 ? this.#inbox : undefined;
      let value;
      try {
        value = decodeAttached(buffers, region, step.HEADER);
      } catch {
        this.#put(step.HEADER, undefined);
        this.#done(status.OUT_OF_MEMORY);
        return;
      }
      this.#run(value, true);
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

  // The value that lies in the outbox up to `end`, and what goes beside it.
  #put(end, views) {
    if (views !== undefined) this.#native.attach(views);
    step.writeEnd(this.#outbox, end);
  }

  // Rust looks into the outbox when a step returns.
  #done(outcome) {
    step.writeStatus(this.#outbox, outcome);
    if (!this.#stepping || !this.#repliesLast) {
      try {
        this.#finished();
      } catch (error) { // the stack is used up
        this.#status[0] = step.PENDING;
        throw error;
      }
    }
    this.#pending = false;
    this.#said = false;
  }

  // Posted before the pool is told: then it finds the message there.
  #replyByPort(value, transferList) {
    const list = transferable(transferList);
    apply(postMessage, this.#port, [{ value }, list]);
    detach(transferList);
    this.#put(step.HEADER, undefined);
    this.#done(status.BY_PORT);
  }
}

// In place of an error that no message can hold.
function tooLarge() {
  return encodeLarge(notCloneable('error', new RangeError('it is too large')), encodeError);
}

module.exports = { TaskPort };
