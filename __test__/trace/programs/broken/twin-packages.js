'use strict';

// A package that is installed twice, below two others: each copy has a storage of its own.
// expect: twins certain twins
// package made: request-context/index.js:2

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'twins-')));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

const SOURCE = `const { AsyncLocalStorage } = require('node:async_hooks');
exports.storage = new AsyncLocalStorage();
`;

function install(owner) {
  const place = path.join(folder, 'node_modules', owner, 'node_modules', 'request-context');
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(
    path.join(place, 'package.json'),
    '{"name":"request-context","version":"1.0.0"}',
  );
  fs.writeFileSync(path.join(place, 'index.js'), SOURCE);
  return require(place);
}

const [framework, plugin] = [install('framework'), install('plugin')];

async function handle(id) {
  await null;
  reads.push([id, plugin.storage.getStore()?.id ?? null]); // finding: read
}

for (const id of [1, 2, 3]) framework.storage.run({ id }, handle, id);
