'use strict';

// The parts of a pool, and what each is given of the others. Those that need no other come first.

const { createKeptRegion } = require('../codec/index.js');
const { renewShapes } = require('../codec/registry.js');
const { requireAddon } = require('../package/required-addon.js');
const { aborted } = require('../errors/pool.js');
const { nextTick, queueMicrotask } = require('../node/clock.js');
const { readPosted } = require('../node/posted.js');
const { INBOX, REGION } = require('../wire/packet.js');
const { AbortSignals } = require('./tasks/abort-signals.js');
const { Broadcasts } = require('./threads/broadcasts.js');
const { Drains } = require('./results/drains.js');
const { Failures } = require('./results/failures.js');
const { Keys } = require('./tasks/keys.js');
const { Liveness } = require('./liveness.js');
const { NativeThreads } = require('./threads/native-threads.js');
const { Observer } = require('./observation/observer.js');
const { Outbox } = require('./tasks/outbox.js');
const { closeDropped, weakly } = require('./ownership.js');
const { Output } = require('./results/output.js');
const { Parcels } = require('./tasks/parcels.js');
const { Progress } = require('./results/progress.js');
const { QueueLevel } = require('./tasks/queue-level.js');
const { Readiness } = require('./threads/readiness.js');
const { ResultStream } = require('./results/result-stream.js');
const { RunningTasks } = require('./results/running.js');
const { Settlement } = require('./results/settlement.js');
const { PoolStatistics } = require('./observation/statistics.js');
const { TaskTable } = require('./tasks/table.js');
const { Threads } = require('./threads/index.js');
const { Traces } = require('./tasks/traces.js');
const { WorkerThreads } = require('./threads/worker-threads.js');

// How long an idle worker looks for a task before it sleeps, in us: about what waking it costs.
const SPIN = 20;

/**
 * @typedef {import('./base.js').Owner & { source: WorkerSource }} Owner
 * @typedef {import('./threads/worker-source.js').WorkerSource} WorkerSource  of the Workers
 */

/** @typedef {InstanceType<typeof import('./dispatcher.js').Dispatcher>} Dispatcher */

/**
 * @typedef {object} Routes
 * @property {(dispatcher: any) => void} deliver  called by the addon when there are completions,
 *   with the dispatcher that was given beside
 * @property {import('./results/result-stream.js').Route} route  called for each completion
 * @property {(id: number) => void} notTaken  called for a task that Rust has not taken
 * @property {(signal: AbortSignal | undefined) => unknown} refusal  of a task that is being entered
 */

/**
 * @param {object} dispatcher  held by the caller: only weakly by what Node calls
 * @param {ReturnType<typeof import('./options.js').poolOptions>} settings
 * @param {Owner} owner
 * @param {Routes} routes
 */
