'use strict';

// TC39's AsyncContext: a variable that keeps its value through whatever a function starts, a queue
// that runs its tasks in the context in which they were added, and the same context shared with
// AsyncLocalStorage.
//
// Prints:
//   outside: none
//   one: started
//   two: started
//   one: queued
//   two: queued
//   one: after a timer
//   two: after a timer
//   snapshot: one, and the store { user: 'Ann' }
//   wrapped log

const { AsyncLocalStorage } = require('async-hooks-rs');
const { AsyncContext } = require('async-hooks-rs/async-context');

const requestId = new AsyncContext.Variable({ name: 'requestId', defaultValue: 'none' });
const users = new AsyncLocalStorage();

function log(text) {
  console.log(`${requestId.get()}: ${text}`);
}

// A queue is emptied by whoever comes last, and each task has to run as if its adder had called it.
const queue = [];

function handle() {
  log('started');
  queue.push(AsyncContext.Snapshot.wrap(() => log('queued')));
  return new Promise((resolve) => {
    setTimeout(() => {
      log('after a timer');
      resolve();
    }, 10);
  });
}

console.log('outside:', requestId.get());

const requests = ['one', 'two'].map((id) => requestId.run(id, handle));
for (const task of queue) task();

Promise.all(requests).then(() => {
  const snapshot = requestId.run('one', () =>
    users.run({ user: 'Ann' }, () => new AsyncContext.Snapshot()),
  );
  requestId.run('two', () =>
    snapshot.run(() => {
      console.log(`snapshot: ${requestId.get()}, and the store`, users.getStore());
    }),
  );
  console.log(AsyncContext.Snapshot.wrap(log).name);
});
