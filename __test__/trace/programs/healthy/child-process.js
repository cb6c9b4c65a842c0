'use strict';

// A process for each request, whose events come in the context that made it.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { execFile, spawn } = require('node:child_process');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function handle(id) {
  execFile(process.execPath, ['--version'], (error, stdout) => {
    if (stdout.startsWith('v')) read(id);
  });
  const child = spawn(process.execPath, ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', () => read(id));
  child.on('exit', () => read(id));
}

for (const id of [1, 2]) storage.run({ id }, handle, id);
