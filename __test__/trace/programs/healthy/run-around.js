'use strict';

// Requests leave jobs, and whoever works them off gives each a context of its own: run() says what
// its callback is to see.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const jobs = [];

class Mail {
  send(name) {
    reads.push([name, storage.getStore()?.id ?? null]);
    const later = () => reads.push([name, storage.getStore()?.id ?? null]);
    setImmediate(later);
  }
}

function handle(id) {
  const mail = new Mail();
  const read = () => storage.getStore()?.id ?? null;
  jobs.push([`mail ${id}`, mail.send.bind(mail)]);
  jobs.push([
    `report ${id}`,
    async (name) => {
      reads.push([name, read()]);
      await null;
      reads.push([name, read()]);
    },
  ]);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
setImmediate(() => {
  for (const [name, job] of jobs) storage.run({ id: name }, job, name);
  for (const [, job] of jobs) storage.exit(job, null);
});
