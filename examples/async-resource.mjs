// The interface of AsyncResource, with a hook that shows which events each call triggers.
//
// Prints:
//   init of an EXAMPLE
//   the id is a number: true
//   triggered by the current execution: true
//   before
//   fn: called with arguments, this is the receiver, in the context of the resource
//   after
//   result: done
//   emitDestroy() was called
//   destroy

import { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId } from 'async-hooks-rs';
import { writeSync } from 'node:fs';

const asyncLocalStorage = new AsyncLocalStorage();
const type = 'EXAMPLE';
let resourceId;

// Synchronous, because console.log() may trigger hooks itself.
const print = (...words) => writeSync(1, `${words.join(' ')}\n`);
const isOurs = (asyncId) => asyncId === resourceId;

createHook({
  init(asyncId, initType) {
    if (initType !== type) return;
    resourceId = asyncId;
    print('init of an', initType);
  },
  before(asyncId) {
    if (isOurs(asyncId)) print('before');
  },
  after(asyncId) {
    if (isOurs(asyncId)) print('after');
  },
  destroy(asyncId) {
    if (isOurs(asyncId)) print('destroy');
  },
}).enable();

// AsyncResource() is meant to be extended. Instantiating a new AsyncResource() also triggers init.
// If triggerAsyncId is omitted then executionAsyncId() is used.
const asyncResource = asyncLocalStorage.run('in the context of the resource', () => {
  return new AsyncResource(type, {
    triggerAsyncId: executionAsyncId(),
    requireManualDestroy: false,
  });
});

// The unique id of the resource, and the id of what triggered it.
print('the id is a number:', asyncResource.asyncId() === resourceId);
print('triggered by the current execution:', asyncResource.triggerAsyncId() === executionAsyncId());

function fn(...args) {
  print(`fn: called with ${args.join(' ')}, this is ${this.name},`, asyncLocalStorage.getStore());
  return 'done';
}

// Runs a function in the execution context of the resource. This will
// * establish the context of the resource
// * trigger the before callbacks
// * call the provided function `fn` with the supplied arguments
// * trigger the after callbacks
// * restore the original execution context
const thisArg = { name: 'the receiver' };
print('result:', asyncResource.runInAsyncScope(fn, thisArg, 'arguments'));

// Calls the destroy callbacks, as soon as the running code is done.
asyncResource.emitDestroy();
print('emitDestroy() was called');
