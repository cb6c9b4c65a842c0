'use strict';

// One awaited call inside of a context: the store is there in the callback of run() and in the
// functions that it calls, not in the rest of the async function.
//
// Prints:
//   before: undefined
//   in foo: value
//   in foo after an await: value
//   result: done
//   after: undefined

const { AsyncLocalStorage } = require('async-hooks-rs');

const asyncLocalStorage = new AsyncLocalStorage();

async function foo() {
  console.log('in foo:', asyncLocalStorage.getStore().get('key'));
  await null;
  console.log('in foo after an await:', asyncLocalStorage.getStore().get('key'));
  return 'done';
}

async function fn() {
  console.log('before:', asyncLocalStorage.getStore());
  const result = await asyncLocalStorage.run(new Map(), () => {
    asyncLocalStorage.getStore().set('key', 'value');
    return foo(); // The return value of foo will be awaited
  });
  console.log('result:', result);
  console.log('after:', asyncLocalStorage.getStore());
}

fn();
