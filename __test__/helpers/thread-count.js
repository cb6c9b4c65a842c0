'use strict';

// The number of threads of this process, where the system tells it.

const fs = require('node:fs');

const FOLDER = '/proc/self/task';

/** Whether the system tells the number. */
const countable = fs.existsSync(FOLDER);

const count = () => fs.readdirSync(FOLDER).length;

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/**
 * Waits until there are at most `limit` threads, because the system takes a moment to remove one
 * that has ended, or until `milliseconds` are over; returns the number of threads.
 */
async function countSettled(limit, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  while (count() > limit && Date.now() < end) await pause();
  return count();
}

module.exports = { countable, count, countSettled };
