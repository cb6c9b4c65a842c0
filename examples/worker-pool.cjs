'use strict';

// The pool of the documentation, used as it is used there. The tasks are those of the default
// processor, which adds two numbers on Rust threads.
//
// Prints, in any order:
//   0 null 142
//   1 null 142
//   2 null 142
//   3 null 142
//   4 null 142
//   5 null 142
//   6 null 142
//   7 null 142
//   8 null 142
//   9 null 142

const WorkerPool = require('async-hooks-rs/worker-pool');
const os = require('node:os');

const pool = new WorkerPool(os.availableParallelism());

let finished = 0;
for (let i = 0; i < 10; i++) {
  pool.runTask({ a: 42, b: 100 }, (err, result) => {
    console.log(i, err, result);
    if (++finished === 10) pool.close();
  });
}
