'use strict';

// What a request makes is collected later: the cleanup runs in no context, and asks for none.
// flags: --expose-gc
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const cleaned = [];
const registry = new FinalizationRegistry((id) => cleaned.push(id));

function handle(id) {
  const own = new FinalizationRegistry((held) => {
    cleaned.push(held);
  });
  for (let i = 0; i < 20; i++) {
    registry.register({ id, i }, id);
    own.register({ id, i }, id);
  }
  read(id);
  return own;
}

const registries = [1, 2, 3].map((id) => storage.run({ id }, handle, id));

// The engine calls registries in tasks of its own, when it likes: the program waits for the first.
function wait() {
  if (cleaned.length > 0) {
    registries.length = 0;
    reads.push([true, true]);
    return;
  }
  globalThis.gc();
  setTimeout(wait, 1);
}
setImmediate(wait);
