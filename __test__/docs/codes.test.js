'use strict';

// The codes of errors: those that lib/errors/ and src/ know, those that docs/errors.md describes,
// and those that the types name are the same ones; and no other page or type names another one.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { pages, root } = require('../helpers/pages.js');
const addon = require('../../lib/errors/addon.js');
const context = require('../../lib/errors/context.js');
const crossing = require('../../lib/errors/contexts.js');
const pool = require('../../lib/errors/pool.js');
const queue = require('../../lib/errors/queue.js');
const trace = require('../../lib/errors/trace.js');

const CODE = /\b(?:ERR_[A-Z0-9_]*[A-Z0-9]|ABORT_ERR)\b/g;
const CODE_IN_RUST = /"(ERR_[A-Z0-9_]*[A-Z0-9])"/g;
const HEADING = /^### `([A-Z0-9_]+)`$/gm;
const ROW = /^\| `([A-Z0-9_]+)` \|/gm;
const PAGE = path.join('docs', 'errors.md');

// Node's own: a worker, or Node's AsyncResource, makes the error.
const MADE_BY_NODE = { pool: ['ERR_WORKER_OUT_OF_MEMORY'], context: ['ERR_ASYNC_TYPE'] };

// Of Node, the crate for authors of addons, and other programs that pages speak of.
const OF_OTHERS = [
  'ERR_ACCESS_DENIED',
  'ERR_ASYNC_CONTEXT_DROPPED',
  'ERR_ASYNC_CONTEXT_PANIC',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
];

const read = (...file) => fs.readFileSync(path.join(root, ...file), 'utf8');
const sorted = (codes) => [...new Set(codes)].sort();
const codesIn = (text) => sorted(text.match(CODE) ?? []);
const found = (text, pattern) => [...text.matchAll(pattern)].map(([, code]) => code);

