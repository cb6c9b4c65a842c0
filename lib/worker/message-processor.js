'use strict';

// A processor of the documentation's form, which knows nothing of the pool:
//
//   parentPort.on('message', (task) => { parentPort.postMessage(result); });
//
// Tasks are delivered as 'message' events of the real parentPort; its postMessage() replies to the
// task that was delivered last, and posts as ever when no task waits for a reply.

const { parentPort } = require('node:worker_threads');
const { setImmediate } = require('../node/clock.js');
const { onmessage, isHeard, emit, calling, called } = require('./parent-port.js');

const { postMessage } = parentPort;
// addEventListener(), too: `once` and `signal` are among its options.
const NAMES_THAT_REMOVE = [
  'once', 'addEventListener', 'off', 'removeListener', 'removeEventListener', 'removeAllListeners',
];

class MessageProcessor {
  #tasks;
  #running = true;
  #checking = false;
  #undelivered;
  // Whether listeners have been removed, or remove themselves: then it is looked after each task
  // whether there is one left.
  #mayStop = false;

  /** Whether the processor has been given tasks. */
  started = false;

  constructor(tasks) {
    this.#tasks = tasks;
    this.#replacePostMessage();
    const may = () => this.#checkSoon();
    for (const name of ['on', 'once', 'addListener', 'addEventListener']) watch(name, may);
    const mayNot = () => { this.#mayStop = true; };
    for (const name of NAMES_THAT_REMOVE) watch(name, mayNot);
    watch('close', () => {
      if (this.#running) this.stop();
    });
    this.#watchOnmessage();
  }

  /** Whether somebody listens for messages. */
  get listening() {
    return isHeard();
  }

  /** The processor is of the other form, or takes no more messages. */
  stop() {
    this.#running = false;
    this.#tasks.pause();
  }

  #check() {
    this.#checking = false;
    if (!this.#running || !this.listening) return;
    this.started = true;
    if (this.#undelivered !== undefined) {
      const { value } = this.#undelivered;
      this.#undelivered = undefined;
      this.#deliver(value);
    }
    this.#tasks.start((value) => this.#deliver(value), false);
  }

  #deliver(value) {
    const heard = emit(value);
    if (!heard) this.#undelivered = { value }; // the listener is gone since the task was taken
    if (!heard || (this.#mayStop && !this.listening)) this.#tasks.pause();
  }

  #replacePostMessage() {
    const tasks = this.#tasks;
    const replies = () => this.#running && tasks.pending;
    define('postMessage', {
      value(value, transfer) {
        if (!replies() || arguments.length === 0) {
          return Reflect.apply(postMessage, this, arguments);
        }
        // The second argument is a list, or an object with one; a wrong one is Node's to refuse.
        const list = transfer?.transfer ?? transfer;
        if (list !== undefined && list !== null && !Array.isArray(list)) {
          return Reflect.apply(postMessage, this, arguments);
        }
        tasks.reply(value, list ?? undefined);
      },
      writable: true,
    });
  }

  // Not at once: the listener is not there yet. Nor only when the processor is loaded: its last
  // statement may be a loop over messages.
  #checkSoon() {
    if (this.#checking || !this.#running) return;
    this.#checking = true;
    setImmediate(() => this.#check());
  }

  #watchOnmessage() {
    const changed = () => {
      this.#mayStop = true;
      this.#checkSoon();
    };
    define('onmessage', {
      get: onmessage.get,
      set(listener) {
        changed();
        Reflect.apply(onmessage.set, this, [listener]);
      },
    });
  }
}

// Calls `changed` before parentPort's own method, if that is not for other events than messages.
function watch(name, changed) {
  const original = parentPort[name];
  if (original === undefined) return; // Deno has no close()
  define(name, {
    value(type) {
      if (type === 'message' || type === undefined) changed();
      calling(name, arguments);
      const result = Reflect.apply(original, this, arguments);
      called(name, arguments);
      return result;
    },
    writable: true,
  });
}

// Not enumerable, as what it hides is not.
function define(name, descriptor) {
  Object.defineProperty(parentPort, name, {
    __proto__: null, configurable: true, enumerable: false, ...descriptor,
  });
}

module.exports = { MessageProcessor };
