'use strict';

// What the threads send: a stream of completions in packets, which are fetched into a
// region and read there, one after the other.

const { decode } = require('../../codec/index.js');
const { decodeAttached } = require('../../codec/attachments.js');
const { now, setImmediate } = require('../../node/clock.js');
const { FEW_CALLS, reserveStack } = require('../../node/stack.js');
const answer = require('../../wire/answer.js');
const {
  HEADER,
  readAttachments,
  readEnd,
  readId,
  readStatus,
  readTimes,
  readWorkerId,
} = require('../../wire/packet.js');
const {
  BY_PORT,
  ERROR,
  FATAL,
  ORPHANED,
  OUTPUT,
  PROGRESS,
  RESULT,
  STARTED,
  THREAD_GONE,
  TIMES,
  VALUE,
} = require('../../wire/status.js');
const { fromThread } = require('../../errors/from-thread.js');
const { outOfMemory } = require('../../errors/pool.js');

// In the heap of the program, unlike in that of a worker, a full collection comes first where each
// result is a large part of the 64 MB after which V8 starts one. To fill the young generation then
// cost a quarter more for results of 10 MB; up to 1 MB it pays.
const LARGEST_PRESSED_RESULT = 4 * 2 ** 20;

// For how long completions are delivered before the event loop turns, in ms.
const TURN_BUDGET = 4;

// How many completions pass between two looks at the clock.
const COMPLETIONS_PER_LOOK = 32;

// While completions arrive less than this apart, in ms, the stream is polled once in each turn of
// the event loop: to be woken costs both threads about as much.
const OFTEN = 0.02;

/**
 * What happened to a task or a thread.
 *
 * @callback Route
 * @param {number} status  what it was (wire/status.js)
 * @param {number} id  the task, or what stands in its place (wire/packet.js)
 * @param {any} value  what came with it: the result, an error, `{ error }` of a thread that has
 *   said what it ends by, the bytes of its output, its times, `{ value }` of how far the task is or
 *   of the next value of a stream
 * @param {number} workerId
 *
 * @typedef {[...Parameters<Route>, settled?: Task]} Completion  with the task that is settled by
 *   it already, and may not have been told
 */

/** @typedef {import('../tasks/task.js').Task} Task */

// What V8 and JavaScriptCore throw where the stack is used up.
const NO_STACK = ['Maximum call stack size exceeded', 'Maximum call stack size exceeded.'];

