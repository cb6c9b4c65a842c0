'use strict';

// Programs written for Node may call emitDestroy() twice: under `register` they get one warning.

const assert = require('node:assert/strict');
const test = require('node:test');
const { FLAGS, replaces, runRegistered } = require('../helpers/register.js');

const TWICE = `
  process.on('warning', ({ name, code, message }) => print({ name, code, message }));
  const twice = () => {
    const resource = new asyncHooks.AsyncResource('TEST');
    assert.equal(resource.emitDestroy(), resource);
    assert.equal(resource.emitDestroy(), resource);
    return resource;
  };`;

for (const flag of FLAGS) {
  test(`${flag}: a second emitDestroy() warns once, with a code`, async () => {
    const { printed, stderr } = await runRegistered(`${TWICE} twice().emitDestroy(); twice();`, {
      flag,
    });
    assert.equal(printed.length, replaces ? 1 : 0);
    if (!replaces) return;
    const [{ name, code, message }] = printed;
    assert.equal(name, 'Warning');
    assert.equal(code, 'ERR_ASYNC_RESOURCE_DESTROYED');
    assert.match(message, /^emitDestroy\(\) must be called only once; .* async id \d+ /);
    assert.equal(stderr.match(/\[ERR_ASYNC_RESOURCE_DESTROYED\] Warning: /g).length, 1);
  });
}

test('emitDestroy() twice emits destroy once', { skip: !replaces }, async () => {
  const { printed } = await runRegistered(`${TWICE}
    process.removeAllListeners('warning');
    const destroyed = [];
    asyncHooks.createHook({ destroy: (id) => destroyed.push(id) }).enable();
    const id = twice().asyncId();
    setImmediate(() => setImmediate(() => {
      print(destroyed.filter((each) => each === id).length);
    }));`);
  assert.deepEqual(printed, [1]);
});

test('emitDestroy() twice throws again after unregister()', { skip: !replaces }, async () => {
  const { printed } = await runRegistered(`
    const { AsyncResource } = asyncHooks;
    require('async-hooks-rs/register').unregister();
    const resource = new AsyncResource('TEST').emitDestroy();
    try {
      resource.emitDestroy();
    } catch ({ code }) {
      print(code);
    }`);
  assert.deepEqual(printed, ['ERR_ASYNC_RESOURCE_DESTROYED']);
});
