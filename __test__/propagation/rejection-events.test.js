'use strict';

// Node's events for an unhandled rejection, in each mode of --unhandled-rejections: every handler
// sees the scope of the rejection, and later callbacks are in no scope. In processes of their own,
// with and without another hook, for which Node tracks promises.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

const THROWN = ['uncaughtExceptionMonitor', 'uncaughtException'];
const CAPTURED = ['uncaughtExceptionMonitor', 'capture'];
const WARNED = ['warning', 'warning'];
const REJECTED = ['unhandledRejection'];
const DOMAIN = ['domain'];

// By the existing listeners. A domain has its event instead of 'unhandledRejection'.
const modes = {
  'throw': { all: REJECTED, few: THROWN, captured: CAPTURED, domain: DOMAIN },
  'strict': {
    all: [...THROWN, ...REJECTED],
    few: [...THROWN, ...WARNED],
    captured: [...CAPTURED, ...WARNED],
    domain: [...THROWN, ...DOMAIN],
  },
  'warn': {
    all: [...REJECTED, ...WARNED],
    few: WARNED,
    captured: WARNED,
    domain: [...DOMAIN, ...WARNED],
  },
  'none': { all: REJECTED, few: [], captured: [], domain: DOMAIN },
  'warn-with-error-code': { all: REJECTED, few: WARNED, captured: WARNED, domain: DOMAIN },
};

const kinds = ['at once', 'no error', 'after an await', 'after a turn', 'in a reaction'];

async function program({ kinds: names, tracked }) {
  const { createHook } = require('node:async_hooks');
  if (tracked) createHook({ init() {}, before() {}, after() {}, destroy() {} }).enable();
  const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('warning');
  const starts = {
    'at once': () => {
      Promise.reject(new Error('expected'));
    },
    'no error': () => {
      Promise.reject('expected');
    },
    'after an await': async () => {
      await null;
      throw new Error('expected');
    },
    'after a turn': async () => {
      await turn();
      throw new Error('expected');
    },
    'in a reaction': () => {
      Promise.resolve().then(() => {
        throw new Error('expected');
      });
    },
  };
  let seen;
  const note = (event) => {
    seen.push(`${event} in ${storage.getStore()}`);
    // The handler's own scopes do not affect the next one.
    new AsyncResource('TEST').runInAsyncScope(() => storage.run('handler', () => {}));
    other.run('handler', () => {});
  };
  const few = ['uncaughtExceptionMonitor', 'uncaughtException', 'warning'];
  const listen = (events) => {
    const listeners = events.map((event) => [event, () => note(event)]);
    for (const [event, listener] of listeners) process.on(event, listener);
    return () => {
      for (const [event, listener] of listeners) process.off(event, listener);
    };
  };
  const sets = {
    all: () => listen([...few, 'unhandledRejection']),
    few: () => listen(few),
    captured: () => {
      const close = listen(few.filter((event) => event !== 'uncaughtException'));
      process.setUncaughtExceptionCaptureCallback(() => note('capture'));
      return () => {
        process.setUncaughtExceptionCaptureCallback(null);
        close();
      };
    },
  };
  const settle = async () => {
    for (let i = 0; i < 4; i++) await turn();
  };
  const found = {};
  for (const [set, open] of Object.entries(sets)) {
    for (const kind of names) {
      seen = [];
      const close = open();
      storage.run('one', starts[kind]);
      storage.run('two', starts[kind]);
      await settle();
      close();
      note('afterwards');
      found[`${set}: ${kind}`] = seen;
    }
  }
  seen = [];
  const close = sets.all();
  const domain = require('node:domain').create();
  domain.on('error', () => note('domain'));
  storage.run('one', () => domain.run(starts['after an await']));
  await settle();
  close();
  found.domain = seen;
  process.exitCode = 0; // what one of the modes sets
  return found;
}

