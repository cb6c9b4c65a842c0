'use strict';

// Addons whose callbacks lose the context of their call, that call each function for the call it
// was passed to and no other, and that do not compare functions: `register` binds these by default.
// One that keeps a function for later calls would bring it the context of another request, which is
// worse than none. Names as of the option `arguments`; platform packages have the platform in their
// name, and a bundler may have moved a file, so most are known by package and by file.

module.exports = [
  'bcrypt',
  'bcrypt_lib',
  'bcrypt.glibc',
  'bcrypt.musl',
  'sharp',
  /\/@img\/sharp-[^/]+\/lib\/sharp-/,
  /\/sharp-[\w.-]+\.node$/,
  'sqlite3',
  'node_sqlite3',
];
