'use strict';

// Variables of the environment. Deno lets a program read them only if it is permitted to; what this
// package asks for is optional, so that is no reason to fail, nor to ask whoever started it.

/** The value; `undefined` if it is not set, or must not be read. */
function variable(name) {
  return isReadable(name) ? process.env[name] : undefined;
}

function isReadable(name) {
  const { permissions } = globalThis.Deno ?? {};
  return permissions === undefined ||
    permissions.querySync({ name: 'env', variable: name }).state === 'granted';
}

module.exports = { variable };
