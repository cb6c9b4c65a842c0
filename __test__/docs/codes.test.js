'use strict';

// The codes of errors: those that lib/errors/ and src/ know, those that the pages describe, and
// those that the types name are the same ones.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('../helpers/pages.js');
const addon = require('../../lib/errors/addon.js');
const context = require('../../lib/errors/context.js');
const pool = require('../../lib/errors/pool.js');

const CODE = /\b(?:ERR_[A-Z0-9_]+|ABORT_ERR)\b/g;
const CODE_IN_RUST = /"(ERR_[A-Z0-9_]*[A-Z0-9])"/g;

// Node's own: a worker, or Node's AsyncResource, makes the error.
const MADE_BY_NODE = { pool: ['ERR_WORKER_OUT_OF_MEMORY'], context: ['ERR_ASYNC_TYPE'] };

// Only a wrong call of the addon by this package can cause them, or they are the reason why an
// engine is not taken, of which `engine()` gives the message.
const NOT_PUBLIC = [
  'ERR_NATIVE_ACCESSOR_MISSING', 'ERR_NATIVE_BYTES', 'ERR_NATIVE_MEMORY', 'ERR_NATIVE_PLATFORM',
  'ERR_NATIVE_REGION', 'ERR_NATIVE_REGION_NOT_SHARED', 'ERR_NATIVE_SELF_TEST',
  'ERR_NATIVE_SYMBOL_MISSING', 'ERR_NATIVE_UNKNOWN', 'ERR_NATIVE_V8_UNKNOWN',
];

const read = (...file) => fs.readFileSync(path.join(root, ...file), 'utf8');
const sorted = (codes) => [...new Set(codes)].sort();
const codesIn = (text) => sorted(text.match(CODE) ?? []);

const source = fs.readdirSync(path.join(root, 'src'), { recursive: true })
  .filter((file) => file.endsWith('.rs')).map((file) => read('src', file)).join('\n');
const inRust = sorted([...source.matchAll(CODE_IN_RUST)].map(([, code]) => code));
const publicInRust = inRust.filter((code) => !NOT_PUBLIC.includes(code));

const contextPages = [
  'async-local-storage', 'async-resource', 'async-context', 'native-callbacks', 'register',
];

describe('codes of errors', () => {
  it('of the pool: the table of the page', () => {
    const [, table] = read('docs', 'api', 'worker-pool.md').split('\n## Errors\n');
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    const known = [...Object.values(pool.codes), ...MADE_BY_NODE.pool, ...publicInRust];
    assert.deepEqual(rows, sorted(known));
  });

  it('of the pool: the type', () => {
    const [, type] = /type WorkerPoolErrorCode =([^;]*);/.exec(read('worker-pool.d.ts'));
    const ours = Object.values(pool.codes)
      .filter((code) => code.startsWith('ERR_WORKER_POOL_') || code === pool.codes.ABORTED);
    assert.deepEqual(codesIn(type), sorted(ours));
  });

  it('of the pool: what the pages and the types say of single functions', () => {
    const known = [...Object.values(pool.codes), ...MADE_BY_NODE.pool, ...publicInRust];
    const named = codesIn(read('docs', 'api', 'worker-pool.md') + read('worker-pool.d.ts'));
    assert.deepEqual(named, sorted(known));
  });

  for (const [kind, text] of [
    ['pages', contextPages.map((page) => read('docs', 'api', `${page}.md`)).join('\n')],
    ['types', read('index.d.ts') + read('register.d.ts') + read('async-context.d.ts')],
  ]) {
    it(`of everything else: the ${kind}`, () => {
      const known = [
        ...Object.values(context.codes), ...Object.values(addon.codes), ...MADE_BY_NODE.context,
        ...kind === 'types' ? [pool.codes.UNAVAILABLE] : [],
      ];
      assert.deepEqual(codesIn(text), sorted(known));
    });
  }

  it('of Rust: those of tasks are the pool\'s, the others are ERR_NATIVE_...', () => {
    const ofTasks = inRust.filter((code) => code.startsWith('ERR_WORKER_POOL_'));
    assert.deepEqual(ofTasks, sorted([pool.codes.NATIVE_TASK, pool.codes.NATIVE_PANIC]));
    const others = inRust.filter((code) => !ofTasks.includes(code));
    assert.deepEqual(others.filter((code) => !code.startsWith('ERR_NATIVE_')), []);
    assert.deepEqual(NOT_PUBLIC.filter((code) => !others.includes(code)), []);
  });
});
