'use strict';

// What the threads send: a stream of completions in packets, which are fetched into a
// region and read there, one after the other.

const { decode } = require('../codec/index.js');
const { decodeAttached } = require('../codec/attachments.js');
const { now, setImmediate } = require('../node/clock.js');
const answer = require('../wire/answer.js');
const packet = require('../wire/packet.js');
const status = require('../wire/status.js');
const { fromThread, outOfMemory } = require('../errors/pool.js');

// For how long completions are delivered before the event loop turns, in ms.
const TURN_BUDGET = 4;

// How many completions pass between two looks at the clock.
const COMPLETIONS_PER_LOOK = 32;

// While completions arrive less than this apart, in ms, the stream is polled once in each turn of
// the event loop: to be woken costs both threads about as much.
const OFTEN = 0.02;

/** What happened to a task or a thread. Each overwrites the one before. */
class Completion {
  /** The task, or what stands in its place (wire/packet.js). */
  id = 0;
  /** What it was (wire/status.js). */
  status = 0;
  workerId = 0;
  /**
   * What came with it: the result, an error, `{ error }` of a thread that has said what it ends by,
   * the bytes of its output.
   *
   * @type {any}
   */
  value = undefined;
}

class ResultStream {
  #native;
  #drain;
  #inbox;
  #tasks;
  #route;
  #lose;
  #delivered;
  #completion = new Completion();
  #end = 0; // of the present completion
  #length = 0; // of what was fetched
  #readAt = 0; // when the last completions were read
  #deliverMore = () => this.deliver();

  /**
   * @param {object} parts
   * @param {any} parts.native  the addon's NativePool
   * @param {(poll: number) => number} parts.drain  fetches completions into the inbox and returns
   *   how many bytes they take
   * @param {ReturnType<typeof import('../codec/index.js').createRegion>} parts.inbox
   * @param {import('./task-table.js').TaskTable} parts.tasks
   * @param {(completion: Completion) => void} parts.route  called for each
   * @param {(cause: unknown) => void} parts.lose  called if what was fetched cannot be read
   * @param {() => void} parts.delivered  called when no more can be delivered in this turn
   */
  constructor({ native, drain, inbox, tasks, route, lose, delivered }) {
    this.#native = native;
    this.#drain = drain;
    this.#inbox = inbox;
    this.#tasks = tasks;
    this.#route = route;
    this.#lose = lose;
    this.#delivered = delivered;
  }

  /**
   * Delivers what is there. An exception of a callback interrupts it: the rest is delivered in the
   * next call, and what has thrown is not delivered again.
   */
  deliver() {
    let interrupted = true;
    try {
      if (this.#deliverSome()) setImmediate(this.#deliverMore);
      interrupted = false;
    } finally {
      this.#completion.value = undefined; // it may be large
      if (interrupted) this.#native.ring();
    }
    this.#delivered();
  }

  // True if it has to be called again in the next turn of the event loop.
  #deliverSome() {
    const started = now();
    const often = this.#tasks.outstanding > 0 && started - this.#readAt < OFTEN;
    let over = this.#read(started);
    if (often && !over) {
      this.#fetch(true);
      this.#read(started);
    }
    while (!often && !over && this.#fetch(false)) over = this.#read(started);
    return often || over;
  }

  // With `poll` no worker wakes this thread for what comes next.
  #fetch(poll) {
    this.#end = 0;
    this.#length = this.#drain(poll ? answer.POLL : answer.RING);
    return this.#length > 0;
  }

  // Reads what was fetched. True if the event loop should turn first.
  #read(started) {
    if (this.#end === this.#length) return false;
    this.#readAt = now();
    for (let count = 1; this.#end < this.#length; count++) {
      this.#deliverNext();
      if (count % COMPLETIONS_PER_LOOK === 0 && now() - started > TURN_BUDGET) return true;
    }
    return now() - started > TURN_BUDGET;
  }

  #deliverNext() {
    const completion = this.#completion;
    try {
      this.#next(completion);
    } catch (error) { // everything that was fetched is given up: nothing is read twice
      this.#end = this.#length;
      this.#lose(error);
      return;
    }
    this.#route(completion);
  }

  #next(completion) {
    const inbox = this.#inbox;
    const start = this.#end;
    const end = packet.readEnd(inbox, start, this.#length);
    completion.id = packet.readId(inbox, start);
    completion.status = packet.readStatus(inbox, start);
    completion.workerId = packet.readWorkerId(inbox, start);
    completion.value = undefined;
    const attached = packet.readAttachments(inbox, start) > 0;
    this.#end = end;
    if (completion.status <= status.ERROR) this.#readValue(completion, start, attached);
    else this.#readOther(completion, start, attached);
  }

  // If there is no memory for the value, the outcome is an error.
  #readValue(completion, start, attached) {
    try {
      completion.value = this.#decode(start + packet.HEADER, attached);
      if (completion.status !== status.RESULT) fromThread(completion.value);
    } catch (error) {
      if (completion.status === status.RESULT) completion.status = status.ERROR;
      completion.value = outOfMemory(error);
    }
  }

  #readOther(completion, start, attached) {
    const position = start + packet.HEADER;
    switch (completion.status) {
      case status.FATAL:
        this.#readValue(completion, start, attached);
        break;
      case status.OUTPUT:
        completion.value = this.#inbox.bytes.slice(position, this.#end);
        break;
      case status.THREAD_GONE:
        if (position < this.#end || attached) {
          completion.value = this.#readLastWords(position, attached);
        }
    }
  }

  #readLastWords(position, attached) {
    try {
      return { error: this.#decode(position, attached) };
    } catch (error) { // memory is exhausted
      return { error };
    }
  }

  // Throws if memory is exhausted.
  #decode(position, attached) {
    if (!attached) return decode(this.#inbox, position, undefined);
    const buffers = this.#native.takeAttachments();
    return decodeAttached(buffers, position < this.#end ? this.#inbox : undefined, position);
  }
}

module.exports = { Completion, ResultStream };
