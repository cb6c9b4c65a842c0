'use strict';

// A logger that the first request makes reads the store of whoever calls it.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

let logger;

function getLogger() {
  logger ??= {
    lines: [],
    info(id, message) {
      reads.push([id, storage.getStore()?.id ?? null]);
      this.lines.push(message);
    },
  };
  return logger;
}

async function handle(id) {
  getLogger().info(id, 'start');
  await null;
  getLogger().info(id, 'end');
}

for (const id of [1, 2, 3, 4]) storage.run({ id }, handle, id);
