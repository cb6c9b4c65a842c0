'use strict';

// A processor in TypeScript, where Node strips the types.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { WorkerPool, engine } = require('../../../index.js');

const PROCESSOR = `
interface Task { a: number; b: number }
export default (task: Task): number => task.a + task.b;
`;

function reasonToSkip() {
  if (!process.features.typescript) return 'this Node does not strip types';
  return engine().native.loaded ? false : 'the addon cannot be loaded';
}

describe('a processor in TypeScript', { skip: reasonToSkip() }, () => {
  it('runs, with .mts and with .ts', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
    try {
      for (const name of ['sum.mts', 'sum.ts']) {
        const file = path.join(folder, name);
        fs.writeFileSync(file, PROCESSOR);
        const pool = new WorkerPool(1, file, { execArgv: ['--no-warnings'] });
        assert.equal(await pool.run({ a: 42, b: 100 }), 142);
        await pool.close();
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
