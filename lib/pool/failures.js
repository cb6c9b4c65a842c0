'use strict';

// Tasks that fail on the main side, and how they are told so: in the next tick, so that no callback
// runs before its call ends, and not too many before the event loop turns.

const { captureTrace, lacksStack, stackFrom } = require('../errors/coded.js');
const { nextTick, setImmediate } = require('../node/clock.js');

// How many tasks that have failed together are told so before the event loop turns.
const FAILURES_PER_TURN = 256;

class Failures {
  #pending = [];
  #told = 0;
  #telling = false; // in the next tick or turn
  #prepare;
  #tell;
  #rest;
  #tellPending = () => this.#tellSome();
  // Where tasks were submitted, if errors shall show it.
  #traces;

  /**
   * @param {{ prepare: () => void, tell: (task: object, error: unknown) => void, rest: () => void,
   *   asyncStackTraces: boolean }} options  `prepare` is called before some are told, `rest` when
   *   they were
   */
  constructor({ prepare, tell, rest, asyncStackTraces }) {
    this.#prepare = prepare;
    this.#tell = tell;
    this.#rest = rest;
    if (asyncStackTraces) this.#traces = new WeakMap();
  }

  /** Whether the stacks of all errors show where their task was submitted. */
  get traced() { return this.#traces !== undefined; }

  /** The task was submitted, by the call of `hidden`. */
  trace(task, hidden) {
    this.#traces?.set(task, captureTrace(hidden));
  }

  /** Some are to be told, soon: what is added afterwards needs no call. */
  prepare() {
    if (this.#telling) return;
    nextTick(this.#tellPending);
    this.#telling = true;
  }

  /** The task is to be told, soon. If this throws, because the stack is used up, it is not. */
  add(task, makeError) {
    this.prepare();
    this.#pending[this.#pending.length] = { task, makeError };
  }

  /** Tells the task. An error of the pool, which no call of the user has caused, gets its stack. */
  fail(task, thrown) {
    const error = task.errorOf(thrown);
    const trace = this.#traces?.get(task);
    if (trace !== undefined && lacksStack(error)) stackFrom(error, trace);
    if (!lacksStack(error)) {
      this.#tell(task, error);
      return;
    }
    task.locate(error, (located) => {
      this.#tell(task, located);
      this.#rest(); // it may be the last one, told in a microtask
    });
  }

  // An exception of a callback interrupts it: the others are told in the next tick.
  #tellSome() {
    this.#prepare();
    const end = Math.min(this.#told + FAILURES_PER_TURN, this.#pending.length);
    let interrupted = true;
    try {
      while (this.#told < end) {
        const { task, makeError } = this.#pending[this.#told++];
        this.fail(task, makeError());
      }
      interrupted = false;
    } finally {
      if (this.#told === this.#pending.length) {
        this.#pending = [];
        this.#told = 0;
        this.#telling = false;
      } else if (interrupted) nextTick(this.#tellPending);
      else setImmediate(this.#tellPending);
      this.#rest();
    }
  }
}

module.exports = { Failures };
