'use strict';

// Generators of the requests that take turns: whoever ends a step goes on with that of the next.
// expect: foreign certain birth
// mend: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const turns = [];

async function handle(id) {
  // finding: made
  const steps = (async function* () {
    yield;
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  })();
  await steps.next();
  turns.push(steps);
  if (turns.length < 3) return;
  for (const next of turns.slice(0, 2)) await next.next(); // finding: ran
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
