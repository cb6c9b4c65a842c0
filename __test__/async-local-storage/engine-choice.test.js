'use strict';

// engine(), and the environment variable that forces an engine.

const test = require('node:test');
const assert = require('node:assert/strict');
const { engine } = require('../../index.js');
const { runProgram } = require('../helpers/printing-program.js');
const { runtime } = require('../helpers/runtimes.js');
const { runScript } = require('../helpers/script.js');

const ENGINES = ['frame', 'slot-hooks', 'hooks', 'deno', 'builtin'];
// The engines for this host, best first.
const CANDIDATES = {
  node: ['frame', 'slot-hooks', 'hooks', 'builtin'],
  bun: ['builtin'],
  deno: ['deno', 'builtin'],
}[runtime];
const VARIABLE = 'ASYNC_HOOKS_RS_ENGINE';

test('engine() has the documented shape', () => {
  const { name, reason, slot, refused, native, ...rest } = engine();
  assert.deepEqual(rest, {});
  assert.ok(CANDIDATES.includes(name));
  assert.ok(typeof reason === 'string' && reason !== '');
  assert.ok(slot === undefined || ['v8-extras', 'node-frame-class', 'deno-core'].includes(slot));
  for (const [refusedName, why] of Object.entries(refused)) {
    assert.ok(CANDIDATES.includes(refusedName) && refusedName !== name);
    assert.ok(typeof why === 'string' && why !== '');
  }
  assert.deepEqual(Object.keys(native), ['loaded', 'code', 'reason']);
  assert.equal(typeof native.loaded, 'boolean');
  assert.equal(typeof native.reason, native.loaded ? 'undefined' : 'string');
});

test('engine() returns a new, private object each time', () => {
  const first = engine();
  first.name = 'changed';
  first.refused.changed = 'changed';
  first.native.loaded = 'changed';
  const second = engine();
  assert.notEqual(second.name, 'changed');
  assert.equal('changed' in second.refused, false);
  assert.equal(typeof second.native.loaded, 'boolean');
});

test('without force, the best engine that runs is chosen and better ones are refused', async () => {
  const { name, refused } = await runProgram("print(require('async-hooks-rs').engine());", {
    env: { [VARIABLE]: '' },
  });
  assert.deepEqual(Object.keys(refused), CANDIDATES.slice(0, CANDIDATES.indexOf(name)));
});

for (const name of CANDIDATES.slice(-2)) {
  test(`an engine that always runs can be forced: ${name}`, async () => {
    assert.deepEqual(
      await runProgram(
        `
      const { name, reason, refused } = require('async-hooks-rs').engine();
      const storage = new AsyncLocalStorage();
      storage.run(1, async () => {
        await null;
        print({ name, reason, refused, store: storage.getStore() });
      });
    `,
        { env: { [VARIABLE]: name } },
      ),
      { name, reason: `forced by ${VARIABLE}`, refused: {}, store: 1 },
    );
  });
}

const LOAD = `
  try {
    require('async-hooks-rs');
    console.log(JSON.stringify('loaded'));
  } catch (error) {
    console.log(JSON.stringify([error.name, error.code, error.message,
      error.stack.split('\\n')[0]]));
  }
`;

