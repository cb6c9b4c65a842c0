'use strict';

// Binary data of all sizes: the received data is equal, is a copy, and belongs to its receiver.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');

const test = poolSuite();

const processors = {
  function: fixture('function-echo.js'),
  documentation: fixture('docs-echo.js'),
};

// Around the sizes at which a transport may change its way: page, slab, inline, attached.
const sizes = [
  0, 1, 10, 63, 64, 100, 1023, 1024, 4095, 4096, 8192, 16_383, 16_384, 32_768, 65_535, 65_536,
  65_537, 262_144, 1_048_576, 1_048_577, 10_000_000,
];

/** Bytes that differ from one place and one `seed` to the next. */
function pattern(size, seed = 1) {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + seed) & 255;
  return bytes;
}

for (const [kind, processor] of Object.entries(processors)) {
  test(`${kind}: a Uint8Array of every size arrives`, async () => {
    await withPool([2, processor], async (pool) => {
      const results = await Promise.all(sizes.map((size) => pool.run(pattern(size))));
      for (const [i, size] of sizes.entries()) {
        assert.deepStrictEqual(results[i], pattern(size), `${size} bytes`);
      }
    });
  });

  test(`${kind}: a Buffer arrives as a Uint8Array, as with structuredClone()`, async () => {
    await withPool([1, processor], async (pool) => {
      for (const size of [10, 1000, 100_000]) {
        const result = await pool.run(Buffer.from(pattern(size)));
        assert.equal(Object.getPrototypeOf(result), Uint8Array.prototype);
        assert.deepStrictEqual(result, pattern(size));
      }
    });
  });

  test(`${kind}: an ArrayBuffer, and views of every kind over large ones, arrive`, async () => {
    await withPool([1, processor], async (pool) => {
      for (const size of [0, 8, 800, 80_000, 800_000]) {
        const { buffer } = pattern(size);
        assert.deepStrictEqual(await pool.run(buffer), buffer);
        for (const View of [
          Int8Array,
          Uint8ClampedArray,
          Int16Array,
          Uint16Array,
          Int32Array,
          Uint32Array,
          Float32Array,
          Float64Array,
          BigInt64Array,
          BigUint64Array,
          DataView,
        ]) {
          const view = new View(buffer);
          const result = await pool.run({ view });
          assert.equal(Object.getPrototypeOf(result.view), View.prototype);
          assert.ok(
            Buffer.from(result.view.buffer, result.view.byteOffset, result.view.byteLength).equals(
              Buffer.from(buffer),
            ),
            `${View.name} of ${size}`,
          );
        }
      }
    });
  });

  test(`${kind}: part of a buffer arrives alone`, async () => {
    await withPool([1, processor], async (pool) => {
      const whole = pattern(300_000);
      for (const [from, to] of [
        [1, 5],
        [3, 100_000],
        [7, 200_001],
        [299_999, 300_000],
      ]) {
        const part = whole.subarray(from, to);
        const { bytes, after } = await pool.run({ bytes: part, after: 'after' });
        assert.deepStrictEqual(bytes, whole.slice(from, to));
        assert.equal(after, 'after');
      }
    });
  });

  test(`${kind}: many buffers in one task arrive, small and large`, async () => {
    await withPool([2, processor], async (pool) => {
      const list = sizes.map((size) => pattern(size));
      const task = { list, nested: { large: pattern(200_000) } };
      const expected = structuredClone(task);
      const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(pool, task)));
      for (const outcome of outcomes) assert.deepStrictEqual(outcome, [null, expected]);
    });
  });

  test(`${kind}: the result is a private copy, and may be changed`, async () => {
    await withPool([1, processor], async (pool) => {
      for (const size of [10, 100_000]) {
        const sent = pattern(size);
        const first = await pool.run(sent);
        const second = await pool.run(sent);
        first.fill(0);
        assert.deepStrictEqual(sent, pattern(size));
        assert.deepStrictEqual(second, pattern(size));
        second[0] = 99;
        // A received buffer can be sent on, cloned or transferred.
        assert.equal((await pool.run(second))[0], 99);
        assert.equal(structuredClone(second)[0], 99);
        const third = await pool.run(second, { transferList: [second.buffer] });
        assert.deepEqual([third[0], third.length], [99, size]);
      }
    });
  });

  test(`${kind}: a change in the tick of the submission is not sent`, async () => {
    await withPool([1, processor], async (pool) => {
      const outcomes = sizes.map((size) => {
        const bytes = pattern(size);
        const outcome = pool.run({ bytes });
        bytes.fill(255);
        return outcome;
      });
      for (const [i, { bytes }] of (await Promise.all(outcomes)).entries()) {
        assert.deepStrictEqual(bytes, pattern(sizes[i]));
      }
    });
  });

  test(`${kind}: 2,000 outstanding buffers arrive`, async () => {
    await withPool([2, processor], async (pool) => {
      const results = await Promise.all(
        Array.from({ length: 2000 }, (_, i) => pool.run(pattern(i % 10 === 0 ? 70_000 : i, i))),
      );
      for (const [i, bytes] of results.entries()) {
        assert.deepStrictEqual(bytes, pattern(i % 10 === 0 ? 70_000 : i, i), `number ${i}`);
      }
    });
  });
}

test('a processor may create, keep and change buffers', async () => {
  await withPool([1, fixture('buffers-keep.js')], async (pool) => {
    for (const size of [10, 100_000]) {
      const first = await pool.run({ size, fill: 1 });
      // It changes the same buffer that it returned before.
      const second = await pool.run({ size, fill: 2 });
      assert.ok(first.every((byte) => byte === 1));
      assert.ok(second.every((byte) => byte === 2));
      assert.deepEqual([first.length, second.length], [size, size]);
    }
  });
});

test('a worker owns the buffers of its task', async () => {
  await withPool([1, fixture('buffers-own.js')], async (pool) => {
    for (const size of [10, 100_000]) {
      const sent = pattern(size);
      const seen = await pool.run(sent);
      const sum = pattern(size).reduce((total, byte) => total + byte, 0);
      assert.deepEqual(seen, { sum, changed: 0, moved: size, left: 0 });
      assert.deepStrictEqual(sent, pattern(size));
    }
  });
});

test('memory of large buffers is given back', async () => {
  const { collectWithOthers } = require('../../helpers/gc.js');
  await withPool([1, processors.function], async (pool) => {
    const external = () => process.memoryUsage().external;
    const before = external();
    for (let i = 0; i < 60; i++) {
      const result = await pool.run(new Uint8Array(4 << 20).fill(i));
      assert.equal(result[1000], i);
    }
    const limit = before + (24 << 20); // of 480 MB that went through
    assert.ok(
      await collectWithOthers(() => external() < limit),
      `${external() - before} bytes more`,
    );
  });
});
