'use strict';

// The Rust of the guides for authors of addons is that of the demo addons, which are compiled and
// tested.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');

const guides = [
  { page: 'writing-addons', crate: 'napi-async-context', demo: 'demo-addon', parts: 7 },
  {
    page: 'native-processors',
    crate: 'async-hooks-rs-processor',
    demo: 'processor-demo',
    parts: 5,
  },
];

for (const { page, crate, demo, parts } of guides) {
  describe(page, () => {
    const guide = read(`docs/guides/${page}.md`);

    it('has every marked part of the demo addon, and no other Rust', () => {
      const examples = read(`crates/${demo}/src/examples.rs`);
      const blocks = [...guide.matchAll(/^```rust\n(.*?)^```$/gms)].map(([, block]) => block);
      const regions = [...examples.matchAll(/^\/\/ #region [^\n]+\n(.*?)^\/\/ #endregion$/gms)].map(
        ([, region]) => region,
      );
      assert.ok(regions.length >= parts);
      assert.deepEqual([...blocks].sort(), [...regions].sort());
    });

    it('asks for the version of the crate', () => {
      const [, version] = read(`crates/${crate}/Cargo.toml`).match(/^version = "(.+?)"$/m);
      const [, wanted] = guide.match(new RegExp(`^${crate} = (?:\\{ version = )?"(.+?)"`, 'm'));
      assert.ok(version.startsWith(`${wanted}.`), `${version} is asked for as ${wanted}`);
    });
  });
}
