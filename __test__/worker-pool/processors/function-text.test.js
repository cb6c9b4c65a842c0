'use strict';

// A processor that is given as a function: the threads make it anew from its text.

const assert = require('node:assert/strict');
const path = require('node:path');
const { WorkerPool } = require('../../../index.js');
const { poolTest } = require('../../helpers/pool-session.js');
const { runProgram } = require('../../helpers/program.js');
const { fixture } = require('../../helpers/with-pool.js');

// Programs would find it here.
const outside = 1;

const forms = {
  'an arrow function': (task) => task.a + task.b,
  'an arrow function that is async': async ({ a, b }) => {
    await null;
    return a + b;
  },
  'a function': function sum(task) {
    return task.a + task.b;
  },
  'an async function': async function sum(task) {
    return task.a + task.b;
  },
  'a method': {
    sum(task) {
      return task.a + task.b;
    },
  }.sum,
  'an async method of a class': class {
    static async 'a sum'(task) {
      return task.a + task.b;
    }
  }['a sum'],
};

for (const [form, fn] of Object.entries(forms)) {
  poolTest(`${form} runs the tasks`, {}, async ({ open, submit }) => {
    const outcome = await submit(open(1, fn), { a: 42, b: 100 });
    assert.deepEqual(outcome, { error: null, result: 142 });
  });
}

poolTest('it runs in the threads, and is called as one of a file', {}, async ({ open }) => {
  const pool = open(1, (value, { name, progress }) => {
    progress('begun');
    return { value, name, isMain: require('node:worker_threads').isMainThread };
  });
  const told = [];
  const result = await pool.run(5, { onProgress: (value) => told.push(value) });
  assert.deepEqual(result, { value: 5, name: 'default', isMain: false });
  assert.deepEqual(told, ['begun']);
});

poolTest('a generator makes a stream', {}, async ({ open }) => {
  const pool = open(1, function* count(to) {
    for (let i = 0; i < to; i++) yield i;
  });
  const values = [];
  for await (const value of pool.stream(3)) values.push(value);
  assert.deepEqual(values, [0, 1, 2]);
});

poolTest('require() and import() look from the working directory on', {}, async ({ open }) => {
  const pool = open(1, async (file) => [
    require(file) === (await import(file)).default,
    typeof require('./package.json').name,
    require.resolve('./package.json'),
    __filename,
  ]);
  assert.deepEqual(await pool.run(fixture('failures-function.js')), [
    true,
    'string',
    path.resolve('package.json'),
    path.resolve('[function]'),
  ]);
});

poolTest('what it takes from around it is not there', {}, async ({ open, submit }) => {
  const { error } = await submit(
    open(1, (task) => task + outside),
    1,
  );
  assert.ok(error instanceof ReferenceError);
  assert.equal(error.message, 'outside is not defined');
  assert.match(error.stack, /\[function\]:1:/);
});

poolTest('it is the only function there is', {}, async ({ open, submit }) => {
  const pool = open(1, () => 1);
  const { error } = await submit(pool, 0, { export: 'other' });
  assert.equal(error.code, 'ERR_WORKER_POOL_EXPORT_UNKNOWN');
  assert.throws(() => open(1, () => 1, { name: 'other' }), { code: 'ERR_OUT_OF_RANGE' });
});

const sum = forms['an arrow function'];
const refused = {
  'a native function': Math.max,
  'a bound function': sum.bind(null),
  'a class': class {},
  'a proxy': new Proxy(sum, {}),
  'a getter': Object.getOwnPropertyDescriptor(
    {
      get value() {
        return 1;
      },
    },
    'value',
  ).get,
};

for (const [what, fn] of Object.entries(refused)) {
  poolTest(`${what} is refused`, {}, () => {
    assert.throws(
      () => new WorkerPool(1, fn),
      (error) => {
        assert.equal(error.code, 'ERR_WORKER_POOL_FUNCTION');
        assert.ok(error instanceof TypeError);
        assert.match(error.message, /^The argument "processor" must be a function whose text /);
        assert.match(error.stack, /function-text\.test\.js/);
        return true;
      },
    );
  });
}

poolTest('its source is not looked at again', {}, async ({ open }) => {
  const fn = (task) => task;
  fn.toString = () => 'process.exit(1)';
  assert.equal(await open(1, fn).run(7), 7);
});

poolTest('it works without code from strings', {}, async () => {
  const program = async () => {
    const { WorkerPool: Pool } = require('async-hooks-rs');
    const pool = new Pool(1, (task) => task * 2);
    const result = await pool.run(21);
    await pool.close();
    return result;
  };
  const flags = ['--disallow-code-generation-from-strings'];
  assert.equal(await runProgram(program, { args: flags }), 42);
});
