'use strict';

// A processor of the documentation's form, which knows nothing of the pool:
//
//   parentPort.on('message', (task) => { parentPort.postMessage(result); });
//
// Tasks are delivered as 'message' events of the real parentPort; its postMessage() replies to the
// task that was delivered last, and posts a message when no task waits for a reply.

const { parentPort } = require('node:worker_threads');
const { AsyncResource } = require('../node/async-hooks.js');
const { setImmediate } = require('../node/clock.js');
const { withId } = require('../node/posted.js');
const { exportOfListener, fileOfListener, streamOfListener } = require('../errors/processor.js');
const { BROADCAST, refuse } = require('./broadcasts.js');
const { Control } = require('./control.js');
const { DEFAULT } = require('./exports.js');
const { onmessage, isHeard, emit, willCall, didCall } = require('./parent-port.js');
const { Runs } = require('./task-info.js');

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const { postMessage } = port;
// addEventListener(), too: `once` and `signal` are among its options.
const NAMES_THAT_REMOVE = [
  'once',
  'addEventListener',
  'off',
  'removeListener',
  'removeEventListener',
  'removeAllListeners',
];

/** What the processor has done so far. */
const phase = Object.freeze({
  /** It has not listened for messages yet. */
  SILENT: 0,
  /** It listens, and has been given tasks. */
  STARTED: 1,
  /** It has closed its port, after it was given tasks. */
  CLOSED: 2,
  /** It will not listen: it is of the other form, or has closed its port before. */
  DEAF: 3,
});

class MessageProcessor {
  #tasks;
  #controlPort;
  /** @type {Control | undefined}  from the first task on */
  #control;
  #runs;
  // What the processor is told of its task if it asks; until then, which attempt that is.
  /** @type {ReturnType<Runs['next']> | number | undefined} */
  #task;
  #hasBegun = false; // a task
  /** @type {number} */
  #phase = phase.SILENT;
  // The next look at the listeners, if one is due.
  /** @type {NodeJS.Immediate | undefined} */
  #look;
  /** @type {(() => void) | undefined}  delivers it, in its own contexts */
  #undelivered;
  // A listener was removed, or removes itself: after each task, look whether one is left.
  #losesListeners = false;
  // A getter of a reply may post, too: that is no other reply.
  #isReplying = false;

  /**
   * @param {import('./task-runner.js').TaskRunner} tasks
   * @param {import('node:worker_threads').MessagePort} controlPort
   */
  constructor(tasks, controlPort) {
    this.#tasks = tasks;
    this.#controlPort = controlPort;
    this.#runs = new Runs(tasks, () => this.#control?.take());
    this.#replacePostMessage();
    const mayListen = () => this.#lookSoon();
    for (const name of ['on', 'once', 'addListener', 'addEventListener']) watch(name, mayListen);
    const mayStop = () => {
      this.#losesListeners = true;
    };
    for (const name of NAMES_THAT_REMOVE) watch(name, mayStop);
    watch('close', () => {
      if (this.#takesMessages()) this.stop();
    });
    this.#watchOnmessage();
  }

  /** Whether somebody listens for messages. */
  get listening() {
    return isHeard();
  }

  /** Whether the processor has been given tasks. */
  get started() {
    return this.#phase === phase.STARTED || this.#phase === phase.CLOSED;
  }

  /** What the processor may know of the task that it has not replied to. */
  get task() {
    return this.started && this.#tasks.pending ? this.#latest() : undefined;
  }

  /** The same of the task that it was given last. */
  #latest() {
    if (typeof this.#task !== 'object') this.#task = this.#runs.next(DEFAULT, this.#task);
    return this.#task;
  }

  // No getter: V8 calls its runtime for a private one.
  #takesMessages() {
    return this.#phase === phase.SILENT || this.#phase === phase.STARTED;
  }

  /** The processor is of the other form, or takes no more messages. */
  stop() {
    this.#phase = this.started ? phase.CLOSED : phase.DEAF;
    this.#tasks.pause();
  }

