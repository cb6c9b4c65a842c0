'use strict';

// Properties of a bound function that programs for the running version of Node may read.

const assert = require('node:assert/strict');
const test = require('node:test');
const { runScript } = require('../helpers/script.js');

const program = `
  const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
  const resource = new AsyncResource('EXAMPLE');
  const isResource = ({ asyncResource }) =>
    asyncResource === undefined ? 'none' : asyncResource instanceof AsyncResource;
  const bound = [resource.bind(() => {}), resource.bind(() => {}, null)];
  console.log(JSON.stringify([
    bound.map(({ asyncResource }) => asyncResource === resource),
    [AsyncResource.bind(() => {}), AsyncLocalStorage.bind(() => {})].map(isResource),
    Object.keys(bound[0]),
  ]));
`;

async function run(args) {
  const { code, stdout, stderr } = await runScript(program, { args });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('bound functions have an asyncResource under register where those of Node have one', async () => {
  const quiet = '--no-deprecation';
  assert.deepEqual(await run([quiet, '--require', './register.js']), await run([quiet]));
});