class ResultStream {
  #native;
  #drain;
  #takeAttachments;
  #inbox;
  #tasks;
  #route;
  #complete;
  #lose;
  #delivered;
  #end = 0; // of the present completion
  #length = 0; // of what was fetched
  #readAt = 0; // when the last completions were read
  /** @type {Completion[]}  read before what follows, and not told */
  #kept = [];
  #keptTold = 0; // so many of them
  /** @type {ArrayBuffer | ArrayBuffer[] | undefined}  those of the present completion */
  #attached;
  #isPolled = false; // nobody wakes this thread
  #isDue = false; // in the next turn of the event loop
  #deliverMore = () => {
    this.#isDue = false;
    this.deliver();
  };

  /**
   * @param {object} parts
   * @param {import('../../package/addon.js').NativePool} parts.native  the addon's NativePool
   * @param {(poll: number) => number} parts.drain  fetches completions into the inbox and returns
   *   how many bytes they take
   * @param {() => ArrayBuffer | ArrayBuffer[] | undefined} parts.takeAttachments  those of the
   *   next completion that has some
   * @param {ReturnType<typeof import('../../codec/index.js').createRegion>} parts.inbox
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {Route} parts.route  called for each
   * @param {(task: Task, succeeded: boolean, value: any) => void} parts.complete  called for a task
   *   that is settled, and may not have been told
   * @param {(cause: unknown) => void} parts.lose  called if what was fetched cannot be read
   * @param {() => void} parts.delivered  called when no more can be delivered in this turn
   */
  constructor({ native, drain, takeAttachments, inbox, tasks, route, complete, lose, delivered }) {
    this.#native = native;
    this.#drain = drain;
    this.#takeAttachments = takeAttachments;
    this.#inbox = inbox;
    this.#tasks = tasks;
    this.#route = route;
    this.#complete = complete;
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
      if (this.#deliverSome()) this.deliverSoon();
      interrupted = false;
    } finally {
      if (interrupted) this.#native.ring();
    }
    this.#delivered();
  }

  /**
   * `deliverSoon()` by a caller for whom the stack may be used up. Node would be left with an
   * immediate that it counts and does not have: then it runs none until something else happens.
   */
  deliverSoonOrThrow() {
    if (this.#isDue) return;
    reserveStack(FEW_CALLS);
    this.deliverSoon();
  }

  /** Delivers in the next turn of the event loop. */
  deliverSoon() {
    if (!this.#isDue) setImmediate(this.#deliverMore);
    this.#isDue = true;
  }

  /**
   * Reads what is there, until `isOver`. What `hear` is not done with, or has thrown at, is kept,
   * and delivered before the rest. Nobody wakes this thread for what comes next, so the caller has
   * called `deliverSoonOrThrow()`.
   *
   * @param {(completion: Completion) => boolean} hear  may change it
   * @param {() => boolean} isOver
   */
  take(hear, isOver) {
    while (!isOver() && (this.#end < this.#length || this.#fetch(true))) this.#routeNext(hear);
  }

  /**
   * `take()`, unless the stream is polled already.
   *
   * @param {(completion: Completion) => boolean} hear
   * @param {() => boolean} isOver
   */
  poll(hear, isOver) {
    if (!this.#isPolled) this.take(hear, isOver);
  }

  /**
   * Gives up what was kept of this kind and of such workers.
   *
   * @param {number} status
   * @param {(workerId: number) => boolean} isSuch
   */
  giveUp(status, isSuch) {
    const kept = this.#kept;
    for (let i = kept.length - 1; i >= this.#keptTold; i--) {
      if (kept[i][0] === status && isSuch(kept[i][3])) kept.splice(i, 1);
    }
    this.#emptyKept();
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

  /**
   * With `poll` no worker wakes this thread for what comes next.
   *
   * @param {boolean} poll
   */
  #fetch(poll) {
    this.#end = 0;
    this.#isPolled = poll;
    this.#length = this.#drain(poll ? answer.POLL : answer.RING);
    return this.#length > 0;
  }

  /**
   * Reads what was fetched. True if the event loop should turn first.
   *
   * @param {number} started
   */
  #read(started) {
    const kept = this.#kept;
    if (this.#end === this.#length && kept.length === 0) return false;
    this.#readAt = now();
    for (let count = 1; this.#end < this.#length || kept.length > 0; count++) {
      if (kept.length === 0) this.#routeNext();
      else this.#routeKept();
      if (count % COMPLETIONS_PER_LOOK === 0 && now() - started > TURN_BUDGET) return true;
    }
    return now() - started > TURN_BUDGET;
  }

  #routeKept() {
    const kept = this.#kept;
    const { 0: what, 1: id, 2: value, 3: workerId, 4: settled } = kept[this.#keptTold++];
    this.#emptyKept();
    if (settled === undefined) this.#route(what, id, value, workerId);
    else this.#complete(settled, what === RESULT, value);
  }

  #emptyKept() {
    if (this.#keptTold === this.#kept.length) this.#keptTold = this.#kept.length = 0;
  }

  /** @param {(completion: Completion) => boolean} [hear]  in place of the usual way */
  #routeNext(hear) {
    const inbox = this.#inbox;
    const start = this.#end;
    let status;
    let id;
    let workerId;
    let value;
    let isPutOff = false;
    try {
      const end = readEnd(inbox, start, this.#length);
      status = readStatus(inbox, start);
      id = readId(inbox, start);
      workerId = readWorkerId(inbox, start);
      this.#end = end;
      if (status > ERROR) value = this.#readOther(status, start);
      else {
        try {
          value = this.#decode(start);
          if (status === ERROR) fromThread(value);
        } catch (error) {
          // Not what the program of this thread is to blame for: it is read again, in another turn.
          if (hear !== undefined && NO_STACK.includes(/** @type {Error} */ (error).message)) {
            this.#end = start;
            isPutOff = true;
            throw error;
          }
          status = ERROR;
          value = outOfMemory(error);
        }
      }
      this.#attached = undefined;
    } catch (error) {
      if (isPutOff) throw error;
      this.#attached = undefined; // they are not those of the next one
      // everything that was fetched is given up: nothing is read twice
      this.#end = this.#length;
      this.#lose(error);
      return;
    }
    if (hear === undefined) {
      this.#route(status, id, value, workerId);
      return;
    }
    // The stack may be used up: it is kept first, and by no call. V8's own functions take none.
    /** @type {Completion} */
    const completion = [status, id, value, workerId, undefined]; // with room for the last one
    const kept = this.#kept;
    kept[kept.length] = completion;
    if (!hear(completion)) return;
    if (kept[kept.length - 1] === completion) kept.pop();
    else kept.splice(kept.lastIndexOf(completion), 1);
    if (this.#keptTold > 0) this.#emptyKept();
  }

  /**
   * @param {number} status
   * @param {number} start
   */
  #readOther(status, start) {
    const position = start + HEADER;
    switch (status) {
      case BY_PORT: // the number of its message
        return this.#decode(start);
      case FATAL:
        return this.#readError(start);
      case PROGRESS:
      case VALUE:
        return this.#readTold(start);
      case STARTED:
      case TIMES:
        return readTimes(this.#inbox, start, this.#end);
      case OUTPUT:
        return this.#inbox.bytes.slice(position, this.#end);
      case ORPHANED:
      case THREAD_GONE:
        if (position < this.#end || readAttachments(this.#inbox, start) > 0) {
          return this.#readLastWords(start);
        }
    }
    return undefined;
  }

  /** @param {number} start */
  #readError(start) {
    try {
      const error = this.#decode(start);
      fromThread(error);
      return error;
    } catch (error) {
      return outOfMemory(error);
    }
  }

  /**
   * What the task tells; `undefined` without memory for it: the task goes on.
   *
   * @param {number} start
   */
  #readTold(start) {
    try {
      return { value: this.#decode(start) };
    } catch {
      return undefined;
    }
  }

  /** @param {number} start */
  #readLastWords(start) {
    try {
      return { error: this.#decode(start) };
    } catch (error) {
      // memory is exhausted
      return { error };
    }
  }

  /**
   * The value of the completion at `start`, which ends at #end. Throws if memory is exhausted.
   *
   * @param {number} start
   */
  #decode(start) {
    const inbox = this.#inbox;
    const position = start + HEADER;
    if (readAttachments(inbox, start) === 0) return decode(inbox, position, undefined);
    this.#attached ??= /** @type {ArrayBuffer | ArrayBuffer[]} */ (this.#takeAttachments());
    const region = position < this.#end ? inbox : undefined;
    return decodeAttached(this.#attached, region, position, LARGEST_PRESSED_RESULT);
  }
}

module.exports = { ResultStream };
