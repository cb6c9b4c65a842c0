'use strict';

// `register` reaches every Worker, also those that Node hands no preloads, and leaves the arguments
// of the others alone.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');
const { FLAGS, PRELUDE, replaces, runRegistered } = require('../helpers/register.js');
const { runScript } = require('../helpers/script.js');

// Reports whether its thread has our class, and its arguments.
const PROBE = `${PRELUDE}
  require('node:worker_threads').parentPort.postMessage({
    ours: isOurs(asyncHooks.AsyncLocalStorage), execArgv: process.execArgv,
  });`;

// In the program: starts a Worker and returns its message.
const START = `
  const { once } = require('node:events');
  const { readFileSync } = require('node:fs');
  const start = async (Worker, file, options) => {
    const worker = new Worker(options?.eval ? readFileSync(file, 'utf8') : file, options);
    const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return answer;
  };`;

// Not in before(), which the first versions of Node 20 do not call here.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
const probe = path.join(folder, 'probe.js');
fs.writeFileSync(probe, PROBE);

after(() => fs.rmSync(folder, { recursive: true, force: true }));

const EMPTY = 'an empty environment';

const kinds = {
  'without options': 'undefined',
  'execArgv of its own, empty': '{ execArgv: [] }',
  'execArgv of its own': `{ execArgv: ['--no-warnings'] }`,
  'eval': '{ eval: true }',
  'eval and execArgv': '{ eval: true, execArgv: [] }',
  [EMPTY]: '{ env: {} }',
  'a shared environment': `{ env: require('node:worker_threads').SHARE_ENV }`,
  'an environment without NODE_OPTIONS, and eval':
    '{ eval: true, env: { ...process.env, NODE_OPTIONS: undefined } }',
};

const startAll = () => `${START}
  const { Worker } = require('node:worker_threads');
  (async () => {
    for (const options of [${Object.values(kinds)}]) {
      print((await start(Worker, ${JSON.stringify(probe)}, options)).ours);
    }
  })();`;

function assertAll(printed) {
  const seen = Object.fromEntries(Object.keys(kinds).map((kind, i) => [kind, printed[i]]));
  const expected = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, replaces]));
  // An empty environment does not force the engine that ours forces.
  if (process.env.ASYNC_HOOKS_RS_ENGINE) expected[EMPTY] = seen[EMPTY];
  assert.deepEqual(seen, expected);
}

for (const flag of FLAGS) {
  test(`${flag} reaches every kind of Worker`, async () => {
    assertAll((await runRegistered(startAll(), { flag })).printed);
  });

  test(`${flag} in NODE_OPTIONS reaches every kind of Worker`, async () => {
    const options = `${process.env.NODE_OPTIONS ?? ''} ${flag}=async-hooks-rs/register`;
    const { code, stdout, stderr } = await runScript(PRELUDE + startAll(), {
      env: { NODE_OPTIONS: options },
    });
    assert.equal(code, 0, stderr);
    assertAll(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
  });
}

test('register() called by the program reaches every kind of Worker, with any flags', async () => {
  const { code, stdout, stderr } = await runScript(
    `${PRELUDE}
    require('async-hooks-rs/register');
    ${startAll()}`,
    { args: ['--expose-gc', '--title', 'registered', '--no-warnings'] },
  );
  assert.equal(code, 0, stderr);
  assertAll(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
});

test('register reaches nested and imported Workers', { skip: !replaces }, async () => {
  const inner = `${PRELUDE} ${START}
    import('node:worker_threads').then(async ({ Worker, parentPort }) => {
      parentPort.postMessage(await start(Worker, ${JSON.stringify(probe)}, { execArgv: [] }));
    });`;
  const outer = path.join(folder, 'outer.js');
  fs.writeFileSync(outer, inner);
  const { printed } = await runRegistered(`${START}
    (async () => {
      const { Worker } = await import('node:worker_threads');
      print((await start(Worker, ${JSON.stringify(outer)}, { execArgv: [] })).ours);
    })();`);
  assert.deepEqual(printed, [true]);
});

test('a Worker that inherits the preload keeps its arguments', async () => {
  const { printed } = await runRegistered(`${START}
    const { Worker } = require('node:worker_threads');
    (async () => {
      const { execArgv } = await start(Worker, ${JSON.stringify(probe)});
      assert.deepEqual(execArgv, process.execArgv);
      print(execArgv.filter((argument) => argument === 'async-hooks-rs/register').length);
    })();`);
  assert.deepEqual(printed, [1]);
});

test('a Worker keeps the arguments that it was given', async () => {
  const given = ['--no-warnings', '--trace-warnings'];
  const { printed } = await runRegistered(`${START}
    const { Worker } = require('node:worker_threads');
    (async () => {
      for (const execArgv of [[], ${JSON.stringify(given)}]) {
        const answer = await start(Worker, ${JSON.stringify(probe)}, { execArgv });
        print([answer.ours, ...answer.execArgv]);
      }
    })();`);
  assert.deepEqual(printed, [[replaces], [replaces, ...given]]);
});

test('Worker looks like the original class', async () => {
  const { printed } = await runRegistered(`
    const { Worker } = require('node:worker_threads');
    class Mine extends Worker {
      constructor(...args) {
        super(...args);
        this.own = true;
      }
    }
    const worker = new Mine('', { eval: true });
    assert.throws(() => Worker('', { eval: true }), /without 'new'/);
    assert.throws(() => new Worker(5), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => new Worker('', { eval: true, execArgv: ['--no-such-flag'] }),
      { code: 'ERR_WORKER_INVALID_EXEC_ARGV', message: /: --no-such-flag$/ });
    assert.throws(() => new Worker('', { execArgv: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => new Worker('', { eval: true, workerData: () => {} }),
      { name: 'DataCloneError' });
    print([worker instanceof Worker, worker instanceof Mine, worker.own, Worker.name,
      Worker.length]);`);
  const { Worker } = require('node:worker_threads');
  assert.deepEqual(printed, [[true, true, true, 'Worker', Worker.length]]);
});
