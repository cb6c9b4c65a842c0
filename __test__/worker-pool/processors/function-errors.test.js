'use strict';

// Errors of function processors: the callback receives the error that the function threw.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('function-errors.js');

/** The error of one task, with `null` as its result; the same for a function that rejects. */
async function errorsOf(kind) {
  return withPool([1, file], async (pool) => {
    const thread = await pool.run({ kind: 'thread' });
    const errors = [];
    for (const how of ['throws', 'rejects', 'rejects later']) {
      const [err, result] = await outcomeOf(pool, { kind, how });
      assert.equal(result, null);
      errors.push(err);
    }
    await assert.rejects(pool.run({ kind, how: 'throws' }), (reason) => {
      errors.push(reason);
      return true;
    });
    assert.equal(await pool.run({ kind: 'thread' }), thread, 'the worker lives on');
    assert.deepEqual([pool.completed, pool.failed], [2, 4]);
    return errors;
  });
}

for (const Class of [
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
]) {
  test(`${Class.name} arrives with class, message and the stack of the worker`, async () => {
    for (const error of await errorsOf(Class.name)) {
      assert.equal(Object.getPrototypeOf(error), Class.prototype);
      assert.equal(error.message, `a ${Class.name}`);
      assert.equal(error.name, Class.name);
      assert.match(error.stack, new RegExp(`^${Class.name}: a ${Class.name}\n`));
      assert.match(error.stack, /at fail .*function-errors\.js:\d+:\d+/);
      assert.equal('cause' in error, false);
      assert.deepEqual(Object.keys(error), []);
    }
  });
}

test('own properties and code arrive', async () => {
  for (const error of await errorsOf('properties')) {
    assert.equal(error.code, 'E_OWN');
    assert.deepStrictEqual(
      { ...error },
      {
        code: 'E_OWN',
        errno: -7,
        list: [1, { two: 2 }],
        when: new Date(0),
        nested: new Map([[1, 2]]),
      },
    );
  }
});

test('a chain of causes arrives', async () => {
  for (const error of await errorsOf('causes')) {
    assert.equal(error.message, 'outer');
    assert.ok(error.cause instanceof TypeError);
    assert.equal(error.cause.message, 'middle');
    assert.ok(error.cause.cause instanceof RangeError);
    assert.equal(error.cause.cause.code, 'E_INNER');
    assert.match(error.cause.cause.stack, /function-errors\.js/);
    assert.equal(error.cause.cause.cause, 'a string');
  }
});

test('a cause that is the error itself arrives', async () => {
  for (const error of await errorsOf('cyclic')) {
    assert.equal(error.message, 'cyclic');
    assert.equal(error.cause, error);
    assert.equal(error.self, error);
  }
});

test('a cause of undefined is a cause', async () => {
  for (const error of await errorsOf('undefined cause')) {
    assert.ok('cause' in error);
    assert.equal(error.cause, undefined);
  }
});

test('an AggregateError arrives with its errors', async () => {
  for (const error of await errorsOf('AggregateError')) {
    assert.ok(error instanceof AggregateError);
    assert.equal(error.message, 'all of them');
    assert.equal(error.errors.length, 3);
    assert.ok(error.errors[0] instanceof TypeError);
    assert.equal(error.errors[0].message, 'first');
    assert.equal(error.errors[1].code, 'E_SECOND');
    assert.equal(error.errors[2], 'third');
  }
});

test('errors of Node keep their code', async () => {
  for (const error of await errorsOf('ENOENT')) {
    assert.ok(error instanceof Error);
    assert.equal(error.code, 'ENOENT');
    assert.equal(error.syscall, 'open');
    assert.match(error.message, /^ENOENT: no such file/);
  }
  for (const error of await errorsOf('ERR_INVALID_ARG_TYPE')) {
    assert.ok(error instanceof TypeError);
    assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
  }
});

test('an error of a custom class is an Error with its message and properties', async () => {
  for (const error of await errorsOf('own class')) {
    assert.ok(error instanceof Error);
    assert.equal(error.message, 'of its own');
    assert.equal(error.field, 'value');
    assert.equal(error.name, 'ValidationError');
    assert.match(error.stack, /function-errors\.js/);
  }
});

test('a subclass of a built-in class arrives as that class', async () => {
  for (const error of await errorsOf('subclass')) {
    assert.ok(error instanceof TypeError);
    assert.equal(error.message, 'of a subclass');
    assert.equal(error.extra, 1);
  }
});

for (const [kind, expected] of Object.entries({
  'a string': 'thrown',
  'a number': 5,
  'an object': { code: 'E_PLAIN', list: [1] },
  'zero': 0,
})) {
  test(`a thrown value that is not an error arrives unchanged: ${kind}`, async () => {
    for (const error of await errorsOf(kind)) assert.deepStrictEqual(error, expected);
  });
}

test('many failing tasks among others each have their own outcome', async () => {
  await withPool([2, file], async (pool) => {
    const tasks = Array.from({ length: 500 }, (_, id) =>
      id % 3 === 0 ? { kind: 'numbered', how: 'rejects', id } : { kind: 'value', id },
    );
    const outcomes = await Promise.all(tasks.map((task) => outcomeOf(pool, task)));
    for (const [id, [err, result]] of outcomes.entries()) {
      if (id % 3 === 0) assert.deepEqual([err.message, err.id, result], [`number ${id}`, id, null]);
      else assert.deepEqual([err, result], [null, id]);
    }
    assert.deepEqual([pool.completed, pool.failed], [333, 167]);
  });
});
