'use strict';

// What the callback of run() throws is thrown by run(), and the context is left. What the callback
// started keeps it.
//
// Prints:
//   in run(): { id: 2 }
//   caught: thrown in run()
//   after run(): undefined
//   in the timer: { id: 2 }

const { AsyncLocalStorage } = require('async-hooks-rs');

const asyncLocalStorage = new AsyncLocalStorage();

const store = { id: 2 };
try {
  asyncLocalStorage.run(store, () => {
    console.log('in run():', asyncLocalStorage.getStore());
    setTimeout(() => {
      console.log('in the timer:', asyncLocalStorage.getStore());
    }, 200);
    throw new Error('thrown in run()');
  });
} catch (e) {
  console.log('caught:', e.message);
  console.log('after run():', asyncLocalStorage.getStore());
}
