'use strict';

// Links between the pages of the documentation: each leads to a file of the package, and to an
// existing heading.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { anchorOf } = require('../../scripts/anchors.js');
const { pages, root } = require('../helpers/pages.js');
const manifest = require('../../package.json');

const CODE = /```[^]*?```|`[^`\n]*`/g;
const LINK = /\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.*)$/gm;
const CONTENTS = path.join('docs', 'index.md');
const ALWAYS_PACKED = ['README.md', 'LICENSE', 'package.json'];

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

function isPacked(file) {
  const entries = [...ALWAYS_PACKED, ...manifest.files];
  return entries.some(
    (entry) =>
      file === entry ||
      file.startsWith(`${entry}${path.sep}`) ||
      `${path.dirname(file)}/*${path.extname(file)}` === entry,
  );
}

it('docs/index.md leads to every page', () => {
  const linked = [...read(CONTENTS).matchAll(LINK)]
    .map(([, target]) => path.join('docs', target))
    .filter((file) => file.startsWith('docs'));
  const all = pages().filter((page) => page !== CONTENTS && page !== 'README.md');
  assert.deepEqual(linked.sort(), all);
});

describe('links of the documentation', () => {
  for (const page of pages()) {
    it(page, () => {
      for (const [, target] of read(page).replace(CODE, '').matchAll(LINK)) {
        if (/^https?:/.test(target)) continue;
        const [name, anchor] = target.split('#');
        const file = name === '' ? page : path.join(path.dirname(page), name);
        assert.ok(fs.existsSync(path.join(root, file)), `${target}: no such file`);
        assert.ok(isPacked(file), `${target}: not in the package`);
        if (anchor === undefined) continue;
        const anchors = [...read(file).matchAll(HEADING)].map(([, heading]) => anchorOf(heading));
        assert.ok(anchors.includes(anchor), `${target}: no such heading`);
      }
    });
  }
});
