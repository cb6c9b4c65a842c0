'use strict';

// A module that makes its storages in a class and in a loop, and is loaded twice.
// expect: twins certain twins
// package made: contexts.js:3

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'twins-')));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

const file = path.join(folder, 'contexts.js');
const SOURCE = `const { AsyncLocalStorage } = require('node:async_hooks');
class Context {
  storage = new AsyncLocalStorage();
}
for (const name of ['user', 'tenant']) exports[name] = new Context();
`;
fs.writeFileSync(file, SOURCE);

const framework = require(file);
delete require.cache[file];
const plugin = require(file);

async function handle(id) {
  await null;
  reads.push([id, plugin.tenant.storage.getStore()?.id ?? null]); // finding: read
}

for (const id of [1, 2, 3]) framework.tenant.storage.run({ id }, handle, id);
