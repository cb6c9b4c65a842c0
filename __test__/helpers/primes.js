'use strict';

// What the native processor `primes` reports: it sieves so many numbers at once, and tells after
// each sieving how far it is, unless that is less than a percent.

const SEGMENT = 2 * 128 * 1024;

/** A limit that takes some milliseconds, of which a submitter that does not look misses nothing. */
const SMALL = 2_000_000;
const PRIMES_OF_SMALL = 148_933;

/** All that is reported of a limit up to 100 segments. */
function progressOf(limit) {
  const values = [];
  for (let done = 2 + SEGMENT; done < limit; done += SEGMENT) values.push(done / limit);
  return [...values, 1];
}

module.exports = { SMALL, PRIMES_OF_SMALL, progressOf };