async function load(name, args = []) {
  const { code, stdout, stderr } = await runScript(LOAD, { args, env: { [VARIABLE]: name } });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

for (const name of ['nope', 'Frame', 'toString', '__proto__', ' ']) {
  test(`forcing an unknown engine throws: '${name}'`, async () => {
    const code = 'ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN';
    const message =
      `The environment variable ${VARIABLE} must be one of ` +
      `${ENGINES.join(', ')}. Received '${name}'`;
    assert.deepEqual(await load(name), [
      'RangeError',
      code,
      message,
      `RangeError [${code}]: ${message}`,
    ]);
  });
}

// Without the addon there are no accessors for the slot, so this engine cannot run.
test('forcing an engine that cannot run throws', async () => {
  const why =
    runtime === 'node'
      ? 'V8 gives no access to its continuation slot'
      : 'it relies on how another host works inside';
  const code = 'ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE';
  const expected =
    `The environment variable ${VARIABLE} asks for the engine 'slot-hooks', ` +
    `which cannot run here: ${why}`;
  // What follows is Node's own reason, where the addon would have found the slot.
  const [name, given, message, text] = await load('slot-hooks', ['--no-addons']);
  assert.deepEqual([name, given], ['Error', code]);
  assert.ok(message.startsWith(expected), message);
  assert.equal(text, `Error [${code}]: ${message}`);
});

test('engine() gives the reason why the addon is missing', async () => {
  const { name, native } = await runProgram("print(require('async-hooks-rs').engine());", {
    args: ['--no-addons'],
    env: { [VARIABLE]: '' },
  });
  assert.ok(CANDIDATES.includes(name));
  assert.equal(native.loaded, false);
  assert.ok(typeof native.reason === 'string' && native.reason !== '');
});

// Objects that replace Deno's core, and the reason why each cannot be used.
const OTHER_CORES = {
  'none': ['undefined', "V8's continuation slot cannot be reached"],
  'one that may not be read': [
    '{ get core() { throw new Error("no access"); } }',
    "Deno's core threw: no access",
  ],
  'accessors that throw': [
    '{ core: { ...core, getAsyncContext() { throw new Error("no context"); } } }',
    'the self-test threw: no context',
  ],
  'contexts that cannot be written to': [
    '{ core: { ...core, getAsyncContext: () => Object.freeze(core.getAsyncContext()) } }',
    /^the self-test threw: ./,
  ],
  'Maps as contexts': [
    `{ core: {
      getAsyncContext() {
        const context = core.getAsyncContext();
        return Object.getPrototypeOf(context ?? []) ? context : new Map(Object.entries(context));
      },
      setAsyncContext(context) {
        core.setAsyncContext(context instanceof Map ? Object.fromEntries(context) : context);
      },
    } }`,
    'the host does not carry the slot',
  ],
};
// A class of Deno that copies less of a context than the real one.
const COPIES_STRINGS = `
  let count = 0;
  asyncHooks.AsyncLocalStorage = class {
    #number = \`\${++count}\`;

    enterWith(store) {
      const context = {};
      for (const [key, entry] of Object.entries(core.getAsyncContext() ?? {})) context[key] = entry;
      core.setAsyncContext({ ...context, [this.#number]: store });
    }

    run(store, callback) {
      const before = core.getAsyncContext();
      this.enterWith(store);
      try {
        return callback();
      } finally {
        core.setAsyncContext(before);
      }
    }

    getStore() {
      return core.getAsyncContext()?.[this.#number];
    }
  };
`;

if (runtime === 'deno') {
  const insideOfRun = async (prelude) => {
    const { code, stdout, stderr } = await runScript(`
      const { core } = Deno[Deno.internal];
      const asyncHooks = require('node:async_hooks');
      ${prelude}
      const host = new asyncHooks.AsyncLocalStorage();
      host.run('theirs', async () => {
        const { AsyncLocalStorage, engine } = require('async-hooks-rs');
        const { name, refused } = engine();
        const storage = new AsyncLocalStorage();
        const stores = () => [host.getStore(), storage.getStore() ?? 'none'];
        const loaded = stores();
        const inside = await storage.run('ours', async () => {
          await null;
          return stores();
        });
        console.log(JSON.stringify({ name, refused, stores: [loaded, inside, stores()] }));
      });
    `);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  const assertRefused = ({ name, refused, stores }, reason) => {
    assert.equal(name, 'builtin');
    if (typeof reason === 'string') assert.equal(refused.deno, reason);
    else assert.match(refused.deno, reason);
    assert.deepEqual(stores, [
      ['theirs', 'none'],
      ['theirs', 'ours'],
      ['theirs', 'none'],
    ]);
  };

  for (const [title, [internal, reason]] of Object.entries(OTHER_CORES)) {
    test(`Deno with another core, ${title}: the engine is the built-in class, with a reason`, async () => {
      assertRefused(
        await insideOfRun(`
          Object.defineProperty(globalThis, 'Deno', {
            value: Object.create(Deno, {
              internal: { value: 'replaced' }, replaced: { value: ${internal} },
            }),
          });
        `),
        reason,
      );
    });
  }

  test('a Deno class that loses our frame when it copies makes the engine builtin', async () => {
    assertRefused(await insideOfRun(COPIES_STRINGS), "the host's frames do not keep ours");
  });
}

// Node refuses an empty type exactly while an init hook is enabled.
const EMPTY_TYPE = `
  try {
    new (require('node:async_hooks').AsyncResource)('');
    print('no hook');
  } catch ({ code }) {
    print(code);
  }
`;

test('loading the package enables no hook', async () => {
  assert.equal(await runProgram(EMPTY_TYPE), 'no hook');
});

test('an unused storage enables no hook', async () => {
  assert.equal(
    await runProgram(`
    const storage = new AsyncLocalStorage({ defaultValue: 1 });
    storage.getStore();
    storage.disable();
    ${EMPTY_TYPE}
  `),
    'no hook',
  );
});

test('a snapshot of nothing enables no hook when it is called', async () => {
  assert.equal(
    await runProgram(`
    AsyncLocalStorage.snapshot()(() => {});
    ${EMPTY_TYPE}
  `),
    'no hook',
  );
});
