'use strict';

// Variables of the environment. Deno may forbid a program to read them. What this package reads is
// optional, so it neither fails then nor has Deno ask for the permission.

/**
 * The value; `undefined` if it is not set or may not be read.
 *
 * @param {string} name
 */
function variable(name) {
  return isReadable(name) ? process.env[name] : undefined;
}

/** @param {string} name */
function isReadable(name) {
  const { permissions } = globalThis.Deno ?? {};
  return (
    permissions === undefined ||
    permissions.querySync({ name: 'env', variable: name }).state === 'granted'
  );
}

module.exports = { variable };
