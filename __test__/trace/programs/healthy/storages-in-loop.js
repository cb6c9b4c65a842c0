'use strict';

// One line that makes several storages is no module that is loaded twice.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const storages = {};
for (const name of ['user', 'tenant']) storages[name] = new AsyncLocalStorage();

class Slot {
  storage = new AsyncLocalStorage();
}
const [first, second] = [new Slot(), new Slot()];

async function handle(id) {
  await null;
  reads.push([id, storages.user.getStore() ?? null], [id, first.storage.getStore() ?? null]);
  reads.push([null, storages.tenant.getStore() ?? null], [null, second.storage.getStore() ?? null]);
}

for (const id of [1, 2, 3]) storages.user.run(id, () => first.storage.run(id, handle, id));
