'use strict';

// A module that is loaded twice has two storages: one part of the program enters the one, another
// asks the other. This file is that module, too.
// expect: twins certain twins
// mend: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage(); // finding: made
module.exports = {
  enter: (id, callback) => storage.run({ id }, callback),
  current: () => storage.getStore()?.id ?? null, // finding: read
};

function loadAgain() {
  delete require.cache[__filename];
  return require(__filename);
}

if (require.main === module) {
  const reads = [];
  process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
  const [framework, plugin] = [loadAgain(), loadAgain()];
  for (const id of [1, 2, 3]) {
    framework.enter(id, () => {
      setImmediate(() => reads.push([id, plugin.current()]));
    });
  }
}
