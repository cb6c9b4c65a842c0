'use strict';

// Built-in functions that a program has replaced: tasks work, and none of the replacements gets the
// memory that Rust writes into. The test replaces every method, static method and accessor that
// reflection finds.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

async function program({ early, echo }) {
  const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Reflect;
  const REGION = 256 * 1024;
  const sizeOf = getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get;
  const isView = ArrayBuffer.isView;
  const ofBytes = getPrototypeOf(Uint8Array.prototype);
  const bufferOfBytes = getOwnPropertyDescriptor(ofBytes, 'buffer').get;
  const bufferOfView = getOwnPropertyDescriptor(DataView.prototype, 'buffer').get;
  const { isDataView, isArrayBuffer } = require('node:util').types;
  const reached = new Set();
  let calls = 0;
  let watching = false;

  function isRegion(value) {
    if (typeof value !== 'object' || value === null) return false;
    let buffer = value;
    if (isView(value)) buffer = apply(isDataView(value) ? bufferOfView : bufferOfBytes, value, []);
    else if (!isArrayBuffer(value)) return false;
    const size = apply(sizeOf, buffer, []);
    return size >= REGION && size < REGION + 100;
  }

  function wrap(name, original) {
    return function (...args) {
      if (watching) {
        calls++;
        if (isRegion(this)) reached.add(name);
        for (let i = 0; i < args.length; i++) if (isRegion(args[i])) reached.add(name);
      }
      return new.target === undefined
        ? apply(original, this, args)
        : Reflect.construct(original, args, new.target);
    };
  }

  function replaceAll() {
    const holders = {
      ArrayBuffer,
      DataView,
      BigInt,
      Date,
      Error,
      Function,
      JSON,
      Map,
      Math,
      Number,
      Object,
      Reflect,
      RegExp,
      Set,
      String,
      WeakMap,
      WeakSet,
      Array,
      Buffer,
      TextDecoder,
      TextEncoder,
      Uint8Array,
      TypedArray: getPrototypeOf(Uint8Array),
    };
    for (const [title, holder] of Object.entries(holders)) {
      for (const object of [holder, holder.prototype]) {
        if (object === undefined) continue;
        for (const key of ownKeys(object)) {
          if (key === 'constructor' || key === 'prototype') continue;
          const descriptor = getOwnPropertyDescriptor(object, key);
          if (!descriptor.configurable) continue;
          const name = `${title}.${String(key)}`;
          for (const part of ['value', 'get']) {
            const original = descriptor[part];
            if (typeof original === 'function') descriptor[part] = wrap(name, original);
          }
          defineProperty(object, key, descriptor);
        }
      }
    }
    // Like a program that wants to see every new view.
    defineProperty(Uint8Array, Symbol.species, {
      value: class extends Uint8Array {
        constructor(...args) {
          super(...args);
          if (watching && isRegion(args[0])) reached.add('Symbol.species');
        }
      },
    });
  }

  if (early) replaceAll();
  const { WorkerPool } = require('async-hooks-rs');
  if (!early) replaceAll();
  watching = true;
  const results = [];
  const values = [
    { text: 'a string that has to be decoded', n: [1, -5, 1.5, 2 ** 31] },
    ['é'.repeat(50), '漢字'.repeat(50), 12345678901234567890n, new Map([[1, new Set([2])]])],
    new Uint8Array(100_000).fill(7),
    [new Uint8Array(9000), new Float64Array(4)],
    { large: 'x'.repeat(400_000), bytes: new Uint8Array(20_000) },
    Object.assign(new RangeError('m'), { code: 'E' }),
    new Date(5),
    /a/g,
  ];
  for (const processor of [undefined, echo]) {
    const pool = new WorkerPool(1, processor);
    for (let round = 0; round < 20; round++) {
      if (processor === undefined) {
        results.push(await pool.run({ a: 'a'.repeat(50), b: 'b'.repeat(50) }));
        continue;
      }
      // Together, so that they share a batch.
      const copies = await Promise.all(values.map((value) => pool.run(value)));
      watching = false;
      results.push(require('node:util').isDeepStrictEqual(copies, values));
      watching = true;
    }
    await pool.close();
  }
  watching = false;
  return { reached: [...reached], called: calls > 0, results: [...new Set(results)] };
}

for (const early of [false, true]) {
  test(`tasks work with functions replaced ${early ? 'before' : 'after'} loading`, async () => {
    const echo = require.resolve('../../fixtures/pool/function-echo.js');
    assert.deepEqual(await runProgram(program, { data: { early, echo } }), {
      reached: [],
      called: true,
      results: ['a'.repeat(50) + 'b'.repeat(50), true],
    });
  });
}

test('tasks work in a worker whose processor or preload replaces the functions', async () => {
  const result = await runProgram(
    async ({ echo }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(1, echo);
      const values = [{ s: 'x'.repeat(50), n: 1.5 }, 'é'.repeat(60), '漢'.repeat(60), [1, 2]];
      let right = 0;
      for (let i = 0; i < 20; i++) {
        for (const value of values) {
          const { copy, reached } = await pool.run(value);
          if (require('node:util').isDeepStrictEqual(copy, value) && reached.length === 0) right++;
        }
      }
      await pool.close();
      return right;
    },
    { data: { echo: require.resolve('../../fixtures/pool/replaced-built-ins.js') } },
  );
  assert.equal(result, 80);
});
