'use strict';

// The pages in docs/api have one shape: where the source is and since when, then a section for each
// member. A call says what it returns, a property its type; errors are a list.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('../helpers/pages.js');

const folder = path.join(root, 'docs', 'api');
const SOURCE = /^Source: (`[\w/.-]+`(?:, )?)+\. Added (?:in|after) \d+\.\d+\.\d+\./;
const CALL = /`[^`]*\([^`]*\)`$/;
const PROPERTY = /^#+ `\w+\.\w+`(?:, `\w+\.\w+`)*$/;

/** The title of each section, and what stands there before the next one. */
function sectionsOf(markdown) {
  return markdown
    .split(/^(?=##+ )/m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      return { title: text.slice(0, end), text: text.slice(end) };
    });
}

describe('pages of the interface', () => {
  for (const page of fs.readdirSync(folder)) {
    const markdown = fs.readFileSync(path.join(folder, page), 'utf8').replaceAll('\r\n', '\n');
    it(page, () => {
      const [title, empty, source] = markdown.split('\n');
      assert.match(title, /^# /);
      assert.equal(empty, '');
      assert.match(source, SOURCE);
      for (const [, file] of source.matchAll(/`([\w/-]+\/|[\w/-]+\.js)`/g)) {
        assert.ok(fs.existsSync(path.join(root, file)), `${file} is missing`);
      }
      for (const { title: name, text } of sectionsOf(markdown)) {
        if (CALL.test(name) && !name.includes('`new ')) assert.match(text, /^- Returns: /m, name);
        if (PROPERTY.test(name)) assert.match(text, /^- Type: /m, name);
        assert.doesNotMatch(text, /^Errors[^\n]*[^:\n]$/m, name);
      }
    });
  }
});
