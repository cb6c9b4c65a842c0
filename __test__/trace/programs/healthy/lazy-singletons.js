'use strict';

// Objects that the first request makes and all use; what they do, they do for their caller.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

let formatter;
let settings;

function getFormatter() {
  formatter ??= {
    cache: new Map(),
    format(id) {
      if (!this.cache.has(id)) this.cache.set(id, `#${id}`);
      return this.cache.get(id);
    },
  };
  return formatter;
}

const getSettings = () => (settings ??= loadSettings());

async function loadSettings() {
  await null;
  return { level: 'info', check: (id) => id > 0 };
}

async function handle(id) {
  getFormatter().format(id);
  read(id);
  const { check } = await getSettings();
  if (check(id)) read(id);
}

async function main() {
  for (const id of [1, 2, 3, 4]) await storage.run({ id }, handle, id);
}
main();
