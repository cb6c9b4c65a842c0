'use strict';

// A process for all requests, whose answers come to a listener of the start-up.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { fork } = require('node:child_process');

function main() {
  const storage = new AsyncLocalStorage();
  const reads = [];
  process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

  const child = fork(__filename, ['child']);
  const pending = {};
  child.on('message', ([number, result]) => {
    pending[number](result); // finding: ran
    if (reads.length === 3) child.disconnect();
  });

  function handle(id) {
    // finding: made
    pending[id] = () => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    };
    child.send([id, id]);
  }

  for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
}

if (process.argv[2] === 'child') {
  process.on('message', ([number, value]) => process.send([number, value + 1]));
} else main();
