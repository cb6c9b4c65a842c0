'use strict';

// What JavaScript and Rust both know is written down twice, in lib/wire/ and src/wire/, and what a
// value's bytes mean a third time, in the README of the codec. All of them agree.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const nodeTest = require('node:test');
const path = require('node:path');
const { engine } = require('../../index.js');
const { createRegion, decode } = require('../../lib/codec/index.js');
const tag = require('../../lib/wire/tag.js');

const {
  native: { loaded, reason },
} = engine();
const lib = path.join(__dirname, '../../lib');
const readme = fs.readFileSync(path.join(lib, 'codec/README.md'), 'utf8');

/** The constants of lib/wire/, by the name of the file. */
function ofJavaScript() {
  const files = fs.readdirSync(path.join(lib, 'wire')).filter((name) => name.endsWith('.js'));
  return Object.fromEntries(
    files.map((name) => [
      path.basename(name, '.js'),
      Object.fromEntries(
        Object.entries(require(path.join(lib, 'wire', name))).filter(
          ([, value]) => typeof value !== 'function',
        ),
      ),
    ]),
  );
}

const tags = Object.keys(tag).filter((name) => !/^(PART|CLASS|KIND|MAX)_/.test(name));

const sorted = (numbers) => [...numbers].sort((one, other) => one - other);

/** The numbers of the constants of tag.js whose names begin so. */
const numbersOf = (prefix) =>
  sorted(
    Object.entries(tag)
      .filter(([name]) => name.startsWith(prefix))
      .map(([, number]) => number),
  );

/** The section of the README under this heading. */
const section = (heading) => readme.split(`\n## ${heading}\n`)[1].split('\n## ')[0];

/** What the first column of a table has, as numbers. */
const firstColumn = (text) =>
  [...text.matchAll(/^\| ([0-9a-f]{2})(?:\.\.ff)? \|/gm)].map(([, number]) =>
    Number.parseInt(number, 16),
  );

/** The names of a list `0 Name, 1 Name, …` that follows `word`. */
function listAfter(word, text) {
  const list = text.split(`${word}:`)[1].split('\n\n')[0];
  return [...list.matchAll(/(\d+) (\w+)/g)].map(([, number, name]) => [name, Number(number)]);
}

/** ERROR for Error, URI_ERROR for URIError, BIG_INT64_ARRAY for BigInt64Array. */
const constantName = (name) =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toUpperCase();

nodeTest('JavaScript and Rust have the same constants', { skip: loaded ? false : reason }, () => {
  assert.deepEqual(ofJavaScript(), require('../helpers/addon.js').loadAddon().wire());
});

nodeTest('no two tags, parts, classes or kinds have the same number', () => {
  assert.equal(new Set(tags.map((name) => tag[name])).size, tags.length);
  for (const prefix of ['PART_', 'CLASS_', 'KIND_']) {
    const numbers = numbersOf(prefix);
    assert.equal(new Set(numbers).size, numbers.length, prefix);
  }
});

nodeTest('the decoder knows each tag', () => {
  const notOfAValue = ['HOLES', 'NUMBERED'];
  for (const name of tags.filter((each) => !notOfAValue.includes(each))) {
    const region = createRegion(32);
    region.bytes[0] = tag[name];
    try {
      decode(region, 0, undefined);
    } catch ({ message }) {
      // what follows the tag is of no value
      assert.doesNotMatch(message, /unknown tag/, name);
    }
  }
});

nodeTest('the README of the codec has each tag', () => {
  assert.deepEqual(sorted(firstColumn(section('Tags'))), sorted(tags.map((name) => tag[name])));
});

nodeTest('the README of the codec has each part of an error, by its name', () => {
  const rows = [...section('Errors').matchAll(/^\| ([0-9a-f]{2}) \| (\w+) \|/gm)];
  const parts = rows.map(([, bit, name]) => [
    `PART_${name.toUpperCase()}`,
    Number.parseInt(bit, 16),
  ]);
  assert.deepEqual(
    parts.map(([name]) => tag[name]),
    parts.map(([, bit]) => bit),
  );
  assert.deepEqual(sorted(parts.map(([, bit]) => bit)), numbersOf('PART_'));
});

for (const [prefix, word, heading] of [
  ['CLASS_', 'Classes', 'Errors'],
  ['KIND_', 'Kinds', 'Bytes'],
]) {
  nodeTest(`the README of the codec has the ${word.toLowerCase()}, by their names`, () => {
    const list = listAfter(word, section(heading));
    const named = list.map(([name, number]) => [`${prefix}${constantName(name)}`, number]);
    assert.deepEqual(
      named.map(([name]) => tag[name]),
      named.map(([, number]) => number),
    );
    assert.deepEqual(sorted(named.map(([, number]) => number)), numbersOf(prefix));
  });
}

nodeTest('the README of the codec has the deepest nesting', () => {
  assert.match(section('Limits'), new RegExp(`at most ${tag.MAX_DEPTH} deep`));
});
