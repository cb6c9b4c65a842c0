'use strict';

// The memory of the threads of a pool, together: each alone would be a series of samples that ends
// with the thread.

/**
 * In bytes; `undefined` if no thread has told it yet.
 *
 * @param {{ memory: number | undefined }[]} threads
 */
function memoryOf(threads) {
  /** @type {number | undefined} */
  let sum;
  for (const { memory } of threads) if (memory !== undefined) sum = (sum ?? 0) + memory;
  return sum;
}

module.exports = { memoryOf };
