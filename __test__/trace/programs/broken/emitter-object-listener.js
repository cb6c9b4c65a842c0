'use strict';

// The listener is a function of the module that is neither made nor bound in the request: only the
// registration says to whom it belongs.
// expect: lost certain emitter
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Job extends EventEmitter {
  constructor(id) {
    super();
    this.id = id;
  }
}

const running = [];
const interval = setInterval(() => {
  for (const job of running.splice(0)) job.emit('done'); // finding: ran
  if (reads.length === 3) clearInterval(interval);
}, 5);

function onDone() {
  reads.push([this.id, storage.getStore()?.id ?? null]); // finding: read
}

function handle(id) {
  const job = new Job(id);
  job.once('done', onDone); // finding: made
  running.push(job);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
