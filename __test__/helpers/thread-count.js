'use strict';

// How many threads this process has, where the system tells.

const fs = require('node:fs');

const FOLDER = '/proc/self/task';

/** Whether it can be told here. */
const countable = fs.existsSync(FOLDER);

const count = () => fs.readdirSync(FOLDER).length;

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/**
 * Waits until there are at most `limit` threads, because the system takes a moment to remove one
 * that has ended, or until `milliseconds` are over; returns how many there are.
 */
async function countSettled(limit, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  while (count() > limit && Date.now() < end) await pause();
  return count();
}

module.exports = { countable, count, countSettled };
