'use strict';

// The options of keepNativeCallbacks(), own properties only, and the addons that they name.

const { types } = require('node:util');
const { invalidArgType, invalidProperty } = require('../errors/context.js');

const { apply } = Reflect;
const { test } = RegExp.prototype;

/**
 * @param {unknown} options
 * @param {Function} hidden  what errors leave out of their stacks
 */
function checkedOptions(options = {}, hidden) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidArgType('options', 'object', options, hidden);
  }
  /** @param {string} name */
  const own = (name) =>
    Object.hasOwn(options, name) ? /** @type {any} */ (options)[name] : undefined;
  const { arguments: bound = true, resources = true } = {
    arguments: own('arguments'),
    resources: own('resources'),
  };
  if (typeof resources !== 'boolean') {
    throw invalidProperty('options.resources', 'of type boolean', resources, hidden);
  }
  return { binds: chosen(bound, hidden), resources };
}

/**
 * The files whose arguments are bound, as a predicate.
 *
 * @param {unknown} bound
 * @param {Function} hidden
 * @returns {(file: string) => boolean}
 */
function chosen(bound, hidden) {
  if (typeof bound === 'boolean') return () => bound;
  if (!Array.isArray(bound)) {
    throw invalidProperty('options.arguments', 'a boolean or an array', bound, hidden);
  }
  const matchers = Array.from(bound, (one, i) => {
    if (typeof one === 'string') return (/** @type {string} */ file) => isNamed(file, one);
    if (types.isRegExp(one)) return pattern(one);
    throw invalidProperty(`options.arguments[${i}]`, 'a string or a RegExp', one, hidden);
  });
  return (file) => {
    const path = file.replaceAll('\\', '/');
    return matchers.some((matches) => matches(path));
  };
}

/**
 * A copy: with the flag g or y, test() goes on where it has stopped.
 *
 * @param {RegExp} regExp
 */
function pattern(regExp) {
  const copy = new RegExp(regExp.source, regExp.flags.replace(/[gy]/g, ''));
  return (/** @type {string} */ path) => apply(test, copy, [path]);
}

/**
 * Whether a path, with `/`, is of the package or has the file name `name`.
 *
 * @param {string} path
 * @param {string} name
 */
function isNamed(path, name) {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file === name || file === `${name}.node` || packageOf(path) === name;
}

const PACKAGES = '/node_modules/';

/**
 * The package in whose folder the file is; packages are nested, so the innermost.
 *
 * @param {string} path
 */
function packageOf(path) {
  const at = path.lastIndexOf(PACKAGES);
  if (at === -1) return undefined;
  const [scope, name] = path.slice(at + PACKAGES.length).split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

module.exports = { checkedOptions };
