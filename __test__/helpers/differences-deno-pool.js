'use strict';

// Differences of the pool on Deno.

const INPUT_TYPE = "Deno's -e does not know --input-type";
const EXIT = 'process.exit() leaves an exception without a value to the native code that called';
const EXIT_FAILS = /\+ 'ERR_WORKER_POOL_TASK_THREW_NOTHING'\n- 'ERR_WORKER_POOL_WORKER_EXIT'/;

const skipped = (file, title, reason) => ({ file, title, reason, skip: true });

/** @type {import('./runtimes.js').Difference[]} */
module.exports = [
  {
    file: 'worker-pool/api/stats.test.js',
    title: 'in which share of the time the event loop of a thread was active',
    reason: 'Deno does not know it',
    finds: 'undefined',
  },
  {
    file: 'worker-pool/api/channels.test.js',
    title: 'a task that expires, and one whose thread ends, have run for so long',
    reason: EXIT,
    fails: EXIT_FAILS,
  },
  {
    file: 'worker-pool/api/key.test.js',
    title: 'the tasks of a thread that ends go on with another one',
    reason: EXIT,
    fails: EXIT_FAILS,
  },
  {
    file: 'worker-pool/api/run-sync.test.js',
    title: 'a thread that ends fails its task, and is replaced at once',
    reason: EXIT,
    fails: /^Cannot read properties of null \(reading 'code'\)$/,
  },
  skipped(
    'worker-pool/api/run-sync.test.js',
    /^inherited output is passed on|^output of a pool with a stream/,
    'threads write to the descriptors of the process by themselves',
  ),
  {
    file: 'worker-pool/api/run-sync.test.js',
    title: 'channels tell of the task',
    reason: EXIT,
    fails: /^Cannot read properties of null \(reading 'exitCode'\)$/,
  },
  {
    file: 'worker-pool/context/run-task.test.js',
    title: 'ticks and microtasks of a task are done before the next begins',
    reason: 'several tasks may run before the ticks and microtasks of the first one do',
    // How many, depends on the load of the machine.
    fails: /\+ {5}(\d+),\n\+ {5}\1\n- {5}(\d+),\n- {5}\2/,
  },
  {
    file: 'worker-pool/processors/broadcast.test.js',
    title: 'a thread that starts and cannot take it does not start',
    reason: 'the error of a Worker has neither a code nor a cause',
    fails: /\+ undefined\n- 'ERR_WORKER_POOL_BROADCAST'/,
  },
  {
    file: 'worker-pool/processors/broadcast.test.js',
    title: 'it keeps the process, and a dropped pool is collected after it',
    reason: 'what a Worker waits for holds the pool, as long as the Worker runs',
    fails: /\+ 'false\\n'\n- 'true\\n'/,
  },
  {
    file: 'worker-pool/processors/native.test.js',
    title: 'a task that is refused loses no ArrayBuffers: one twice',
    reason: 'structuredClone() transfers what is twice in its list',
    fails: /^Cannot read properties of null \(reading 'code'\)$/,
  },
  {
    file: 'worker-pool/values/refused-transfer.test.js',
    title: /^threads: a getter (closes|aborts) /,
    reason: 'structuredClone() takes away what is in its list before it reads the value',
    fails: /^Expected values to be strictly equal:\n\n0 !== 100000/,
  },
  {
    file: 'worker-pool/processors/docs.test.js',
    title: 'events are MessageEvents whose target is parentPort',
    reason: 'their target is the global object of the worker',
    fails: /\+ {3}target: false,/,
  },
  {
    file: 'worker-pool/processors/docs.test.js',
    title: 'a listener of on() is called with the value only, on parentPort',
    reason: 'its `this` is not parentPort',
    finds: { args: ['task'], thisIsPort: false },
  },
  skipped(
    'worker-pool/processors/docs.test.js',
    'after parentPort.close() a worker takes no more tasks, and none is lost',
    'parentPort has no close()',
  ),
  skipped(
    'worker-pool/processors/documentation.test.js',
    /an ES module|the other ways to import it/,
    INPUT_TYPE,
  ),
  {
    file: 'worker-pool/processors/other-files.test.js',
    title: 'the next task looks again for a file that was missing',
    reason: 'import() remembers that a file was missing',
    fails: /later\.cjs of the task cannot be loaded: Module not found/,
  },
];
