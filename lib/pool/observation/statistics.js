'use strict';

// What a pool does at one moment, and how much it has done since an earlier one. Of each task Rust
// counts its end (src/pool/workers.rs), and nothing is noted here.

const { outOfRange } = require('../../errors/pool.js');
const { now } = require('../../node/clock.js');
const { SafeMap } = require('../../node/safe-map.js');
const { phases } = require('../threads/thread.js');

/**
 * @typedef {import('../threads/thread.js').Thread} Thread
 * @typedef {import('node:perf_hooks').EventLoopUtilization} Loop
 *
 * @typedef {object} Reading  what was read for one answer
 * @property {number} at
 * @property {number} submitted
 * @property {number} completed
 * @property {number} failed
 * @property {Map<number, ThreadReading>} threads  by id
 *
 * @typedef {object} ThreadReading
 * @property {number} at
 * @property {number} busy  milliseconds since its start, on average of its lanes
 * @property {Loop | undefined} loop  since its start
 */

class PoolStatistics {
  #native;
  #kind;
  #tasks;
  #outbox;
  #settlement;
  #threads;
  /** @type {Reading} */
  #start = { at: now(), submitted: 0, completed: 0, failed: 0, threads: new SafeMap() };
  /** @type {WeakMap<object, Reading>}  of the answers that the program has */
  #readings = new WeakMap();

  /**
   * @param {object} parts
   * @param {import('../../package/addon.js').NativePool} parts.native  the addon's NativePool
   * @param {import('../threads/thread.js').ThreadKind<any>} parts.kind
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {import('../tasks/outbox.js').Outbox} parts.outbox
   * @param {import('../results/settlement.js').Settlement} parts.settlement
   * @param {import('../threads/index.js').Threads} parts.threads
   */
  constructor({ native, kind, tasks, outbox, settlement, threads }) {
    this.#native = native;
    this.#kind = kind;
    this.#tasks = tasks;
    this.#outbox = outbox;
    this.#settlement = settlement;
    this.#threads = threads;
  }

  /**
   * Shares and rates are since the earlier answer, or since the start if there is none. Throws if
   * that is no answer of this pool's.
   *
   * @param {any} earlier
   */
  read(earlier) {
    const since = earlier === undefined ? this.#start : this.#readings.get(earlier);
    if (since === undefined) {
      throw outOfRange('since', 'what stats() of this pool has returned', earlier);
    }
    this.#outbox.flush(); // what waits there is in no queue yet
    const at = now();
    const { queue, threads: details } = this.#native.details();
    const { waitTime, runTime } = this.#native.histogram();
    const { submitted } = this.#tasks;
    const { completed, failed } = this.#settlement;
    /** @type {Reading} */
    const reading = { at, submitted, completed, failed, threads: new SafeMap() };
    const threads = this.#threads.present().map((thread) => {
      const known = details.find(({ workerId }) => workerId === thread.workerId);
      return this.#ofThread(thread, known, reading, since);
    });
    const duration = at - since.at;
    /** @param {'submitted' | 'completed' | 'failed'} name */
    const rate = (name) => (duration > 0 ? ((reading[name] - since[name]) / duration) * 1e3 : 0);
    const perSecond = {
      submitted: rate('submitted'),
      completed: rate('completed'),
      failed: rate('failed'),
    };
    const counts = { submitted, completed, failed };
    const answer = { duration, ...counts, perSecond, queue, threads, waitTime, runTime };
    this.#readings.set(answer, reading);
    return answer;
  }

  /**
   * @param {Thread} thread
   * @param {import('../../../native.js').ThreadDetails | undefined} known
   * @param {Reading} reading  which is completed
   * @param {Reading} since
   */
  #ofThread(thread, known, reading, since) {
    const { running = 0, tasks = 0, busy: ofLanes = 0 } = known ?? {};
    const busy = ofLanes / thread.lanes.length;
    const { at } = reading;
    const loop = this.#kind.loopOf(thread);
    const memory = this.#kind.controlOf(thread)?.memory(at);
    const before = since.threads.get(thread.id);
    reading.threads.set(thread.id, { at, busy, loop });
    return {
      id: thread.id,
      state: stateOf(thread, running),
      running,
      tasks,
      busy: shareOf(busy - (before?.busy ?? 0), at - (before?.at ?? thread.startedAt)),
      eventLoopUtilization: loop && utilization(loop, before?.loop),
      memory: memory?.memory,
      memoryAge: memory && Math.max(at - memory.at, 0),
    };
  }
}

/**
 * @param {Thread} thread
 * @param {number} running  how many tasks
 */
function stateOf({ phase }, running) {
  if (phase !== phases.READY) return phase;
  return running > 0 ? 'busy' : 'idle';
}

/**
 * From 0 to 1: the clocks of Rust and JavaScript are read one after the other.
 *
 * @param {number} part
 * @param {number} whole
 */
const shareOf = (part, whole) => (whole > 0 ? Math.min(Math.max(part / whole, 0), 1) : 0);

/**
 * @param {Loop} present
 * @param {Loop | undefined} before
 */
function utilization(present, before) {
  const active = present.active - (before?.active ?? 0);
  const idle = present.idle - (before?.idle ?? 0);
  return shareOf(active, active + idle);
}

module.exports = { PoolStatistics };
