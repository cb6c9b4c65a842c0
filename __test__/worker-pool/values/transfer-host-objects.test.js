'use strict';

// Host objects that a port can carry: in a task and in its result.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const { BlockList } = require('node:net');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');

const test = poolSuite();

// (module (func (export "answer") (result i32) i32.const 42))
const wasm = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 10, 1, 6, 97, 110, 115, 119,
  101, 114, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11,
]);

for (const [kind, processor] of [
  ['function', fixture('function-echo.js')],
  ['documentation', fixture('docs-echo.js')],
]) {
  test(`${kind}: a Blob arrives`, async () => {
    await withPool([1, processor], async (pool) => {
      const { blob, n } = await pool.run({ blob: new Blob(['text'], { type: 'a/b' }), n: 1 });
      assert.ok(blob instanceof Blob);
      assert.deepEqual([await blob.text(), blob.type, n], ['text', 'a/b', 1]);
    });
  });

  test(`${kind}: a KeyObject arrives`, async () => {
    await withPool([1, processor], async (pool) => {
      const key = crypto.createSecretKey(Buffer.from('secret'));
      assert.ok(key.equals(await pool.run(key)));
    });
  });

  test(`${kind}: a WebAssembly.Module arrives`, async () => {
    await withPool([1, processor], async (pool) => {
      const [module] = await pool.run([new WebAssembly.Module(wasm)]);
      assert.equal(new WebAssembly.Instance(module).exports.answer(), 42);
    });
  });

  test(`${kind}: a BlockList arrives`, async () => {
    await withPool([1, processor], async (pool) => {
      const list = new BlockList();
      list.addAddress('10.0.0.1');
      const received = await pool.run({ list });
      assert.ok(received.list.check('10.0.0.1'));
    });
  });

  test(`${kind}: many host objects arrive among plain tasks`, async () => {
    await withPool([2, processor], async (pool) => {
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          outcomeOf(pool, i % 2 === 0 ? { i } : { i, blob: new Blob([`${i}`]) }),
        ),
      );
      for (const [i, [err, result]] of outcomes.entries()) {
        assert.equal(err, null);
        assert.equal(result.i, i);
        if (i % 2 === 1) assert.equal(await result.blob.text(), `${i}`);
      }
    });
  });
}

test('a FileHandle is transferred', async () => {
  await withPool([1, fixture('function-file-handle.js')], async (pool) => {
    const handle = await fs.promises.open(__filename);
    const length = await pool.run({ handle }, { transferList: [handle] });
    assert.equal(length, fs.statSync(__filename).size);
    assert.equal(handle.fd, -1);
  });
});

test('streams are transferred', async () => {
  await withPool([1, fixture('function-stream.js')], async (pool) => {
    const readable = new ReadableStream({
      start(controller) {
        for (const text of ['a', 'b', 'c']) controller.enqueue(text);
        controller.close();
      },
    });
    assert.equal(await pool.run({ readable }, { transferList: [readable] }), 'abc');
  });
});
