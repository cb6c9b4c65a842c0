'use strict';

// The ways to import `async-hooks-rs/async-context`, including the usage of other implementations.

const test = require('node:test');
const assert = require('node:assert/strict');
const { runScript } = require('../helpers/script.js');

/** The output of a program, as an ES module or as CommonJS. */
async function printed(source, module) {
  const args = module ? ['--input-type=module'] : [];
  const { code, signal, stdout, stderr } = await runScript(source, { args });
  assert.deepEqual([code, signal, stderr], [0, null, '']);
  return stdout.trim().split('\n');
}

test('require() by the name of the package returns this module', () => {
  assert.equal(require('async-hooks-rs/async-context'), require('../../async-context.js'));
});

test('import by name, as a namespace and as the default', async () => {
  assert.deepEqual(
    await printed(
      `
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
  `,
      true,
    ),
    ['AsyncContext,Snapshot,Variable', 'true'],
  );
});

test('loading the module enters nothing and installs nothing', async () => {
  assert.deepEqual(
    await printed(`
    const { AsyncResource, createHook, executionAsyncId } = require('node:async_hooks');
    const { Variable, Snapshot } = require('async-hooks-rs/async-context');
    new Variable().get();
    new Snapshot().run(() => {});
    // Node tracks promises, or has a hook, and then an empty type is refused.
    new AsyncResource('');
    Promise.resolve().then(() => console.log(executionAsyncId()));
  `),
    ['0'],
  );
});

// The usage in the README of another implementation, with its import of the default.
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
    // The order of the two timers depends on the load of the machine.
    assert.deepEqual((await printed(`${head}\n${usage}`, module)).sort(), ['Hello', 'Hey', 'Hi']);
  });
}
