'use strict';

// A variable of AsyncContext, which is read like a storage.
// expect: lost certain birth
// mend: proven

const { Variable } = require('../../../../async-context.js');

const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const request = new Variable({ name: 'request', defaultValue: 'none' });
const waiting = [];

function handle(id) {
  // finding: made
  waiting.push(() => {
    const found = request.get(); // finding: read
    reads.push([id, found === 'none' ? null : found]);
  });
}

for (const id of [1, 2, 3]) request.run(id, handle, id);
setImmediate(() => waiting.forEach((callback) => callback())); // finding: ran
