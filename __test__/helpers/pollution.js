'use strict';

// What becomes of work while Object.prototype has the names of options. For programs of their own.

const hostile = {
  argv: ['polluted'],
  execArgv: ['--no-such-flag'],
  env: { POLLUTED: '1' },
  resourceLimits: { maxOldGenerationSizeMb: 1 },
  maxOldGenerationSizeMb: 1,
  maxYoungGenerationSizeMb: 1,
  codeRangeSizeMb: 1,
  stackSizeMb: 0.01,
  transferList: [{}],
  workerData: 'polluted',
  name: 'polluted',
  native: 'add',
  signal: AbortSignal.abort(),
  maxQueue: 0,
  timeout: 1e9,
  maxThreads: 7,
  minThreads: 3,
};

/** How a promise is settled, as JSON keeps it. */
const outcome = (promise) =>
  promise.then(
    (value) => ['result', value],
    ({ code }) => [code],
  );

/**
 * The result of `work()`, and by group of names the results that differ while Object.prototype has
 * the names of the group.
 *
 * @param {() => Promise<unknown>} work
 * @param {string[][]} groups
 */
async function underPollution(work, groups) {
  const changed = {};
  const before = JSON.stringify(await work());
  for (const group of groups) {
    for (const name of group) {
      Object.defineProperty(Object.prototype, name, {
        __proto__: null,
        value: hostile[name] ?? 'polluted',
        writable: true,
        configurable: true,
        enumerable: true,
      });
    }
    const after = await work().then(JSON.stringify, ({ stack }) => stack);
    for (const name of group) delete Object.prototype[name];
    if (after !== before) changed[group] = after;
  }
  return { before: JSON.parse(before), changed };
}

module.exports = { outcome, underPollution };
