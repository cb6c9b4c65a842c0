'use strict';

// The pages of documentation in the package.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

// Drafts of reports for other projects, which are not in the package.
const UPSTREAM = `upstream${path.sep}`;

/** Paths from the root of the package. */
function pages() {
  const inDocs = fs
    .readdirSync(path.join(root, 'docs'), { recursive: true })
    .filter((file) => file.endsWith('.md') && !file.startsWith(UPSTREAM))
    .map((file) => path.join('docs', file));
  return ['README.md', ...inDocs.sort()];
}

module.exports = { pages, root };
