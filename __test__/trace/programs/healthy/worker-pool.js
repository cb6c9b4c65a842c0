'use strict';

// The pool of Workers of Node's documentation.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const { Worker } = require('node:worker_threads');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const SOURCE = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (task) => parentPort.postMessage(task.a + task.b));`;

class TaskInfo extends AsyncResource {
  constructor(callback) {
    super('TaskInfo');
    this.callback = callback;
  }

  done(error, result) {
    this.runInAsyncScope(this.callback, null, error, result);
    this.emitDestroy();
  }
}

class WorkerPool extends EventEmitter {
  constructor(size) {
    super();
    this.workers = [];
    this.free = [];
    this.tasks = [];
    for (let i = 0; i < size; i++) this.add();
    this.on('free', () => {
      const task = this.tasks.shift();
      if (task) this.run(task.task, task.info);
    });
  }

  add() {
    const worker = new Worker(SOURCE, { eval: true });
    worker.on('message', (result) => {
      worker.info.done(null, result);
      worker.info = null;
      this.free.push(worker);
      this.emit('free');
    });
    this.workers.push(worker);
    this.free.push(worker);
  }

  runTask(task, callback) {
    this.run(task, new TaskInfo(callback));
  }

  run(task, info) {
    const worker = this.free.pop();
    if (worker === undefined) {
      this.tasks.push({ task, info });
      return;
    }
    worker.info = info;
    worker.postMessage(task);
  }

  close() {
    for (const worker of this.workers) worker.terminate();
  }
}

const pool = new WorkerPool(1);

function handle(id) {
  pool.runTask({ a: id, b: 1 }, (error, result) => {
    read(id);
    if (result === 4) setImmediate(() => pool.close());
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
