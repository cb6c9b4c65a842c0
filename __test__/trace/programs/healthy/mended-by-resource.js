'use strict';

// A task of a pool is an AsyncResource, as the documentation of Node shows it.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class Task extends AsyncResource {
  constructor(callback) {
    super('Task');
    this.callback = callback;
  }

  done(error, result) {
    this.runInAsyncScope(this.callback, null, error, result);
    this.emitDestroy();
  }
}

const tasks = [];
const interval = setInterval(() => {
  for (const task of tasks.splice(0)) task.done(null, 'result');
  if (reads.length === 6) clearInterval(interval);
}, 2);

function handle(id) {
  tasks.push(
    new Task((error, result) => {
      read(id);
      if (result) queueMicrotask(() => read(id));
    }),
  );
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
