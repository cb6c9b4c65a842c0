// A package that has a file for require() and one for import: a storage in each.
// expect: twins certain twins
// package made: request-context/index.cjs:2 request-context/index.mjs:2

import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'twins-')));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

const place = path.join(folder, 'node_modules', 'request-context');
fs.mkdirSync(place, { recursive: true });
fs.writeFileSync(
  path.join(place, 'package.json'),
  JSON.stringify({
    name: 'request-context',
    version: '1.0.0',
    exports: { require: './index.cjs', import: './index.mjs' },
  }),
);
fs.writeFileSync(
  path.join(place, 'index.cjs'),
  `const { AsyncLocalStorage } = require('node:async_hooks');
exports.storage = new AsyncLocalStorage();
`,
);
fs.writeFileSync(
  path.join(place, 'index.mjs'),
  `import { AsyncLocalStorage } from 'node:async_hooks';
export const storage = new AsyncLocalStorage();
`,
);

const framework = createRequire(path.join(folder, 'app.js'))('request-context');
const plugin = await import(pathToFileURL(path.join(place, 'index.mjs')));

function handle(id) {
  setImmediate(() => {
    const store = plugin.storage.getStore(); // finding: read
    reads.push([id, store?.id ?? null]);
  });
}

for (const id of [1, 2, 3]) framework.storage.run({ id }, handle, id);