function assemble(dispatcher, settings, owner, { deliver, route, notTaken, refusal }) {
  const { emit, scope, source, pool } = owner;
  const region = createKeptRegion(REGION);
  const inbox = createKeptRegion(INBOX);
  const addon = requireAddon();
  const native = new addon.NativePool(
    region.bytes,
    inbox.bytes,
    weakly(dispatcher, deliver),
    SPIN,
    settings.maxRunning,
    settings.maxTasksPerWorker,
    settings.tasksPerWorker,
    settings.queueOrder,
  );
  renewShapes(addon);
  const { submit, submitAttached, takeAttachments, drain, wait, ref, unref } = native.functions();

  const drains = new Drains();
  const parcels = new Parcels();
  const traces = settings.asyncStackTraces ? new Traces() : undefined;
  const progress = new Progress();
  const output = new Output(settings, scope);
  const signals = new AbortSignals((tasks, reason) =>
    failures.cancel(tasks, () => aborted(reason)),
  );

  // Loaded by pools that have some: its module needs the classes of context.
  const contexts =
    settings.contexts === undefined
      ? undefined
      : new (require('./tasks/contexts.js').TaskContexts)(settings.contexts, native);

  const hasPorts = settings.processor.native === undefined;
  const outbox = new Outbox({
    submit,
    submitAttached,
    region,
    parcels: hasPorts ? parcels : undefined,
    ranked: settings.rank !== undefined,
    refused: notTaken,
    refusal,
  });
  const level =
    settings.maxQueue === Infinity
      ? undefined
      : new QueueLevel(settings, (event) => emitLater(event));
  const tasks = new TaskTable(settings, {
    drains,
    outbox,
    parcels,
    makeKeys: () => new Keys(native),
    signals,
    contexts,
    level,
  });
  const liveness = new Liveness(dispatcher, {
    tasks,
    ref,
    unref,
    drained: () => emit('drain'),
    released: () => {
      results.deliver(); // what tasks have written after their replies
      if (tasks.trim()) native.trim();
    },
  });

  const told = () => liveness.checkInTick();
  const settlement = new Settlement({ tasks, drains, traces, contexts, told });
  /** @type {(workerId: number, id: number, makeError: () => unknown) => void} */
  const abort = (workerId, id, makeError) => threads.abort(workerId, id, makeError);
  const failures = new Failures({ native, tasks, outbox, settlement, abort, told });
  const results = new ResultStream({
    native,
    drain,
    takeAttachments,
    inbox,
    tasks,
    route,
    complete: (task, succeeded, value) => settlement.complete(task, succeeded, value),
    lose: (cause) => failures.abandon(cause),
    delivered: () => liveness.check(),
  });

  /**
   * What a listener throws must not get in the way.
   *
   * @param {string} event
   * @param {unknown[]} values
   */
  const emitLater = (event, ...values) => nextTick(() => emit(event, ...values));
  /** @type {import('./threads/thread.js').Reports} */
  const reports = {
    created: (id) => {
      observer.thread('start', id);
      emitLater('workerCreate', id);
    },
    ready: (id) => observer.thread('ready', id),
    leaving: (id) => observer.thread('leave', id),
    stopping: (id) => observer.thread('stop', id),
    destroyed: (id) => {
      observer.thread('exit', id);
      emitLater('workerDestroy', id);
    },
    // Ticks come before microtasks, and an 'error' to which nobody listens ends the process: the
    // results that have been delivered are heard of before.
    error: (error) => queueMicrotask(() => emitLater('error', error)),
    // No queueMicrotask(): on Node 20 the options of its resource are inherited ones, too.
    emitted: async () => {
      await undefined;
      return new Promise((resolve) => nextTick(resolve));
    },
    message: (posted) => emit('message', ...readPosted(posted)),
    messageError: (error) => emit('error', error),
    notStarted: (makeError) => readiness.fail(makeError),
    noThreadCanStart: (makeError) => failures.cancelWaiting(makeError),
  };
  if (settings.abortGrace > 0) native.spareAborted();
  /** @returns {import('./threads/thread.js').Thread[]} */
  const present = () => threads.present();
  const broadcasts = new Broadcasts(settings.processor, {
    present,
    held: (promise) => liveness.holdFor(promise),
  });
  const kind = hasPorts
    ? new (workersOf(settings))(native, settings, reports, source, broadcasts)
    : new NativeThreads(native, settings);
  const waiting = () => native.statistics().waiting + outbox.pending;
  const pending = () => outbox.pending;
  const threads = new Threads(settings, { native, kind, scope, pending, reports });
  const observer = new Observer(settings, { pool, scope, tasks, threads });
  const statistics = new PoolStatistics({ native, kind, tasks, outbox, settlement, threads });
  const readiness = new Readiness({ threads, liveness });
  const running = new RunningTasks({ tasks, threads, kind, parcels, progress, failures });
  closeDropped(dispatcher, native, kind.handles);
  /** @type {import('./sync/index.js').SyncRuns | undefined}  from the first `runSync()` on */
  let sync;
  const syncRuns = () => {
    sync ??= new (require('./sync/index.js').SyncRuns)({
      settings,
      dispatcher: /** @type {Dispatcher} */ (dispatcher),
      wait,
      route,
      tasks,
      outbox,
      threads,
      kind,
      failures,
      output,
      results,
      running,
    });
    return sync;
  };

  return {
    native,
    drains,
    traces,
    contexts,
    progress,
    readiness,
    broadcasts,
    signals,
    tasks,
    liveness,
    settlement,
    failures,
    results,
    output,
    running,
    threads,
    observer,
    statistics,
    waiting,
    reports,
    syncRuns,
  };
}

// Loaded here: few pools have processes.
/** @param {{ process: unknown }} settings */
const workersOf = ({ process }) =>
  process === undefined ? WorkerThreads : require('./threads/process-threads.js').ProcessThreads;

module.exports = { assemble };