/** The sections of the page, by their headings. */
function sectionsOf(markdown) {
  const [, ...sections] = markdown.split(/^## /m);
  return Object.fromEntries(
    sections.map((text) => {
      const end = text.indexOf('\n');
      return [text.slice(0, end), text.slice(end)];
    }),
  );
}

function unionOf(file, name) {
  const [, members] = new RegExp(`type ${name} =([^;]*);`).exec(read(file));
  return codesIn(members);
}

const source = fs
  .readdirSync(path.join(root, 'src'), { recursive: true })
  .filter((file) => file.endsWith('.rs'))
  .map((file) => read('src', file))
  .join('\n');
const inRust = sorted(found(source, CODE_IN_RUST));

const {
  'The worker pool': ofPool,
  'Context and `register`': ofContext,
  'Everywhere': everywhere,
  'Contexts that cross': ofCrossing,
  'The queue pool': ofQueue,
  'The addon': ofAddon,
  'The finder': ofFinder,
  'Inside': inside,
  ...rest
} = sectionsOf(read(PAGE));
const internal = found(inside, ROW);
const shared = found(everywhere, HEADING);

const known = {
  pool: sorted([
    ...Object.values(pool.codes),
    ...MADE_BY_NODE.pool,
    ...inRust.filter((code) => !internal.includes(code)),
  ]),
  context: sorted([...Object.values(context.codes), ...MADE_BY_NODE.context]),
  crossing: sorted(Object.values(crossing.codes)),
  queue: sorted(Object.values(queue.codes)),
  addon: sorted(Object.values(addon.codes)),
  finder: sorted(Object.values(trace.codes)),
};

describe('codes of errors', () => {
  it('the page has the sections that are compared here, and no others', () => {
    assert.deepEqual(Object.keys(rest), []);
  });

  it('of the pool: lib/errors/ and src/, the page, the type', () => {
    assert.deepEqual(sorted([...found(ofPool, HEADING), ...shared]), known.pool);
    assert.deepEqual(unionOf('worker-pool-errors.d.ts', 'WorkerPoolErrorCode'), known.pool);
  });

  it('of everything else: lib/errors/, the page, the type', () => {
    assert.deepEqual(sorted([...found(ofContext, HEADING), ...shared]), known.context);
    assert.deepEqual(unionOf('index.d.ts', 'ContextErrorCode'), known.context);
  });

  it('of contexts that cross: lib/errors/, the page, the type', () => {
    assert.deepEqual(sorted([...found(ofCrossing, HEADING), ...shared]), known.crossing);
    assert.deepEqual(unionOf('contexts.d.ts', 'CrossingErrorCode'), known.crossing);
  });

  it("of the queue pool: lib/errors/, the page (some are the pool's), the type", () => {
    const ofBoth = known.queue.filter((code) => known.pool.includes(code));
    assert.deepEqual(sorted([...found(ofQueue, HEADING), ...ofBoth]), known.queue);
    assert.deepEqual(unionOf('bullmq.d.ts', 'QueuePoolErrorCode'), known.queue);
  });

  it('of the addon: lib/errors/, the page, the type', () => {
    assert.deepEqual(sorted(found(ofAddon, HEADING)), known.addon);
    assert.deepEqual(unionOf('engine.d.ts', 'AddonErrorCode'), known.addon);
  });

  it('of the finder: lib/errors/, the page, the type', () => {
    assert.deepEqual(sorted([...found(ofFinder, HEADING), ...shared]), known.finder);
    assert.deepEqual(unionOf('trace.d.ts', 'TraceErrorCode'), known.finder);
  });

  it('each section of the page has its codes once, in the order of the alphabet', () => {
    const lists = [ofPool, ofContext, ofCrossing, ofQueue, ofAddon, ofFinder].map((text) =>
      found(text, HEADING),
    );
    for (const list of [...lists, shared, internal]) assert.deepEqual(list, sorted(list));
  });

  it("of Rust: those of tasks are the pool's, the others are ERR_NATIVE_...", () => {
    const ofTasks = inRust.filter((code) => code.startsWith('ERR_WORKER_POOL_'));
    assert.deepEqual(ofTasks, sorted([pool.codes.NATIVE_TASK, pool.codes.NATIVE_PANIC]));
    const others = inRust.filter((code) => !ofTasks.includes(code));
    assert.deepEqual(
      others.filter((code) => !code.startsWith('ERR_NATIVE_')),
      [],
    );
    assert.deepEqual(
      internal.filter((code) => !others.includes(code)),
      [],
    );
  });

  it('no page and no type names a code that is not on the page', () => {
    const texts = [
      ...pages(),
      'index.d.ts',
      'engine.d.ts',
      'worker-pool.d.ts',
      'worker-pool-errors.d.ts',
      'worker-pool-observation.d.ts',
      'worker-pool-types.d.ts',
      'register.d.ts',
      'async-context.d.ts',
      'contexts.d.ts',
      'metrics.d.ts',
      'opentelemetry.d.ts',
      'bullmq.d.ts',
      'trace.d.ts',
    ].map((file) => read(file));
    const all = sorted([
      ...known.pool,
      ...known.context,
      ...known.crossing,
      ...known.queue,
      ...known.addon,
      ...known.finder,
      ...internal,
      ...OF_OTHERS,
    ]);
    assert.deepEqual(
      codesIn(texts.join('\n')).filter((code) => !all.includes(code)),
      [],
    );
    assert.deepEqual(
      OF_OTHERS.filter((code) => !texts.join('\n').includes(code)),
      [],
    );
  });

  it('the types say of functions what can be thrown there, out of the same codes', () => {
    const types =
      read('index.d.ts') + read('engine.d.ts') + read('register.d.ts') + read('async-context.d.ts');
    assert.deepEqual(
      codesIn(types),
      sorted([...known.context, ...known.addon, pool.codes.UNAVAILABLE]),
    );
    assert.deepEqual(
      codesIn(['', '-errors', '-types'].map((part) => read(`worker-pool${part}.d.ts`)).join('')),
      known.pool,
    );
  });
});
