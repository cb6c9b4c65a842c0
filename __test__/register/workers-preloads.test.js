'use strict';

// Workers inherit the other preloads and arguments beside our preload, as without us.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { PRELUDE, replaces } = require('../helpers/register.js');
const { runScript } = require('../helpers/script.js');

const REGISTER = 'async-hooks-rs/register';

// Each Worker says whether its class is ours, and whether the other preload ran.
const PROBE = `${PRELUDE}
  require('node:worker_threads').parentPort.postMessage(
    [isOurs(asyncHooks.AsyncLocalStorage), globalThis.other === true]);`;

let folder;
let other;
let prelude;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  other = path.join(folder, 'register.js'); // a common name of such a file
  fs.writeFileSync(other, 'globalThis.other = true;');
  const probe = path.join(folder, 'probe.js');
  fs.writeFileSync(probe, PROBE);
  prelude = `${PRELUDE}
    const threads = require('node:worker_threads');
    const { once } = require('node:events');
    const other = ${JSON.stringify(other)};
    const probe = ${JSON.stringify(probe)};
    const source = fs.readFileSync(probe, 'utf8');
    const start = async (file, options) => {
      const worker = new threads.Worker(file, options);
      const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
      print(answer);
    };`;
});

after(() => fs.rmSync(folder, { recursive: true, force: true }));

async function answers(program, { args = [], env = {} } = {}) {
  const { code, stdout, stderr } = await runScript(
    `${prelude}
    (async () => { ${program} })();`,
    { args, env },
  );
  assert.equal(code, 0, stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

// Node refuses them for Workers, and lists them unchanged in one line.
const refused = [
  ['--title', 'value'],
  ['--title=a: b, c'],
  ['--v8-pool-size', '2', '--title', 'x', '--expose-gc'],
];

for (const args of refused) {
  test(`${args.join(' ')}: a Worker with eval gets both preloads`, async () => {
    const given = [...args, '--import', REGISTER, '--require', other];
    assert.deepEqual(await answers('await start(source, { eval: true });', { args: given }), [
      [replaces, true],
    ]);
  });
}

test('a preload of another package with the same file name is not ours', async () => {
  assert.deepEqual(
    await answers('await start(probe, { execArgv: ["--require", other] });', {
      args: ['--import', REGISTER],
    }),
    [[replaces, true]],
  );
});

test('a Worker with eval may be given the arguments of the process', async () => {
  assert.deepEqual(
    await answers(
      'await start(source, { eval: true, execArgv: ["--import", process.env.NAME] });',
      { args: ['--import', REGISTER], env: { NAME: REGISTER } },
    ),
    [[replaces, false]],
  );
});

test('NODE_OPTIONS written by the program does not reach Workers', async () => {
  const write = 'process.env.NODE_OPTIONS = `--import ${process.env.NAME}`;';
  assert.deepEqual(
    await answers(`require(process.env.NAME); ${write} await start(probe);`, {
      env: { NAME: REGISTER },
    }),
    [[replaces, false]],
  );
});

test('NODE_OPTIONS and execArgv of the start reach Workers, even if changed later', async () => {
  const options = `${process.env.NODE_OPTIONS ?? ''} --require "${other}" --import ${REGISTER}`;
  assert.deepEqual(
    await answers('delete process.env.NODE_OPTIONS; await start(probe);', {
      env: { NODE_OPTIONS: options },
    }),
    [[replaces, true]],
  );
  assert.deepEqual(
    await answers('process.execArgv.length = 0; await start(probe);', {
      args: ['--require', other, '--import', REGISTER],
    }),
    [[replaces, true]],
  );
});

test('options may be inherited properties', async () => {
  assert.deepEqual(
    await answers(
      `
      class Options {
        #eval = true;
        get eval() { return this.#eval; }
      }
      await start(source, Object.create({ eval: true }));
      await start(source, new Options());`,
      { args: ['--import', REGISTER] },
    ),
    [
      [replaces, false],
      [replaces, false],
    ],
  );
});
