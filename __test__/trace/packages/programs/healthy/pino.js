'use strict';

// A logger of the start-up, whose mixin reads the store of whoever logs.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const pino = require('pino');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
let expected;
const logger = pino(
  {
    mixin() {
      const id = storage.getStore()?.id ?? null;
      reads.push([expected, id]);
      return { id };
    },
  },
  { write: () => {} },
);

async function handle(id) {
  expected = id;
  logger.info('start');
  await null;
  expected = id;
  logger.child({ id }).info('end');
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
expected = null;
logger.info('outside');
