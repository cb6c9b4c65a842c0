'use strict';

// Output that tasks write to stdout and stderr arrives, whatever happens to them and to their
// thread.

const assert = require('node:assert/strict');
const { runScript } = require('../../helpers/script.js');
const { test, fixture } = require('../../helpers/pool-session.js');

const forms = [
  ['a function', 'output-actions.js'],
  ["the docs' form", 'output-docs.js'],
];
const numbered = (count, prefix = '') =>
  Array.from({ length: count }, (_, i) => `${prefix}line ${i}\n`).join('');

/** A program that creates a pool of one thread with `options`, and runs `body`. */
function program(file, body, options = {}) {
  return `
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, ${JSON.stringify(fixture(file))}, ${JSON.stringify(options)});
    const outcome = (promise) => promise.then((v) => v, (e) => e.code ?? e.message);
    (async () => { ${body} })();`;
}

async function outputOf(source, options) {
  const { code, stdout, stderr } = await runScript(source, options);
  assert.equal(code, 0, stderr);
  return { stdout, stderr };
}

const ends = { 'close()': 'await pool.close();', 'the natural end of the process': '' };

for (const [form, file] of forms) {
  for (const [way, end] of Object.entries(ends)) {
    test(`output arrives before ${way}, in ${form}`, async () => {
      const run = `for (let i = 0; i < 4; i++) await pool.run({ action: 'lines', count: 200 });`;
      const { stdout } = await outputOf(program(file, run + end));
      assert.equal(stdout, numbered(200).repeat(4));
    });
  }

  // Whether a pipe takes it before the process ends is outside the pool's control.
  test(`output arrives before process.exit(), in ${form}`, async () => {
    const { stderr } = await outputOf(
      program(
        file,
        `
      let written = '';
      process.stdout.write = (chunk) => {
        written += chunk;
        return true;
      };
      await pool.run({ action: 'lines', count: 200 });
      require('node:fs').writeSync(2, written);
      process.exit();`,
      ),
    );
    assert.equal(stderr, numbered(200));
  });

  test(`output arrives before an idle thread retires, in ${form}`, async () => {
    const { stdout } = await outputOf(
      program(
        file,
        `
      const { once } = require('node:events');
      for (let i = 0; i < 5; i++) {
        const gone = once(pool, 'workerDestroy');
        await pool.run({ action: 'lines', count: 50 });
        const timer = setInterval(() => {}, 1000);
        await gone;
        clearInterval(timer);
      }`,
        { minThreads: 0, idleTimeout: 0 },
      ),
    );
    assert.equal(stdout, numbered(50).repeat(5));
  });

  test(`output is written before the task is settled, in ${form}`, async () => {
    const { stdout } = await outputOf(
      program(
        file,
        `
      for (let i = 0; i < 3; i++) {
        await pool.run({ action: 'lines', count: 20 });
        console.log('settled');
      }
      await pool.close();`,
      ),
    );
    assert.equal(stdout, `${numbered(20)}settled\n`.repeat(3));
  });

  test(`output of a failed task arrives, in ${form}`, async () => {
    for (const action of ['throws', 'rejects']) {
      const { stdout } = await outputOf(
        program(
          file,
          `
        await outcome(pool.run({ action: '${action}' }));
        console.log('failed');
        await pool.close();`,
        ),
      );
      const expected = action === 'throws' ? numbered(20) : numbered(10).repeat(2);
      assert.equal(stdout, `${expected}failed\n`);
    }
  });

  test(`output of a task that ends its thread arrives, in ${form}`, async () => {
    for (const [action, outcome, last] of [
      ['exits', 'ERR_WORKER_POOL_WORKER_EXIT', 'at exit\n'],
      ['dies', 'uncaught', ''],
    ]) {
      const { stdout } = await outputOf(
        program(
          file,
          `
        console.log(await outcome(pool.run({ action: '${action}' })));`,
        ),
      );
      assert.equal(stdout, `${numbered(20)}${last}${outcome}\n`);
    }
  });

  // Long enough for a busy machine: what the task has not written by then does not arrive.
  for (const [way, action, options, code] of [
    ['times out', 'waits', '{ timeout: 2000 }', 'ERR_WORKER_POOL_TASK_TIMEOUT'],
    ['is aborted', 'loops', '{ signal }', 'ABORT_ERR'],
  ]) {
    test(`output of a task that ${way} arrives, in ${form}`, async () => {
      const { stdout } = await outputOf(
        program(
          file,
          `
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const controller = new AbortController();
        const { signal } = controller;
        const done = outcome(pool.run({ action: '${action}', flag }, ${options}));
        while (Atomics.load(flag, 0) === 0) await new Promise((r) => setTimeout(r, 1));
        if (${way === 'is aborted'}) controller.abort();
        const code = await done;
        await pool.close();
        console.log(code);`,
        ),
      );
      assert.equal(stdout, `${numbered(20)}${code}\n`);
    });
  }
}

