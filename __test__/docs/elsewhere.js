'use strict';

// The one list of blocks of the documentation that blocks.test.js does not run, each with the
// reason and with what checks it instead.

/** Languages that nothing here can run. */
const languages = {
  '': 'output of a command',
  sh: "commands that install something, start a server, or need an agent's account",
  toml: 'compared with the manifests of the crates by writing-addons.test.js',
  rust: 'compared with the demo addons, which are compiled and tested, by writing-addons.test.js',
  dockerfile: 'there is no container engine where the tests run',
};

/**
 * Blocks that need packages: the folder whose manifest has them, what else is there, and what runs
 * the blocks.
 */
const runners = [
  { folder: '__test__/ecosystem', also: [], by: '__test__/ecosystem/clients/documentation.js' },
  {
    folder: '__test__/queue',
    also: ['async-hooks-rs/bullmq'],
    by: '__test__/queue/documentation.test.js',
  },
  {
    folder: '__test__/trace/page',
    also: ['async-hooks-rs/trace'],
    by: '__test__/trace/documentation.test.js',
  },
];

/**
 * Programs that are a file of other tests, which run it: `same` is the path of the file. The block
 * must be the same, byte for byte.
 */
const copies = [
  {
    page: 'docs/guides/testing.md',
    begins: "import { expect, test } from 'vitest';",
    same: '__test__/bundlers/apps/guide.vitest.mjs',
    reason: 'vitest runs it, in __test__/bundlers',
  },
  {
    page: 'docs/guides/testing.md',
    begins: "const { expect, test } = require('@jest/globals');",
    same: '__test__/bundlers/apps/guide.jest.cjs',
    reason: 'jest runs it, in __test__/bundlers',
  },
  {
    page: 'docs/guides/request-context.md',
    begins: "import { requests, current } from '../../context.mjs';",
    same: '__test__/bundlers/apps/next/app/guide/route.jsx',
    reason: 'Next.js runs it, in __test__/bundlers',
  },
  {
    page: 'docs/guides/native-processors.md',
    begins: "const { readFile } = require('node:fs/promises');\nconst { WorkerPool }",
    same: 'crates/processor-demo/hash.js',
    reason: '__test__/crate/processors.js runs it',
  },
];

/** The entry of `copies` for a block, if it is one. */
function copyOf(page, block) {
  return copies.find(({ page: of, begins }) => of === page && block.code.startsWith(begins));
}

module.exports = { languages, runners, copies, copyOf };