  #lookForListeners() {
    this.#look = undefined;
    if (!this.#takesMessages() || !this.listening) return;
    if (this.#phase === phase.SILENT) this.#hearThePool();
    this.#phase = phase.STARTED;
    if (this.#undelivered !== undefined) {
      const deliver = this.#undelivered;
      this.#undelivered = undefined;
      deliver();
    }
    /** @param {import('./task-runner.js').ExportCall} call */
    const processCall = ([name, , value, stream, attempt, url]) => {
      if (url !== undefined) this.#tasks.fail(fileOfListener(url));
      else if (stream !== undefined) this.#tasks.fail(streamOfListener());
      else if (name !== undefined) this.#tasks.fail(exportOfListener(name));
      else this.#deliver(value, attempt);
    };
    this.#tasks.start((value) => this.#deliver(value), false, processCall);
  }

  #hearThePool() {
    const control = new Control(this.#controlPort, {
      aborted: (_lane, reason) => {
        // Also of one that has not asked yet.
        if (this.task !== undefined) this.#runs.aborted(reason);
      },
      broadcast: ({ number }) => refuse(control, number, exportOfListener(BROADCAST)),
    });
    this.#control = control;
  }

  /**
   * @param {unknown} value
   * @param {number} [attempt]
   */
  #deliver(value, attempt) {
    if (typeof this.#task === 'object') this.#runs.end();
    this.#task = attempt;
    this.#hasBegun = true;
    const heard = emit(value);
    // The listener is gone since the task was taken.
    if (!heard) this.#undelivered = AsyncResource.bind(() => this.#deliver(value, attempt));
    if (!heard || (this.#losesListeners && !this.listening)) this.#tasks.pause();
  }

  #replacePostMessage() {
    const tasks = this.#tasks;
    const replies = () => this.#takesMessages() && tasks.pending && !this.#isReplying;
    /**
     * @param {unknown} value
     * @param {any[] | undefined} list
     */
    const reply = (value, list) => {
      this.#isReplying = true;
      try {
        tasks.reply(value, list);
      } finally {
        this.#isReplying = false;
      }
    };
    /** @param {IArguments} args */
    const marked = ([value, ...transfer]) => [
      this.#hasBegun ? withId(value, this.#latest().id) : value,
      ...transfer,
    ];
    define('postMessage', {
      /**
       * @param {unknown} value
       * @param {any} [transfer]  what the processor passes
       */
      value(value, transfer) {
        if (arguments.length === 0) return Reflect.apply(postMessage, this, arguments);
        if (!replies()) return Reflect.apply(postMessage, this, marked(arguments));
        // The second argument is a list, or an object with one; a wrong one is Node's to refuse.
        const list = transfer?.transfer ?? transfer;
        if (list !== undefined && list !== null && !Array.isArray(list)) {
          return Reflect.apply(postMessage, this, arguments);
        }
        // A getter of the options may have replied.
        if (!replies()) return Reflect.apply(postMessage, this, marked(arguments));
        reply(value, list ?? undefined);
      },
      writable: true,
    });
  }

  // Not at once: the listener is not there yet. Nor only when the processor is loaded: its last
  // statement may be a loop over messages.
  #lookSoon() {
    if (this.#look !== undefined || !this.#takesMessages()) return;
    this.#look = setImmediate(() => this.#lookForListeners());
  }

  #watchOnmessage() {
    const changed = () => {
      this.#losesListeners = true;
      this.#lookSoon();
    };
    define('onmessage', {
      get: onmessage.get,
      set(listener) {
        changed();
        Reflect.apply(/** @type {Function} */ (onmessage.set), this, [listener]);
      },
    });
  }
}

/**
 * Calls `changed` before parentPort's own method, if that is not for other events than messages.
 *
 * @param {string} name
 * @param {() => void} changed
 */
function watch(name, changed) {
  const original = /** @type {any} */ (port)[name];
  if (original === undefined) return; // Deno has no close()
  define(name, {
    /** @param {unknown} [type] */
    value(type) {
      if (type === 'message' || type === undefined) changed();
      willCall(name, arguments);
      const result = Reflect.apply(original, this, arguments);
      didCall(name, arguments);
      return result;
    },
    writable: true,
  });
}

/**
 * Not enumerable, as what it hides is not.
 *
 * @param {string} name
 * @param {PropertyDescriptor} descriptor
 */
function define(name, descriptor) {
  Object.defineProperty(port, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    ...descriptor,
  });
}

module.exports = { MessageProcessor };
