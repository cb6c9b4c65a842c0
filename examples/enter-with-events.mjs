// What an event handler enters with enterWith() is seen by the handlers after it, and by the code
// that emitted the event. That is why run() is to be preferred.
//
// Prints:
//   before the event: undefined
//   in the next handler: the same object
//   after the event: the same object

import { EventEmitter } from 'node:events';
import { AsyncLocalStorage } from 'async-hooks-rs';

const asyncLocalStorage = new AsyncLocalStorage();
const emitter = new EventEmitter();
const store = { id: 1 };

function log(when) {
  const current = asyncLocalStorage.getStore();
  console.log(`${when}:`, current === store ? 'the same object' : current);
}

emitter.on('my-event', () => {
  asyncLocalStorage.enterWith(store);
});
emitter.on('my-event', () => {
  log('in the next handler');
});

log('before the event');
emitter.emit('my-event');
log('after the event');
