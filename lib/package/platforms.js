'use strict';

// The packages that have the addon, one for each platform, by what napi-rs calls the platform. Each
// name is written out, because tools that copy what a program needs (@vercel/nft) look for such
// calls; we need the names only, and load the binary by its path. Loaded by its path, too: to a
// bundler it would be eight packages that are missing.

module.exports = {
  'darwin-arm64': () => require('async-hooks-rs-darwin-arm64'),
  'darwin-x64': () => require('async-hooks-rs-darwin-x64'),
  'linux-arm64-gnu': () => require('async-hooks-rs-linux-arm64-gnu'),
  'linux-arm64-musl': () => require('async-hooks-rs-linux-arm64-musl'),
  'linux-x64-gnu': () => require('async-hooks-rs-linux-x64-gnu'),
  'linux-x64-musl': () => require('async-hooks-rs-linux-x64-musl'),
  'win32-arm64-msvc': () => require('async-hooks-rs-win32-arm64-msvc'),
  'win32-x64-msvc': () => require('async-hooks-rs-win32-x64-msvc'),
};
