// enterWith() replaces the store for the rest of the running code and what it starts.
//
// Prints:
//   before: previous store
//   after: { id: 1 }
//   in the callback: the same object

import { setTimeout as someAsyncOperation } from 'node:timers';
import { AsyncLocalStorage } from 'async-hooks-rs';

const asyncLocalStorage = new AsyncLocalStorage();
asyncLocalStorage.enterWith('previous store');
console.log('before:', asyncLocalStorage.getStore());

const store = { id: 1 };
// Replaces the previous store with the given store object.
asyncLocalStorage.enterWith(store);
console.log('after:', asyncLocalStorage.getStore());
someAsyncOperation(() => {
  const same = asyncLocalStorage.getStore() === store;
  console.log('in the callback:', same ? 'the same object' : 'another value');
});
