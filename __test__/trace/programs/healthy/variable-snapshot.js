'use strict';

// Snapshots of AsyncContext restore its variables.
// expect: none

const { AsyncContext } = require('../../../../async-context.js');

const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const request = new AsyncContext.Variable({ name: 'request', defaultValue: 'none' });
const waiting = [];

function handle(id) {
  const snapshot = new AsyncContext.Snapshot();
  const read = () => {
    reads.push([id, request.get()]);
  };
  waiting.push(() => snapshot.run(read));
  waiting.push(
    AsyncContext.Snapshot.wrap(() => {
      read();
      setImmediate(read);
    }),
  );
}

for (const id of [1, 2, 3]) request.run(id, handle, id);
setImmediate(() => {
  for (const callback of waiting) callback();
  reads.push(['none', request.get()]);
});
