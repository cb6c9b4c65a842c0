// exit() calls a function outside of the context, and what that function starts is outside, too.
// What it throws is thrown by exit(), and the context is entered again.
//
// Prints:
//   in run(): { id: 3 }
//   in exit(): undefined
//   caught: thrown in exit()
//   after exit(): the same object
//   started in exit(): undefined

import { AsyncLocalStorage } from 'async-hooks-rs';

const asyncLocalStorage = new AsyncLocalStorage();

const store = { id: 3 };
asyncLocalStorage.run(store, () => {
  try {
    console.log('in run():', asyncLocalStorage.getStore());
    asyncLocalStorage.exit(() => {
      console.log('in exit():', asyncLocalStorage.getStore());
      setImmediate(() => {
        console.log('started in exit():', asyncLocalStorage.getStore());
      });
      throw new Error('thrown in exit()');
    });
  } catch (e) {
    console.log('caught:', e.message);
    const same = asyncLocalStorage.getStore() === store;
    console.log('after exit():', same ? 'the same object' : 'another value');
  }
});
