'use strict';

// Addons whose callbacks lose the context of their call, or come in another one, and that do not
// compare the functions they are given: `register` binds these by default. Names as of the option
// `arguments`; platform packages have the platform in their name, and a bundler may have moved a
// file, so most are known by package and by file.

module.exports = [
  'bcrypt', 'bcrypt_lib', 'bcrypt.glibc', 'bcrypt.musl',
  'sharp', /\/@img\/sharp-[^/]+\/lib\/sharp-/, /\/sharp-[\w.-]+\.node$/,
  'sqlite3', 'node_sqlite3',
  'lmdb', /\/@lmdb\/lmdb-[^/]+\//,
  'koffi', /\/@koromix\/koffi-[^/]+\//,
  'duckdb', /\/@duckdb\/node-bindings-[^/]+\//,
  '@prisma/engines', '.prisma', /\/(?:lib)?query_engine-[\w.-]+\.node$/,
];
