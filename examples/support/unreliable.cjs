'use strict';

// A processor that does what its tasks say, bad things included.

const { parentPort } = require('node:worker_threads');

module.exports = function perform(task) {
  switch (task.do) {
    case 'double':
      return task.value * 2;
    case 'throw':
      throw Object.assign(new RangeError('Out of stock', { cause: 'sold' }), { code: 'E_STOCK' });
    case 'exit':
      return process.exit(3);
    case 'return a function':
      return () => {};
    case 'never end':
      parentPort.postMessage('begun'); // answers no task: an event of the pool
      for (;;);
  }
};
