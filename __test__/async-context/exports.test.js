'use strict';

// How `async-hooks-rs/async-context` is reached, and the usage of other implementations.

const test = require('node:test');
const assert = require('node:assert/strict');
const { runScript } = require('../helpers/script.js');

/** What a program prints, an ES module or not. */
async function printed(source, module) {
  const args = module ? ['--input-type=module'] : [];
  const { code, signal, stdout, stderr } = await runScript(source, { args });
  assert.deepEqual([code, signal, stderr], [0, null, '']);
  return stdout.trim().split('\n');
}

test('require() by the name of the package is this module', () => {
  assert.equal(require('async-hooks-rs/async-context'), require('../../async-context.js'));
});

test('import by name, as a namespace and as the default', async () => {
  assert.deepEqual(await printed(`
    import Whole, { AsyncContext, Variable, Snapshot } from 'async-hooks-rs/async-context';
    import * as namespace from 'async-hooks-rs/async-context';
    import { createRequire } from 'node:module';
    const required = createRequire(import.meta.url)('async-hooks-rs/async-context');
    const names = Object.keys(namespace)
      .filter((name) => !['default', 'module.exports'].includes(name));
    console.log(names.join());
    console.log(Whole === required && AsyncContext === required.AsyncContext &&
      Variable === AsyncContext.Variable && Variable === Whole.Variable &&
      Snapshot === AsyncContext.Snapshot && Snapshot === Whole.Snapshot);
  `, true), ['AsyncContext,Snapshot,Variable', 'true']);
});

test('loading it enters nothing and installs nothing', async () => {
  assert.deepEqual(await printed(`
    const { AsyncResource, createHook, executionAsyncId } = require('node:async_hooks');
    const { Variable, Snapshot } = require('async-hooks-rs/async-context');
    new Variable().get();
    new Snapshot().run(() => {});
    // Node tracks promises, or has a hook, and then an empty type is refused.
    new AsyncResource('');
    Promise.resolve().then(() => console.log(executionAsyncId()));
  `), ['0']);
});

// The usage that the README of another implementation shows, with its import of the default.
const usage = `
  const message = new AsyncContext.Variable({ defaultValue: 'Hello' });

  message.run('Hi', async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(message.get());
  });
  message.run('Hey', () => {
    setTimeout(() => console.log(message.get()), 1);
  });
  console.log(message.get());
`;

for (const [title, head, module] of [
  ['import of the default', `import AsyncContext from 'async-hooks-rs/async-context';`, true],
  ['import by name', `import { AsyncContext } from 'async-hooks-rs/async-context';`, true],
  ['require()', `const AsyncContext = require('async-hooks-rs/async-context');`, false],
  ['require() by name', `const { AsyncContext } = require('async-hooks-rs/async-context');`, false],
]) {
  test(`usage with the namespace object: ${title}`, async () => {
    // Which of the two timers comes first depends on how busy the machine is.
    assert.deepEqual((await printed(`${head}\n${usage}`, module)).sort(), ['Hello', 'Hey', 'Hi']);
  });
}
