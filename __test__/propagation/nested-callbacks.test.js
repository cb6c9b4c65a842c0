'use strict';

// Callbacks that run inside other callbacks, of the same resource or of another, and callbacks
// whose end Node does not announce because they throw.

const assert = require('node:assert/strict');
const { EventEmitterAsyncResource } = require('node:events');
const { test } = require('node:test');
const asyncHooks = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

function emitter() {
  const resource = new EventEmitterAsyncResource({ name: 'TEST' });
  resource.on('run', (fn) => fn());
  return (fn) => resource.emit('run', fn);
}

for (const [title, make] of Object.entries({
  'an AsyncResource': () => {
    const resource = new AsyncResource('TEST');
    return (fn) => resource.runInAsyncScope(fn);
  },
  "Node's AsyncResource": () => {
    const resource = new asyncHooks.AsyncResource('TEST');
    return (fn) => resource.runInAsyncScope(fn);
  },
  'an EventEmitterAsyncResource': emitter,
})) {
  test(`${title} inside itself: the outer store continues after it`, () => {
    const storage = new AsyncLocalStorage();
    const seen = [];
    const look = () => seen.push(storage.getStore());
    const scoped = make();
    scoped(() => {
      storage.enterWith('outer');
      scoped(look);
      look();
      scoped(() => {
        look();
        storage.enterWith('inner');
        look();
      });
      look();
    });
    scoped(look);
    if (differs.enterWithSticksToResource) {
      assert.deepEqual(seen, ['outer', 'outer', 'outer', 'inner', 'inner', 'inner']);
    } else {
      assert.deepEqual(seen, [undefined, 'outer', undefined, 'inner', 'outer', undefined]);
    }
  });
}

test('a resource inside a scope of another inside itself: each run() restores its store', () => {
  const one = new AsyncLocalStorage();
  const two = new AsyncLocalStorage();
  const outer = new asyncHooks.AsyncResource('OUTER');
  const inner = new asyncHooks.AsyncResource('INNER');
  outer.runInAsyncScope(() => {
    one.enterWith('entered');
    inner.runInAsyncScope(() => {
      two.run('two', () => outer.runInAsyncScope(() => one.run('one', () => {})));
      assert.equal(two.getStore(), undefined);
    });
    assert.equal(one.getStore(), 'entered');
  });
});

// The requests arrive, in a callback of the parser, while run() pushes their bytes.
const actions = {
  'enterWith()': 'storage.enterWith("entered");',
  'withScope() in run()': 'storage.run("run", () => { storage.withScope("scope").dispose(); });',
};

for (const [title, action] of Object.entries(actions)) {
  test(`${title} in a request listener that throws: run() around it takes back its store`, async () => {
    const found = await runProgram(
      async (code) => {
        const http = require('node:http');
        const { Duplex } = require('node:stream');
        const { AsyncLocalStorage } = require('async-hooks-rs');
        const storage = new AsyncLocalStorage();
        const other = new AsyncLocalStorage();
        const enter = new Function('storage', code);
        const seen = [];
        const look = () => seen.push([storage.getStore(), other.getStore()]);
        const server = http.createServer(() => {
          look();
          enter(storage);
          throw new Error('expected');
        });
        for (let i = 0; i < 3; i++) {
          const socket = new Duplex({
            read() {},
            write(chunk, encoding, done) {
              done();
            },
          });
          server.emit('connection', socket);
          await new Promise((resolve) =>
            setImmediate(() => {
              try {
                other.run(i, () => socket.push('GET / HTTP/1.1\r\nHost: test\r\n\r\n'));
              } catch ({ message }) {
                seen.push(message);
              }
              look();
              resolve();
            }),
          );
          look();
        }
        return seen;
      },
      { data: action },
    );
    const none = [null, null];
    const each = [none, 'expected', none, none];
    assert.deepEqual(found, [...each, ...each, ...each]);
  });

  test(`${title} in a response listener that throws: its stores are collected`, async () => {
    const kept = await runProgram(
      async (code) => {
        const http = require('node:http');
        const { AsyncLocalStorage } = require('async-hooks-rs');
        const { collectUntil } = require('./__test__/helpers/gc.js');
        const COUNT = 20;
        const storage = new AsyncLocalStorage();
        const own = new AsyncLocalStorage();
        const enter = new Function('storage', code);
        const server = http.createServer((request, response) => response.end());
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address();
        const stores = [];
        const ask = () => {
          const store = {};
          stores.push(new WeakRef(store));
          own.run(store, () =>
            http.get({ port, agent: false }, (response) => {
              response.resume();
              enter(storage);
              throw new Error('expected');
            }),
          );
        };
        for (let i = 0; i < COUNT; i++) {
          const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
          ask();
          await thrown;
        }
        server.close();
        server.closeAllConnections();
        const kept = () => stores.filter((store) => store.deref() !== undefined).length;
        await collectUntil(() => kept() <= COUNT / 4);
        return kept();
      },
      { data: action },
    );
    assert.ok(kept <= 5, `${kept} of 20 are kept`); // Node's parsers may hold the last ones
  });
}

test('enterWith() after a request listener that throws: run() around both takes back its store', async () => {
  const seen = await runProgram(async () => {
    const http = require('node:http');
    const { Duplex } = require('node:stream');
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const server = http.createServer(() => {
      storage.enterWith('entered');
      throw new Error('expected');
    });
    const socket = new Duplex({
      read() {},
      write(chunk, encoding, done) {
        done();
      },
    });
    server.emit('connection', socket);
    const seen = [];
    await new Promise((resolve) =>
      setImmediate(() => {
        storage.run('run', () => {
          try {
            socket.push('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
          } catch ({ message }) {
            seen.push(message);
          }
          storage.enterWith('later');
          seen.push(storage.getStore());
        });
        seen.push(storage.getStore());
        resolve();
      }),
    );
    return seen;
  });
  assert.deepEqual(seen, ['expected', 'later', null]);
});
