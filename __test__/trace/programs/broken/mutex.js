'use strict';

// A mutex whose holder runs the next section when it lets go.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Mutex {
  #locked = false;
  #sections = [];

  lock(section) {
    if (this.#locked) {
      this.#sections.push(section);
      return;
    }
    this.#locked = true;
    section();
  }

  unlock() {
    const section = this.#sections.shift();
    if (section === undefined) this.#locked = false;
    else section(); // finding: ran
  }
}

const mutex = new Mutex();

function handle(id) {
  // finding: made
  mutex.lock(() => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    setImmediate(() => mutex.unlock());
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
