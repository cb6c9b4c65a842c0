// A class that extends AsyncResource: a database answers each query in a context of its own, and
// the callback runs in the context of the one who asked.
//
// Prints:
//   in the database: undefined
//   in the callback: request 1 null row of select 1
//   in the database: undefined
//   in the callback: request 2 null row of select 2
//   destroyed: 2

import { AsyncLocalStorage, AsyncResource, createHook } from 'async-hooks-rs';

const asyncLocalStorage = new AsyncLocalStorage();

class DBQuery extends AsyncResource {
  constructor(db) {
    super('DBQuery');
    this.db = db;
  }

  getInfo(query, callback) {
    this.db.get(query, (err, data) => {
      this.runInAsyncScope(callback, null, err, data);
    });
  }

  close() {
    this.db = null;
    this.emitDestroy();
  }
}

// One connection for all: it answers in the order of the queries, from a context of its own.
class Database {
  #waiting = [];

  constructor() {
    this.interval = setInterval(() => {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      console.log('in the database:', asyncLocalStorage.getStore());
      next.done(null, `row of ${next.query}`);
    }, 10);
  }

  get(query, done) {
    this.#waiting.push({ query, done });
  }

  close() {
    clearInterval(this.interval);
  }
}

const db = new Database();
const queryIds = new Set();
let destroyed = 0;
createHook({
  destroy(asyncId) {
    if (queryIds.has(asyncId)) destroyed++;
  },
}).enable();

for (const id of [1, 2]) {
  asyncLocalStorage.run(`request ${id}`, () => {
    const query = new DBQuery(db);
    queryIds.add(query.asyncId());
    query.getInfo(`select ${id}`, (err, data) => {
      console.log('in the callback:', asyncLocalStorage.getStore(), err, data);
      query.close();
      if (id === 2) db.close();
    });
  });
}

process.on('exit', () => console.log('destroyed:', destroyed));
