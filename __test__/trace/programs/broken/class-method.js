'use strict';

// A repository whose methods give a client callbacks that call its other methods.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Client {
  #commands = [];
  #interval = setInterval(() => this.#answer(), 5);

  #answer() {
    for (const { name, callback } of this.#commands.splice(0)) callback(null, `${name}!`); // finding: ran
  }

  send(name, callback) {
    this.#commands.push({ name, callback });
  }

  close() {
    clearInterval(this.#interval);
  }
}

class Repository {
  static current() {
    return storage.getStore()?.id ?? null; // finding: read
  }

  constructor(client) {
    this.client = client;
  }

  find(id) {
    return new Promise((resolve, reject) => {
      // finding: made
      this.client.send(`find ${id}`, (error, row) => {
        if (error) reject(error);
        else resolve(this.hydrate(id, row));
      });
    });
  }

  hydrate(id, row) {
    reads.push([id, Repository.current()]);
    return { id, row };
  }
}

const client = new Client();
const repository = new Repository(client);
Promise.all([1, 2, 3].map((id) => storage.run({ id }, (key) => repository.find(key), id))).then(
  () => client.close(),
);
