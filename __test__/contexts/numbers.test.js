'use strict';

// The numbers of contexts: none stands for two of them, and none comes again soon.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { ContextNumbers } = require('../../lib/pool/tasks/context-numbers.js');

const LAST = 20;

test('a number is not given twice while it is in use', () => {
  const numbers = new ContextNumbers(LAST);
  const kept = [numbers.take(), numbers.take()];
  for (let i = 0; i < 3 * LAST; i++) {
    const number = numbers.take();
    assert.ok(!kept.includes(number) && number >= 1 && number <= LAST, String(number));
    numbers.free(number);
  }
});

test('between two uses of a number are as many others as half of all', () => {
  for (let held = 0; held < 2 * LAST; held++) {
    const numbers = new ContextNumbers(LAST);
    const number = numbers.take();
    for (let i = 0; i < held; i++) numbers.free(numbers.take());
    numbers.free(number);
    let others = 0;
    for (let next = numbers.take(); next !== number; next = numbers.take()) {
      numbers.free(next);
      others++;
    }
    assert.ok(others >= LAST / 2 - 1 && others < 2 * LAST, `${others} others, held for ${held}`);
  }
});
