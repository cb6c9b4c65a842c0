'use strict';

// Both sides of the addon have the same numbers.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { WORDS, how, kinds } = require('../../../lib/trace/event-kinds.js');

const root = path.resolve(__dirname, '..', '..', '..');
const source = fs.readFileSync(path.join(root, 'crates/trace/src/events/kinds.rs'), 'utf8');

/** The constants of a type, by name. */
function constants(text, type) {
  const found = text.matchAll(new RegExp(`const (\\w+): ${type} = (\\d+);`, 'g'));
  return Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]));
}

test('the kinds of events are the same', () => {
  const [outer, inner] = source.split('mod how {');
  assert.deepEqual(constants(outer, 'u32'), { ...kinds });
  const { EXIT } = how;
  assert.deepEqual(constants(inner, 'u32'), { EXIT });
});

test('events have as many words', () => {
  assert.deepEqual(constants(source, 'usize'), { WORDS });
});
