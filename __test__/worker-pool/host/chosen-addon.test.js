'use strict';

// The environment variable that names another binary holds for the threads of a pool, too, whatever
// their own environment is: an addon of another file would know nothing of the pool.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { addonFile } = require('../../helpers/addon.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const processor = path.join(__dirname, '..', '..', 'fixtures', 'pool', 'function-echo.js');

test('the threads load the addon that the program has chosen', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const addon = path.join(folder, 'addon.node');
  fs.copyFileSync(addonFile, addon);
  const result = await runProgram(
    async (file) => {
      const { WorkerPool } = require('./index.js');
      const pool = new WorkerPool(1, file, { env: {} });
      const echoed = await pool.run('task');
      await pool.close();
      return echoed;
    },
    { data: processor, env: { ASYNC_HOOKS_RS_ADDON: addon } },
  );
  assert.equal(result, 'task');
});
