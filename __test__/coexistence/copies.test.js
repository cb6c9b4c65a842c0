'use strict';

// Several copies of the package in one process: a second installed version, a cleared cache of
// require(), an evaluation in another realm as test runners do it. All copies share one engine.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { copyPackage } = require('../helpers/package-copy.js');
const { runProgram } = require('../helpers/program.js');

const root = path.resolve(__dirname, '..', '..');
let directory;
let data;

function install(name, chosen) {
  const target = path.join(directory, name);
  copyPackage(target, chosen);
  return target;
}

before(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  const script = (file) => file === 'index.js' || file === 'package.json';
  data = {
    root,
    copy: install('complete', (file) => script(file) || file.endsWith('.node')),
    // As on another platform.
    withoutAddon: install('without-addon', script),
  };
});

after(() => fs.rmSync(directory, { recursive: true, force: true }));

/** Runs `body(first, second, Builtin)` with two copies that `load` creates. */
function withCopies(load, body) {
  return runProgram(
    `(paths) => {
    const { first, second } = (${load})(paths);
    if (first.AsyncLocalStorage === second.AsyncLocalStorage) throw new Error('not two copies');
    return (${body})(first, second, require('node:async_hooks').AsyncLocalStorage);
  }`,
    { data },
  );
}

const loaders = {
  'a second installation': ({ copy: other }) => ({
    first: require('async-hooks-rs'),
    second: require(other),
  }),
  'a second installation, loaded first': ({ copy: other }) => {
    const first = require(other);
    return { first, second: require('async-hooks-rs') };
  },
  'a second installation, loaded when the first is in use': ({ copy: other }) => {
    const first = require('async-hooks-rs');
    new first.AsyncLocalStorage().run(1, () => {});
    return { first, second: require(other) };
  },
  'a second installation without the addon': ({ withoutAddon }) => ({
    first: require('async-hooks-rs'),
    second: require(withoutAddon),
  }),
  'a second evaluation': () => {
    const first = require('async-hooks-rs');
    // The addon's file stays: Node maps a native module once.
    for (const file of Object.keys(require.cache)) {
      if (!file.endsWith('.node')) delete require.cache[file];
    }
    return { first, second: require('async-hooks-rs') };
  },
  'an evaluation in another realm': ({ root: folder }) => {
    const { readFileSync } = require('node:fs');
    const { dirname, join, resolve } = require('node:path');
    const vm = require('node:vm');
    const realm = vm.createContext({ process, console, setTimeout });
    const cache = new Map();
    const evaluate = (file) => {
      if (cache.has(file)) return cache.get(file).exports;
      const module = { exports: {} };
      cache.set(file, module);
      const wrapped = `(function(require, module, exports, __dirname) {${readFileSync(file)}\n})`;
      const load = (id) =>
        id.startsWith('.') ? evaluate(require.resolve(resolve(dirname(file), id))) : require(id);
      const run = vm.runInContext(wrapped, realm, { filename: file });
      run(load, module, module.exports, dirname(file));
      return module.exports;
    };
    const first = require('async-hooks-rs');
    return { first, second: evaluate(join(folder, 'index.js')) };
  },
};

for (const [title, load] of Object.entries(loaders)) {
  test(`${title}: the copies have the same engine`, async () => {
    const [first, second] = await withCopies(load, (a, b) => [a.engine().name, b.engine().name]);
    assert.equal(first, second);
  });

  test(`${title}: scopes of both and of the built-in class are kept apart`, async () => {
    const found = await withCopies(load, async (first, second, Builtin) => {
      const a = new first.AsyncLocalStorage();
      const b = new second.AsyncLocalStorage();
      const c = new Builtin();
      const stores = [];
      const look = () => stores.push(`${a.getStore()} ${b.getStore()} ${c.getStore()}`);
      const turn = () => new Promise((resolve) => setTimeout(resolve, 1));
      await a.run('a', () =>
        b.run('b', () =>
          a.run('A', async () => {
            look();
            await null;
            look();
            await turn();
            look();
            await c.run('c', async () => {
              look();
              await turn();
              b.enterWith('B');
              await new Promise((resolve) => process.nextTick(resolve));
              look();
            });
            look();
            b.exit(look);
            b.run('b2', () => setImmediate(look));
            await turn();
            await turn();
            look();
          }),
        ),
      );
      look();
      return stores;
    });
    assert.deepEqual(found, [
      'A b undefined',
      'A b undefined',
      'A b undefined',
      'A b c',
      'A B c',
      'A b undefined',
      'A undefined undefined',
      'A b2 undefined',
      'A b undefined',
      'undefined undefined undefined',
    ]);
  });

  test(`${title}: snapshots and resources of one copy carry the other's stores`, async () => {
    const found = await withCopies(load, (first, second) => {
      const a = new first.AsyncLocalStorage();
      const b = new second.AsyncLocalStorage();
      const both = () => `${a.getStore()} ${b.getStore()}`;
      return a.run(1, () =>
        b.run(2, () => {
          const calls = [
            first.AsyncLocalStorage.snapshot(),
            second.AsyncLocalStorage.snapshot(),
            first.AsyncLocalStorage.bind(both),
            second.AsyncLocalStorage.bind(both),
          ];
          const resources = [new first.AsyncResource('TEST'), new second.AsyncResource('TEST')];
          a.disable();
          return a.run(3, () =>
            b.run(4, () => [
              ...calls.map((call) => call(both)),
              ...resources.map((resource) => resource.runInAsyncScope(both)),
              both(),
            ]),
          );
        }),
      );
    });
    assert.deepEqual(found, [...Array(6).fill('undefined 2'), '3 4']);
  });

  test(`${title}: many storages of both are kept apart when the list is compacted`, async () => {
    const wrong = await withCopies(load, async (first, second) => {
      const storages = Array.from(
        { length: 60 },
        (_, i) => new (i % 2 ? first : second).AsyncLocalStorage(),
      );
      const errors = [];
      const enter = async (i) => {
        if (i < storages.length) return storages[i].run(i, () => enter(i + 1));
        await null;
        storages.forEach((storage, j) => {
          if (storage.getStore() !== j) errors.push([j, storage.getStore()]);
        });
      };
      await enter(0);
      storages.forEach((storage, j) => {
        if (storage.getStore() !== undefined) errors.push([j, storage.getStore()]);
      });
      return errors;
    });
    assert.deepEqual(wrong, []);
  });
}
