'use strict';

// The Rust of the guide for authors of addons is that of the demo addon, which is compiled and
// tested.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');
const guide = read('docs/guides/writing-addons.md');
const examples = read('crates/demo-addon/src/examples.rs');

const blocks = [...guide.matchAll(/^```rust\n(.*?)^```$/gms)].map(([, block]) => block);
const regions = [...examples.matchAll(/^\/\/ #region [^\n]+\n(.*?)^\/\/ #endregion$/gms)].map(
  ([, region]) => region,
);

test('every Rust block of the guide is a part of the demo addon, and every part is in it', () => {
  assert.ok(regions.length >= 7);
  assert.deepEqual([...blocks].sort(), [...regions].sort());
});

test('the guide asks for the version of the crate', () => {
  const [, version] = read('crates/napi-async-context/Cargo.toml').match(/^version = "(.+?)"$/m);
  const [, wanted] = guide.match(/napi-async-context = \{ version = "(.+?)"/);
  assert.ok(version.startsWith(`${wanted}.`), `${version} is asked for as ${wanted}`);
});
