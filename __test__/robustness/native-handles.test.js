'use strict';

// Stores are released after work that Node does with native handles, including pooled ones (HTTP
// parsers, sockets of an agent): no more stay alive than with the built-in class. One or two may
// stay, with both: Node keeps the last of some objects.

const assert = require('node:assert/strict');
const test = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runScript } = require('../helpers/script.js');

const A_FEW = 2;

test('stores are let go of after work with native handles', async (t) => {
  const { code, stdout, stderr } = await runScript(
    "require('./__test__/fixtures/native-handles.js')",
  );
  assert.equal(code, 0, stderr);
  const {
    control: [kept, all],
    ...kinds
  } = JSON.parse(stdout);
  assert.equal(kept, all, 'collection is not seen as it is');
  for (const [kind, [ours, builtin]] of Object.entries(kinds)) {
    await t.test(kind, () => {
      const allowed = differs.parsersKeepStores ? builtin + A_FEW : A_FEW;
      assert.ok(ours <= allowed, `${ours} stores are alive, ${builtin} with the built-in class`);
    });
  }
});
