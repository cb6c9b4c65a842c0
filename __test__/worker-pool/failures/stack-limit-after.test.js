'use strict';

// What calls near the stack limit leave behind: nothing of other tasks is lost, and no thread, and
// the next call does what one could not.

const assert = require('node:assert/strict');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { once } = require('node:events');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { poolTest, fixture } = require('../../helpers/pool-session.js');
const {
  forFramesOfManySizes,
  nearTheLimit,
  withKilobytesLeft,
} = require('../../helpers/near-stack-limit.js');

const echo = fixture('function-echo.js');
const DEPTHS = 400;
// From where a thread can be made to where nothing can be done. First the most: to compile a
// function takes much of the stack, too.
const LEFT = [64, 50, 48, 46, 44, 40, 24, 8];

const codeOf = ({ status, reason }) =>
  status === 'fulfilled' ? status : (reason.code ?? reason.name);

/** How often each outcome has come, by its code. */
async function outcomesOf(promises) {
  return new Set((await Promise.allSettled(promises)).map(codeOf));
}

poolTest('each promise of run() settles', {}, async ({ open }) => {
  const pool = open(1, echo);
  await pool.ready();
  const promises = [];
  forFramesOfManySizes(({ args }) => {
    nearTheLimit(() => void promises.push(pool.run({ args })), { depths: DEPTHS, args });
  });
  const outcomes = await outcomesOf(promises);
  outcomes.delete('fulfilled');
  assert.deepEqual([...outcomes], ['RangeError']);
});

poolTest('threads are started when there is room for that', {}, async ({ open }) => {
  const ended = [];
  const made = (worker) => void ended.push(once(worker, 'exit'));
  process.on('worker', made);
  const options = { minThreads: 0 };
  for (let args = 0; args < 8; args++) {
    const pool = open(2, echo, options);
    const promises = [];
    nearTheLimit(() => void promises.push(pool.run({ args })), { depths: 2 * DEPTHS, args });
    const outcomes = await outcomesOf(promises);
    outcomes.delete('fulfilled');
    outcomes.delete('RangeError');
    assert.deepEqual([...outcomes], [], `frames of ${args} arguments`);
    await pool.close();
  }
  process.off('worker', made);
  assert.ok(ended.length > 0);
  await Promise.all(ended);
});

poolTest('runSync() mixes up and loses no results of tasks', {}, async ({ open, submit }) => {
  for (let args = 0; args < 12; args++) {
    const pool = open(1, echo);
    await pool.ready();
    const promises = [];
    const results = [];
    nearTheLimit(
      () => {
        const number = promises.length;
        promises.push(pool.run(number));
        results.push([number, pool.runSync([number])]);
      },
      { depths: DEPTHS, args },
    );
    for (const [number, result] of results) assert.deepEqual(result, [number]);
    const settled = await Promise.allSettled(promises);
    for (const [number, { reason, value }] of settled.entries()) {
      if (reason === undefined) assert.equal(value, number, `frames of ${args} arguments`);
      else assert.equal(reason.name, 'RangeError');
    }
    assert.equal((await submit(pool, { args })).error, null);
    await pool.drain();
    await pool.close();
  }
});

poolTest('observed tasks that are aborted', {}, async ({ open }) => {
  const listener = () => {};
  subscribe('async-hooks-rs:pool:end', listener);
  for (let args = 0; args < 20; args++) {
    const gate = new Gate();
    const pool = open(1, gateFile, { workerData: gate.workerData });
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    const controllers = Array.from({ length: DEPTHS }, () => new AbortController());
    const aborted = Promise.allSettled(
      controllers.map(({ signal }, value) => pool.run({ value }, { signal })),
    );
    controllers[0].abort(); // its functions are compiled
    let next = 1;
    nearTheLimit(() => controllers[next++].abort(), { depths: DEPTHS - 1, args });
    const others = Array.from({ length: 50 }, (_, value) => pool.run({ value }));
    gate.open();
    const values = (await Promise.all(others)).entries();
    for (const [number, value] of values) assert.equal(value, number);
    for (const [number, { reason, value }] of (await aborted).entries()) {
      if (reason === undefined) assert.equal(value, number);
      else assert.equal(reason.code, 'ABORT_ERR');
    }
    await held;
    await pool.drain();
    assert.equal(pool.completed + pool.failed, 1 + DEPTHS + others.length);
    await pool.close();
  }
  unsubscribe('async-hooks-rs:pool:end', listener);
});

/** Null, or the name of what is thrown. */
function errorOf(action) {
  try {
    action();
    return null;
  } catch (error) {
    return error.name;
  }
}

/** What becomes of `runSync()` with so much of the stack, after what `before` submits. */
const syncOutcomes = (open, processor, options, before) =>
  LEFT.map((kilobytes) => {
    const pool = open(1, processor, options);
    const others = before?.(pool);
    const error = withKilobytesLeft(kilobytes, () => errorOf(() => pool.runSync('sync')));
    return { pool, error, others };
  });

poolTest('runSync() waits for no thread that it could not start', {}, async ({ open, submit }) => {
  const options = { minThreads: 0, maxThreads: 1 };
  const outcomes = syncOutcomes(open, echo, options);
  assert.deepEqual([...new Set(outcomes.map(({ error }) => error))], [null, 'RangeError']);
  for (const { pool } of outcomes) assert.equal((await submit(pool, 'next')).result, 'next');
});

poolTest('a thread that ends in runSync() gets a successor', {}, async ({ open }) => {
  const echoOrExit = (task) => (task === 'exit' ? process.exit(3) : task);
  const before = (pool) => Promise.allSettled([pool.run('exit'), pool.run('after')]);
  const outcomes = syncOutcomes(open, echoOrExit, {}, before);
  assert.deepEqual([...new Set(outcomes.map(({ error }) => error))], [null, 'RangeError']);
  for (const { others } of outcomes) {
    const [ended, after] = await others;
    assert.equal(codeOf(ended), 'ERR_WORKER_POOL_WORKER_EXIT');
    assert.equal(after.value, 'after');
  }
});

/** Asks for values near the limit, and for the rest. Gives those that have come. */
async function valuesOf(iteration, args) {
  const promises = [];
  nearTheLimit(() => void promises.push(iteration.next()), { depths: 100, args });
  const values = [];
  for (const { status, value } of await Promise.allSettled(promises)) {
    if (status === 'fulfilled') values.push(value.value);
  }
  for await (const value of iteration) values.push(value);
  return values;
}

const COUNT = 200;
const numbers = Array.from({ length: COUNT }, (_, i) => i);

poolTest('a stream goes on, and none of its values is lost', {}, async ({ open }) => {
  const pool = open(1, fixture('stream-numbers.js'));
  await pool.ready();
  for (let args = 0; args < 10; args++) {
    const iteration = pool.stream(COUNT, { highWaterMark: 1 });
    assert.deepEqual(await valuesOf(iteration, args), numbers, `frames of ${args} arguments`);
  }
});

poolTest('map() goes on, and none of its results is lost', {}, async ({ open }) => {
  const pool = open(1, echo);
  await pool.ready();
  for (let args = 0; args < 10; args++) {
    const iteration = pool.map(numbers, { concurrency: 1 });
    // What a task is refused with fails the whole iteration.
    const values = await valuesOf(iteration, args).catch((error) => error);
    if (!(values instanceof RangeError)) assert.deepEqual(values, numbers);
  }
});
