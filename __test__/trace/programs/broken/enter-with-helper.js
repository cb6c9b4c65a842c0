'use strict';

// The store is entered by a function of its own, as agents and middleware do; what its caller makes
// afterwards gets lost.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];
const interval = setInterval(() => {
  for (const callback of waiting.splice(0)) callback(); // finding: ran
  if (reads.length === 6) clearInterval(interval);
}, 5);

const enter = (id) => storage.enterWith({ id });

function begin(id) {
  enter(id);
}

// What an async function enters before it waits, its caller has, too.
async function authenticate(id) {
  begin(id);
  await null;
  return { name: `user ${id}` };
}

function handle(id) {
  begin(id);
  // finding: made
  waiting.push(() => reads.push([id, storage.getStore()?.id ?? null])); // finding: read, made
}

async function login(id) {
  const user = await authenticate(id);
  // finding: made
  waiting.push(() => reads.push([user && id, storage.getStore()?.id ?? null])); // finding: read, made
}

for (const id of [1, 2, 3]) setImmediate(handle, id);
for (const id of [4, 5, 6]) setImmediate(login, id);
