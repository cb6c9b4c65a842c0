'use strict';

// Functions bound with Function.prototype.bind(), called where they were bound.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class Controller {
  constructor(id) {
    this.id = id;
    this.show = this.show.bind(this);
  }

  show(step) {
    if (step > 0) read(this.id);
  }
}

function log(id, level, message) {
  if (level && message) read(id);
}

async function handle(id) {
  const controller = new Controller(id);
  const info = log.bind(null, id, 'info');
  controller.show(1);
  [1, 2].forEach(controller.show);
  setTimeout(controller.show, 1, 3);
  await null;
  info('seen');
  process.nextTick(info, 'later');
  Promise.resolve(4).then(controller.show);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
