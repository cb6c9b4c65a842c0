'use strict';

// Processors in TypeScript: where Node strips the types, with a loader, and without one.

const assert = require('node:assert/strict');
const { fixture, poolTest, test } = require('../../helpers/pool-session.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { runScript } = require('../../helpers/script.js');

const types = 'interface Task { a: number; b: number }';
const sources = {
  'sum.ts': `${types} export default (task: Task): number => task.a + task.b;`,
  'sum.mts': `${types} export default (task: Task): number => task.a + task.b;`,
  'sum.cts': `${types} module.exports = (task: Task): number => task.a + task.b;`,
};
// What a loader has to compile: to strip types is not enough.
const compiled =
  'enum Kind { More = 1 } export default (task: number): number => task + Kind.More;';
const hook = fixture('typescript-hook.cjs');
const strips = Boolean(process.features.typescript);

poolTest('types are stripped', { skip: !strips && 'by this Node not' }, async ({ open }, t) => {
  const write = processorFolder(t);
  for (const [name, source] of Object.entries(sources)) {
    const pool = open(1, write(name, source), { execArgv: ['--no-warnings'] });
    assert.equal(await pool.run({ a: 42, b: 100 }), 142, name);
  }
});

test('a loader that hooks require() is asked; its flags are inherited', async (t) => {
  const file = processorFolder(t)('compiled.ts', compiled);
  const { stdout, stderr } = await runScript(
    `const { WorkerPool } = require('async-hooks-rs');
     new WorkerPool(1, ${JSON.stringify(file)}).run(41).then(console.log);`,
    { args: ['--no-warnings', '--require', hook] },
  );
  assert.equal(stdout, '42\n', stderr);
});

poolTest('the same for .mts and .cts', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  for (const name of ['compiled.mts', 'compiled.cts']) {
    const pool = open(1, write(name, compiled), { execArgv: ['--no-warnings', '-r', hook] });
    assert.equal(await pool.run(41), 42, name);
  }
});

poolTest('without a loader there is an error that says so', {}, async ({ open, submit }, t) => {
  const file = processorFolder(t)('compiled.ts', compiled);
  const { error } = await submit(open(1, file, { execArgv: ['--no-warnings'] }), 41);
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
  if (strips) {
    assert.equal(error.cause.code, 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX');
    return;
  }
  assert.equal(error.cause.code, 'ERR_WORKER_POOL_TYPESCRIPT');
  assert.match(error.cause.message, /compiled\.ts is in TypeScript, .*--import tsx/);
  assert.equal(error.cause.cause.code, 'ERR_UNKNOWN_FILE_EXTENSION');
});

poolTest('errors of a file with types are its own', {}, async ({ open, submit }, t) => {
  const write = processorFolder(t);
  const file = write('throws.ts', 'throw Object.assign(new Error("own"), { code: "OWN" });');
  const { error } = await submit(open(1, file, { execArgv: ['-r', hook, '--no-warnings'] }), 1);
  assert.deepEqual([error.cause.code, error.cause.message], ['OWN', 'own']);
});
