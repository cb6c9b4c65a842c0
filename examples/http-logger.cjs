'use strict';

// The logger of the documentation: every request gets an id, and what is logged on behalf of a
// request shows it, through whatever chain of asynchronous operations.
//
// Prints:
//   0: start
//   1: start
//   0: finish
//   1: finish

const http = require('node:http');
const { AsyncLocalStorage } = require('async-hooks-rs');

const asyncLocalStorage = new AsyncLocalStorage();

function logWithId(msg) {
  const id = asyncLocalStorage.getStore();
  console.log(`${id !== undefined ? id : '-'}:`, msg);
}

const REQUESTS = 2;

// No request finishes before all have started, so that the order of the lines is certain.
let allStarted;
const untilAllStarted = new Promise((resolve) => {
  allStarted = resolve;
});

let idSeq = 0;
const server = http.createServer((req, res) => {
  asyncLocalStorage.run(idSeq++, () => {
    logWithId('start');
    if (idSeq === REQUESTS) allStarted();
    untilAllStarted.then(() => {
      setImmediate(() => {
        logWithId('finish');
        res.end();
      });
    });
  });
});

server.listen(0, () => {
  const options = { port: server.address().port, agent: false };
  let answered = 0;
  for (let i = 0; i < REQUESTS; i++) {
    http.get(options, (res) => {
      res.resume();
      if (++answered === REQUESTS) server.close();
    });
  }
});
