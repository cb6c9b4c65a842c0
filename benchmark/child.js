'use strict';

// The process of one contender in one case: `child.js <case> <contender>`. The parent asks through
// the IPC channel, each request gets one answer.

const { load } = require('./contender.js');
const { cases } = require('./cases/index.js');

const [caseName, contenderName] = process.argv.slice(2);
const subject = cases.find(({ name }) => name === caseName);
const api = load(contenderName);

// Long enough for several collections of the young generation if the loop makes garbage, short
// enough that other load of the machine spares some slices of a round.
const SLICE_MS = 20;
// By then the optimizing compiler has finished with every function of the cases.
const WARM_UP_MS = 200;

const STEP = subject.step ?? 1; // iterations that belong together
let iterations = Math.max(STEP, 64);
let measure;
let sink = 0; // receives the results of the loops, which the parent also gets: no loop is dead code

// In a timer's callback: at the top level of a script, and in operations that follow it, Node 20
// and 22 have no resource to keep a store on, and take a slow path that a service never meets.
function inCallback(fn) {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        fn(resolve, reject);
      } catch (error) {
        reject(error);
      }
    }, 1);
  });
}

/** Processor time of this process so far, in microseconds. */
function used() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Milliseconds of one slice. */
function slice() {
  return inCallback((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const end = (result) => {
      const elapsed = Number(process.hrtime.bigint() - begin) / 1e6;
      sink = (sink + Number(result)) % 1e9;
      resolve(elapsed);
    };
    const result = measure(iterations);
    if (typeof result?.then === 'function') result.then(end, reject);
    else end(result);
  });
}

const answers = {
  // Finds the number of iterations in a slice, and is the warm-up.
  async warmUp() {
    await inCallback((resolve) => {
      measure = subject.prepare(api);
      resolve();
    });
    const begin = performance.now();
    let elapsed = await slice();
    while (elapsed < SLICE_MS / 2 || performance.now() - begin < WARM_UP_MS) {
      const factor = Math.min(8, Math.max(0.5, SLICE_MS / Math.max(elapsed, 0.1)));
      iterations = Math.max(1, Math.round((iterations * factor) / STEP)) * STEP;
      elapsed = await slice();
    }
    return iterations;
  },

  /** Nanoseconds of one iteration. */
  async measure() {
    return ((await slice()) * 1e6) / iterations;
  },

  /**
   * Nanoseconds of processor time of one iteration, of all threads. On a busy machine the warm-up
   * takes a slice for long when others have the processor, and finds too few iterations.
   */
  async measureCpu() {
    for (;;) {
      const begin = used();
      await slice();
      const cpu = used() - begin;
      if (cpu > (SLICE_MS * 1e3) / 2) return (cpu * 1e3) / iterations;
      iterations *= 2;
    }
  },

  /** The port of the case's server. */
  async listen() {
    return require('./http.js').listen(subject.handler(api));
  },

  /** Processor time of this process so far, in microseconds. */
  async cpu() {
    return used();
  },
};

process.on('message', (request) => {
  answers[request]().then(
    (value) => process.send({ value, sink }),
    (error) => process.send({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit());
