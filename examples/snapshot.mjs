// AsyncLocalStorage.snapshot() captures the context in which it is called.
//
// Prints:
//   123

import { AsyncLocalStorage } from 'async-hooks-rs';

const asyncLocalStorage = new AsyncLocalStorage();

const runInAsyncScope = asyncLocalStorage.run(123, () => AsyncLocalStorage.snapshot());
const result = asyncLocalStorage.run(321, () => {
  return runInAsyncScope(() => asyncLocalStorage.getStore());
});
console.log(result);
