'use strict';

// The table of what the finder sees is that which `npm run test:trace-ecosystem` checks.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { table } = require('../ecosystem/trace/rows.js');

test('docs/compatibility.md has the rows that are checked under the finder', () => {
  const page = path.resolve(__dirname, '../../docs/compatibility.md');
  assert.ok(fs.readFileSync(page, 'utf8').replaceAll('\r\n', '\n').includes(table()), table());
});
