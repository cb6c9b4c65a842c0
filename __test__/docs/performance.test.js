'use strict';

// The figures of the pages, and the charts, are those of the committed results.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('../helpers/pages.js');
const { FOLDER, file, read, suites } = require('../../benchmark/results.js');
const { PAGES, SHOWN, load, filled } = require('../../benchmark/page/text.js');
const { supported } = require('../../scripts/node-versions.js');

const UPDATE = 'run `npm run bench:page`';

describe('figures of the documentation', () => {
  const all = load(FOLDER);

  for (const page of PAGES) {
    it(`${page} has those of the results`, () => {
      const text = fs.readFileSync(path.join(root, page), 'utf8');
      assert.equal(text, filled(page, text, all), UPDATE);
    });
  }

  it('a figure without a result is refused', () => {
    const text = '<!-- result: context 24 none-such time builtin/ours -->9<!-- /result -->';
    const table = '<!-- results: none-such -->\n<!-- /results -->';
    assert.throws(() => filled('README.md', text, all), RangeError);
    assert.throws(() => filled('README.md', table, all), RangeError);
  });

  for (const suite of suites) {
    for (const major of supported.filter((each) => read(FOLDER, suite, each) !== undefined)) {
      it(`the chart of ${suite} on Node ${major} is of its results`, () => {
        const results = file(FOLDER, suite, major);
        const chart = fs.readFileSync(results.replace(/json$/, 'svg'), 'utf8');
        const [, source] = /data-results="(\w+)"/.exec(chart);
        const digest = createHash('sha256').update(fs.readFileSync(results)).digest('hex');
        assert.ok(digest.startsWith(source), UPDATE);
        if (major !== SHOWN) return;
        const shown = path.join(root, 'docs', 'charts', `${suite}.svg`);
        assert.equal(fs.readFileSync(shown, 'utf8'), chart, UPDATE);
      });
    }
  }
});
