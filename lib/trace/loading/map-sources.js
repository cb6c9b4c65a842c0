'use strict';

// The files of which a compiler made a source, as the source map names them.

const { Buffer } = require('node:buffer'); // not every realm has the global one
const fs = require('node:fs');
const path = require('node:path');
const { URL, fileURLToPath, pathToFileURL } = require('node:url');

// The last one counts.
const NAMED = /\/\/[#@][ \t]*sourceMappingURL=([^\s'"]+)[ \t]*$/gm;
const DATA = /^data:[^,]*?(;base64)?,/;

/**
 * @param {string} source
 * @param {string} file  its absolute path
 * @returns {string[]}  absolute paths; none without a map that can be read
 */
function mapSources(source, file) {
  const url = [...source.matchAll(NAMED)].at(-1)?.[1];
  if (url === undefined) return [];
  try {
    const base = pathToFileURL(file);
    const data = DATA.exec(url);
    const where = data === null ? new URL(url, base) : base;
    const { sources, sourceRoot = '' } = JSON.parse(
      data === null ? fs.readFileSync(where, 'utf8') : decoded(url.slice(data[0].length), data[1]),
    );
    return sources.map((/** @type {string} */ name) => pathIn(sourceRoot, name, where));
  } catch {
    return [];
  }
}

/**
 * @param {string} text
 * @param {string | undefined} isBase64
 */
function decoded(text, isBase64) {
  return isBase64 ? Buffer.from(text, 'base64').toString() : decodeURIComponent(text);
}

/**
 * @param {string} root
 * @param {string} name
 * @param {URL} base  of the map
 */
function pathIn(root, name, base) {
  if ((root + name).startsWith('file:')) return fileURLToPath(root + name);
  return path.resolve(path.dirname(fileURLToPath(base)), root, name);
}

module.exports = { mapSources };
