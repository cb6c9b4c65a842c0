'use strict';

// Two storages: the one is kept with care, the other is forgotten.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const users = new AsyncLocalStorage();
const traces = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];
const interval = setInterval(() => {
  for (const { user, callback } of waiting.splice(0)) users.run(user, callback); // finding: ran
  if (reads.length === 6) clearInterval(interval);
}, 5);

function handle(id) {
  // finding: made
  const callback = () => {
    reads.push([id, users.getStore()?.id ?? null]);
    reads.push([id, traces.getStore()?.id ?? null]); // finding: read
  };
  waiting.push({ user: users.getStore(), callback });
}

for (const id of [1, 2, 3]) users.run({ id }, () => traces.run({ id }, handle, id));
