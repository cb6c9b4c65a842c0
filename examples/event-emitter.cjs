'use strict';

// Listeners run in the context of whatever emits the event. AsyncResource.bind() binds one to the
// context in which it was added.
//
// Prints:
//   bound listener: request
//   other listener: undefined

const { createServer, get } = require('node:http');
const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');

const asyncLocalStorage = new AsyncLocalStorage();

const server = createServer((req, res) => {
  asyncLocalStorage.run('request', () => {
    req.on(
      'close',
      AsyncResource.bind(() => {
        // Execution context is bound to the current outer scope.
        console.log('bound listener:', asyncLocalStorage.getStore());
      }),
    );
    req.on('close', () => {
      // Execution context is bound to the scope that caused 'close' to emit.
      console.log('other listener:', asyncLocalStorage.getStore());
    });
  });
  res.end();
}).listen(0, () => {
  get({ port: server.address().port, agent: false }, (res) => {
    res.resume();
    server.close();
  });
});