test('both streams keep their order, and each gets its own', async () => {
  const { stdout, stderr } = await outputOf(
    program(
      'output-actions.js',
      `
    await pool.run({ action: 'both', count: 100 });`,
    ),
  );
  assert.equal(stdout, numbered(100, 'out '));
  assert.equal(stderr, numbered(100, 'err '));
});

test('util.debuglog() output arrives', async () => {
  const { stderr } = await outputOf(
    program(
      'output-actions.js',
      `
    await pool.run({ action: 'debug' });`,
    ),
    { env: { NODE_DEBUG: 'pool-output' } },
  );
  assert.equal(stderr.match(/^POOL-OUTPUT \d+: line \d+$/gm).length, 20);
});

test('output larger than a buffer arrives', async () => {
  for (const size of [10, 20_000, 100_000, 3_000_000]) {
    const { stdout } = await outputOf(
      program(
        'output-actions.js',
        `
      await pool.run({ action: 'large', size: ${size} });`,
      ),
    );
    assert.ok(stdout === `${'a'.repeat(size)}${'b'.repeat(size)}\n`, `size ${size}`);
  }
});

test('encodings, bytes and corked output arrive', async () => {
  const { stderr } = await outputOf(
    program(
      'output-actions.js',
      `
    process.stdout.write = (bytes) => {
      console.error(Buffer.from(bytes).toString('hex'));
      return true;
    };
    await pool.run({ action: 'encodings' });`,
    ),
  );
  const corked = Buffer.from('corked \u20ac\n').toString('hex');
  assert.equal(stderr.replaceAll('\n', ' '), `c3a4 c3b6 fc ${corked} `);
});

test('callbacks of write() are called, in their order', async () => {
  const { stdout } = await outputOf(
    program(
      'output-actions.js',
      `
    console.log(await pool.run({ action: 'callbacks' }));`,
    ),
  );
  assert.equal(stdout, 'first\nsecond\nfirst,second\n');
});

test("output from ticks and microtasks before a function's reply arrives", async () => {
  const { stdout } = await outputOf(
    program(
      'output-actions.js',
      `
    await pool.run({ action: 'ticks' });
    process.exit();`,
    ),
  );
  assert.equal(stdout, numbered(10).repeat(2));
});

test('output after the reply arrives while the pool is open', async () => {
  const { stdout } = await outputOf(
    program(
      'output-docs.js',
      `
    console.error(await pool.run({ action: 'lines', count: 50, afterwards: true }));
    await pool.run({ action: 'lines', count: 0 }); // by the same thread
    process.exit();`,
    ),
  );
  assert.equal(stdout, numbered(50));
});

test('output from the loading of the processor arrives', async () => {
  const { stdout } = await outputOf(
    program(
      'output-actions.js',
      `
    await pool.run({ action: 'lines', count: 1 });`,
    ),
    { env: { POOL_OUTPUT_AT_LOAD: '1' } },
  );
  assert.equal(stdout, numbered(20, 'load ') + numbered(1));
});

test('a processor may replace, destroy or end its stream', async () => {
  const outputs = {
    patched: numbered(3, 'patched '),
    destroyed: numbered(3),
    ended: `${numbered(3)}the end\n`,
  };
  for (const [action, expected] of Object.entries(outputs)) {
    const { stdout } = await outputOf(
      program(
        'output-actions.js',
        `
      console.error(await outcome(pool.run({ action: '${action}' })));
      await pool.close();`,
      ),
    );
    assert.equal(stdout, expected, action);
  }
});

test("output goes to the owner's current streams", async () => {
  const { stdout } = await outputOf(
    program(
      'output-actions.js',
      `
    const written = [];
    const { write } = process.stdout;
    process.stdout.write = (chunk) => written.push(String(chunk)) > 0;
    await pool.run({ action: 'lines', count: 2 });
    process.stdout.write = write;
    console.log(JSON.stringify(written));`,
    ),
  );
  assert.deepEqual(JSON.parse(stdout), ['line 0\n', 'line 1\n']);
});

test('output of a pool inside a worker of a pool arrives', async () => {
  const { stdout } = await outputOf(
    program(
      'output-nested.js',
      `
    console.log(await pool.run({ count: 100 }));
    await pool.close();`,
    ),
  );
  assert.equal(stdout, `${numbered(100)}nested\n`);
});

test('2,000 tasks on two threads write a line each', async () => {
  const { stdout } = await outputOf(`
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(2, ${JSON.stringify(fixture('output-actions.js'))});
    const tasks = Array.from({ length: 2000 }, () => pool.run({ action: 'lines', count: 1 }));
    Promise.all(tasks).then(() => pool.close());`);
  assert.equal(stdout, 'line 0\n'.repeat(2000));
});
