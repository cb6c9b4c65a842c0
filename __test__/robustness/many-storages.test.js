'use strict';

// Tens of thousands of storages, each used once and dropped, leave no memory behind and do not
// slow down later code.

const assert = require('node:assert/strict');
const test = require('node:test');
const { runScript } = require('../helpers/script.js');

const STORAGES = 40_000;
// A pointer for each would be 320 KB.
const TOLERANCE = 280_000;
// The machine may be busy; storages that stay in a list or a map cost thousands of times as much.
const SLOWDOWN = 20;

const PRELUDE = `
  const { AsyncLocalStorage } = require('async-hooks-rs');
  const { growth, turn, settle } = require('./__test__/helpers/heap.js');
  const kept = new AsyncLocalStorage();
  const noop = () => {};

  // Nanoseconds of a scope with a promise in it, the median of many.
  async function scopeTime() {
    const times = [];
    for (let i = 0; i < 400; i++) {
      const begin = process.hrtime.bigint();
      for (let j = 0; j < 10; j++) {
        await kept.run({ j }, async () => {
          await null;
          return kept.getStore();
        });
      }
      times.push(Number(process.hrtime.bigint() - begin));
    }
    return times.sort((a, b) => a - b)[200];
  }

  // Drops the storages a thousand at a time, each thousand in a callback of its own.
  async function inBatches(count, use) {
    for (let i = 0; i < count; i += 1000) {
      await new Promise((resolve) => setImmediate(() => {
        for (let j = 0; j < 1000; j++) use(i + j);
        resolve();
      }));
    }
  }

  async function report(work) {
    await scopeTime();
    const before = await scopeTime();
    const bytes = await growth(work, ${STORAGES}, ${TOLERANCE});
    await scopeTime();
    const after = await scopeTime();
    console.log(JSON.stringify({ bytes, before, after }));
  }
`;

const uses = {
  'run() once': `(count) => inBatches(count, (i) => {
    new AsyncLocalStorage().run({ i }, noop);
  })`,
  'run() once with a promise inside': `(count) => inBatches(count, (i) => {
    new AsyncLocalStorage().run({ i }, async () => { await null; });
  })`,
  'run() once inside a scope': `(count) => kept.run('kept', () => inBatches(count, (i) => {
    new AsyncLocalStorage().run({ i }, noop);
  }))`,
  'all run() in one callback': `(count) => {
    for (let i = 0; i < count; i++) new AsyncLocalStorage().run({ i }, noop);
  }`,
  'enterWith() once': `(count) => inBatches(count, (i) => {
    new AsyncLocalStorage().enterWith({ i });
  })`,
  'all enterWith() in one callback': `(count) => new Promise((resolve) => setImmediate(() => {
    for (let i = 0; i < count; i++) new AsyncLocalStorage().enterWith({ i });
    resolve();
  }))`,
  'made and never used': `(count) => inBatches(count, () => new AsyncLocalStorage())`,
  'enterWith() and disable()': `(count) => inBatches(count, (i) => {
    const storage = new AsyncLocalStorage();
    storage.enterWith({ i });
    storage.disable();
  })`,
};

for (const [name, work] of Object.entries(uses)) {
  test(`${STORAGES} storages leave nothing behind: ${name}`, async () => {
    const { code, stdout, stderr } = await runScript(`${PRELUDE} report(${work});`);
    assert.equal(code, 0, stderr);
    const { bytes, before, after } = JSON.parse(stdout);
    assert.ok(bytes < TOLERANCE, `${bytes} bytes more, ${bytes / STORAGES} for each storage`);
    assert.ok(after < SLOWDOWN * before, `a scope took ${before} ns before, ${after} ns after`);
  });
}

test(`a flow is as fast as before after ${STORAGES} storages entered in it`, async () => {
  const { code, stdout, stderr } = await runScript(`${PRELUDE}
    const use = async (count) => {
      for (let i = 0; i < count; i++) {
        new AsyncLocalStorage().enterWith({ i });
        if (i % 1000 === 999) await turn();
      }
      await settle();
    };
    (async () => {
      await scopeTime();
      const before = await scopeTime();
      await use(${STORAGES});
      // What was entered in one go is dropped as the flow enters more.
      await use(${STORAGES});
      await scopeTime();
      const after = await scopeTime();
      console.log(JSON.stringify({ before, after }));
    })();
  `);
  assert.equal(code, 0, stderr);
  const { before, after } = JSON.parse(stdout);
  assert.ok(after < SLOWDOWN * before, `a scope took ${before} ns before, ${after} ns after`);
});
