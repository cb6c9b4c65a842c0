'use strict';

// Why there is no addon, with stable codes: what `engine()` tells, and the `cause` of the pool's
// ERR_WORKER_POOL_UNAVAILABLE. The errors have no stack: nobody's call is at fault.

const { withoutStack } = require('./coded.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  MISSING: 'ERR_ASYNC_HOOKS_RS_ADDON_MISSING',
  PLATFORM: 'ERR_ASYNC_HOOKS_RS_ADDON_PLATFORM',
  VERSION: 'ERR_ASYNC_HOOKS_RS_ADDON_VERSION',
  LOAD: 'ERR_ASYNC_HOOKS_RS_ADDON_LOAD',
  BUNDLED: 'ERR_ASYNC_HOOKS_RS_ADDON_BUNDLED',
});

/** @type {Set<unknown>} */
const ours = new Set(Object.values(codes));

/**
 * Whether an error is one of these.
 *
 * @param {{ code?: unknown }} error
 */
function isRefusal({ code }) {
  return ours.has(code);
}

/**
 * The package that has the addon for this platform is not installed.
 *
 * @param {string} name
 * @param {string} version
 */
function missing(name, version) {
  return withoutStack(
    Error,
    codes.MISSING,
    `the package ${name}, which has the addon for this platform, is not installed; ` +
      '"npm install --include=optional" adds it if optional dependencies were left out, and ' +
      `"npm install --save-optional ${name}@${version}" in any case`,
  );
}

/**
 * No package has the addon for this platform.
 *
 * @param {string} target
 * @param {string[]} known
 */
function noPlatform(target, known) {
  return withoutStack(
    Error,
    codes.PLATFORM,
    `there is no package with the addon for ${target}, but for ${known.join(', ')}`,
  );
}

/**
 * The installed package has the addon of another version.
 *
 * @param {string} name
 * @param {string} version
 * @param {string} expected
 */
function wrongVersion(name, version, expected) {
  return withoutStack(
    Error,
    codes.VERSION,
    `the installed ${name} is version ${version}, and async-hooks-rs is version ${expected}; ` +
      `"npm install async-hooks-rs@${expected}" installs both in one version`,
  );
}

/**
 * The binary is there, and the host does not load it.
 *
 * @param {string} reason  the first line of its error
 * @param {Error} cause
 */
function notLoaded(reason, cause) {
  const error = withoutStack(Error, codes.LOAD, reason);
  error.cause = cause;
  return error;
}

/**
 * The package was bundled, and is not installed where the bundle runs.
 *
 * @param {string} reason
 */
function bundled(reason) {
  return withoutStack(Error, codes.BUNDLED, reason);
}

module.exports = { codes, isRefusal, missing, noPlatform, wrongVersion, notLoaded, bundled };
