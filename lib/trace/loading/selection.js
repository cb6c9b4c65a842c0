'use strict';

// Which files are transformed: all that Node loads from the file system, but those of this package,
// and what --include and --ignore say.

const path = require('node:path');
const { isOurs, pathOf } = require('../own-files.js');

class Selection {
  #cwd;
  #include;
  #ignore;

  /** @param {{ include: string[], ignore: string[] }} options  globs */
  constructor({ include, ignore }) {
    this.#cwd = process.cwd();
    this.#include = include.map(pattern);
    this.#ignore = ignore.map(pattern);
  }

  /** @param {string} file  a path or URL */
  has(file) {
    const place = pathOf(file.replace(/[?#].*$/, ''));
    if (!path.isAbsolute(place) || isOurs(place)) return false;
    const relative = path.relative(this.#cwd, place).replaceAll('\\', '/');
    const isMatch = (/** @type {RegExp} */ glob) =>
      glob.test(relative) || glob.test(place.replaceAll('\\', '/'));
    if (this.#ignore.some(isMatch)) return false;
    return this.#include.length === 0 || this.#include.some(isMatch);
  }
}

/**
 * A glob as a regular expression: `*`, `?`, `**`, `{a,b}`. One without a slash is the name of a
 * file or folder anywhere.
 *
 * @param {string} glob
 */
function pattern(glob) {
  const clean = glob.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, '');
  let depth = 0;
  const source = clean.replace(/\*\*\/|\*\*|[*?{},]|[.+^$()|[\]\\]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth++;
        return '(?:';
      case '}':
        return depth-- > 0 ? ')' : '\\}';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return `\\${token}`;
    }
  });
  const closed = source + ')'.repeat(Math.max(depth, 0));
  const start = clean.includes('/') ? '^' : '(?:^|/)';
  return new RegExp(`${start}${closed}(?:/.*)?$`);
}

module.exports = { Selection, pattern };
