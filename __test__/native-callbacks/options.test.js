'use strict';

// The options of keepNativeCallbacks(), and which addons they choose.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { keepNativeCallbacks } = require('../../index.js');
const { installedAs, missing } = require('../helpers/native-kinds.js');
const { runProgram } = require('../helpers/program.js');

const skip = missing();

const refused = [
  [null, 'The "options" argument must be of type object. Received null'],
  [1, 'The "options" argument must be of type object. Received type number (1)'],
  [[], 'The "options" argument must be of type object. Received an instance of Array'],
  [
    { resources: 1 },
    'The "options.resources" property must be of type boolean. Received type number (1)',
  ],
  [
    { arguments: 'bcrypt' },
    'The "options.arguments" property must be a boolean or an array. ' +
      "Received type string ('bcrypt')",
  ],
  [
    { arguments: ['bcrypt', 1] },
    'The "options.arguments[1]" property must be a string or a ' +
      'RegExp. Received type number (1)',
  ],
];

for (const [options, message] of refused) {
  test(`refused: ${JSON.stringify(options)}`, () => {
    const { dlopen } = process;
    assert.throws(
      () => keepNativeCallbacks(/** @type {any} */ (options)),
      (error) => {
        assert.deepEqual(
          [error.name, error.code, error.message],
          ['TypeError', 'ERR_INVALID_ARG_TYPE', message],
        );
        assert.doesNotMatch(error.stack, /lib[\\/]/);
        return true;
      },
    );
    assert.equal(process.dlopen, dlopen);
  });
}

test('options are own properties', async () => {
  const kept = await runProgram(() => {
    const { keepNativeCallbacks } = require('./index.js');
    Object.prototype.arguments = 1;
    Object.prototype.resources = 1;
    return Object.keys(keepNativeCallbacks(Object.create({ arguments: 1 })));
  });
  assert.deepEqual(kept, ['addons', 'disable']);
});

const files = {
  bcrypt: path.join('bcrypt', 'prebuilds', 'bcrypt.glibc.node'),
  scoped: path.join('@img', 'sharp-linux-x64', 'lib', 'sharp-linux-x64-1.node'),
  nested: path.join('bcrypt', 'node_modules', 'other', 'other.node'),
  ours: path.join('async-hooks-rs', 'async-hooks-rs.linux-x64-gnu.node'),
};
let folder;
before(() => {
  if (!skip) folder = installedAs(...Object.values(files));
});
after(() => {
  if (!skip) fs.rmSync(folder, { recursive: true, force: true });
});

const chosen = {
  'true': ['bcrypt', 'scoped', 'nested'],
  'false': [],
  '[]': [],
  '["bcrypt"]': ['bcrypt'],
  '["@img/sharp-linux-x64"]': ['scoped'],
  '["@img"]': [],
  '["other", "bcrypt.glibc.node"]': ['bcrypt', 'nested'],
  '["bcrypt.glibc"]': ['bcrypt'],
  '[/bcrypt/g, /bcrypt/y]': ['bcrypt', 'nested'],
  '[/node_modules\\/@img\\/[^/]+\\/lib\\//]': ['scoped'],
};

for (const [list, names] of Object.entries(chosen)) {
  test(`arguments: ${list} binds for ${names.join(' and ') || 'no addon'}`, { skip }, async () => {
    const program = `async (data) => {
      const { keepNativeCallbacks } = require('./index.js');
      const kept = keepNativeCallbacks({ arguments: ${list} });
      const path = require('node:path');
      return [data.files.filter((file) => {
        const { fromThread } = require(path.join(data.folder, 'node_modules', file));
        return String(fromThread).includes('[native code]') === false;
      }), kept.addons.map((file) => path.relative(path.join(data.folder, 'node_modules'), file))];
    }`;
    const wanted = names.map((name) => files[name]);
    const found = await runProgram(program, { data: { folder, files: Object.values(files) } });
    assert.deepEqual(found, [wanted, wanted]);
  });
}
