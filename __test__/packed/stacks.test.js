'use strict';

// The build of the sources (scripts/dist.js): what it keeps of them.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { runScript } = require('../helpers/script.js');

const dist = path.resolve(__dirname, '..', '..', 'dist');
const built = { skip: fs.existsSync(path.join(dist, 'index.js')) ? false : 'there is no build' };

const program = `
  const { AsyncLocalStorage, WorkerPool } = require(${JSON.stringify(path.join(dist, 'index.js'))});
  const fail = () => { throw new Error('mine'); };
  try { new AsyncLocalStorage().run(1, fail); } catch (error) { console.log(error.stack); }
  try { userCall(); } catch (error) { console.log(error.stack); }
  function userCall() { new WorkerPool(0); }
`;

test(
  "a stack names the user's own call first, and the functions by their names",
  built,
  async () => {
    const { stdout, stderr } = await runScript(program, {});
    assert.equal(stderr, '');
    const lines = stdout.split('\n').map((line) => line.trim());
    const refused = lines.findIndex((line) => line.startsWith('RangeError [ERR_OUT_OF_RANGE]'));
    assert.match(lines[refused + 1], /^at userCall /);
    assert.match(stdout, /at AsyncLocalStorage\.run \(.*[\\/]dist[\\/]index\.js:\d+:\d+\)/);
  },
);

test('with --enable-source-maps it names the line of the source', built, async () => {
  const { stdout } = await runScript(program, { args: ['--enable-source-maps'] });
  const [, file, line] = /at .*run \((.*[\\/]lib[\\/]async-local-storage\.js):(\d+):\d+\)/.exec(
    stdout,
  );
  const map = JSON.parse(fs.readFileSync(path.join(dist, 'index.js.map'), 'utf8'));
  const index = map.sources.findIndex((source) => path.resolve(dist, source) === file);
  assert.match(map.sourcesContent[index].split('\n')[line - 1], /apply\(|fn\(/);
});