for (const [mode, expected] of Object.entries(modes)) {
  for (const tracked of [false, true]) {
    const title = `${mode}${tracked ? ', promises tracked' : ''}`;
    test(`--unhandled-rejections=${title}`, async () => {
      const found = await runProgram(program, {
        data: { kinds, tracked },
        args: [`--unhandled-rejections=${mode}`, '--no-deprecation'],
      });
      const inScope = (events, scope) => events.map((event) => `${event} in ${scope}`);
      for (const set of ['all', 'few', 'captured']) {
        for (const kind of kinds) {
          const seen = found[`${set}: ${kind}`];
          assert.equal(seen.pop(), 'afterwards in undefined', `${set}: ${kind}`);
          // Sorted, because warnings come in ticks, after the events of one scope or of both.
          const events = ['one', 'two'].flatMap((scope) => inScope(expected[set], scope));
          assert.deepEqual(seen.sort(), events.sort(), `${set}: ${kind}`);
        }
      }
      assert.deepEqual(found.domain, inScope(expected.domain, 'one'));
    });
  }
}

test('rejectionHandled and its warning: no scope', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners('warning');
    const seen = [];
    process.on('warning', ({ name }) => seen.push(name, storage.getStore() ?? 'none'));
    process.on('uncaughtException', () => {});
    const reject = async () => {
      const promise = storage.run('made', () => Promise.reject(new Error('expected')));
      await turn();
      storage.run('handler', () => promise.catch(() => {}));
      await turn();
    };
    await reject();
    process.on('rejectionHandled', () => seen.push('event', storage.getStore() ?? 'none'));
    await reject();
    return seen;
  });
  assert.deepEqual(found, ['PromiseRejectionHandledWarning', 'none', 'event', 'none']);
});

test('strict: what handlers of uncaughtException enter, in later handlers', async () => {
  const found = await runProgram(
    async () => {
      const { AsyncLocalStorage } = require('async-hooks-rs');
      const storage = new AsyncLocalStorage();
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      const seen = [];
      process.on('uncaughtException', () => storage.enterWith('entered'));
      process.on('unhandledRejection', () => seen.push(storage.getStore()));
      storage.run('one', () => {
        Promise.reject(new Error('expected'));
      });
      await turn();
      storage.run('two', () => {
        Promise.reject(new Error('expected'));
      });
      await turn();
      return [...seen, storage.getStore() ?? 'none'];
    },
    { args: ['--unhandled-rejections=strict'] },
  );
  assert.deepEqual(
    found,
    differs.reportEndsWithException ? ['one', 'two', 'none'] : ['entered', 'entered', 'none'],
  );
});

test('events that the program emits itself: its own scope', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const seen = [];
    const emit = () => {
      process.emit('unhandledRejection', 'reason', Promise.resolve());
      process.emit('uncaughtExceptionMonitor', new Error('expected'), 'unhandledRejection');
      seen.push(storage.getStore());
    };
    const begin = () =>
      storage.run('tick', () =>
        process.nextTick(() => {
          storage.run('inner', emit);
          seen.push(storage.getStore());
        }),
      );
    begin();
    await turn();
    for (const event of ['unhandledRejection', 'uncaughtExceptionMonitor']) {
      process.on(event, () => seen.push(event, storage.getStore()));
    }
    begin();
    await turn();
    // As test runners do, to have the other listeners called.
    process.once('unhandledRejection', (reason, promise) => {
      process.emit('unhandledRejection', reason, promise);
      seen.push(storage.getStore());
    });
    storage.run('rejected', () => {
      Promise.reject('expected');
    });
    await turn();
    return seen;
  });
  assert.deepEqual(found, [
    'inner',
    'tick',
    'unhandledRejection',
    'inner',
    'uncaughtExceptionMonitor',
    'inner',
    'inner',
    'tick',
    'unhandledRejection',
    'rejected',
    'unhandledRejection',
    'rejected',
    'rejected',
  ]);
});
