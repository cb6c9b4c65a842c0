'use strict';

// What a hook of module loading does with the source of an ES module.

const { Buffer } = require('node:buffer');

const FORMATS = ['module', 'module-typescript'];

/**
 * @param {any} result  of the hook before
 * @param {string} url
 * @param {import('./transformer.js').Transformer} transformer
 */
function loaded(result, url, transformer) {
  const { format, source } = result;
  if (!FORMATS.includes(format) || source === undefined || source === null) return result;
  if (!url.startsWith('file:')) return result;
  const text = typeof source === 'string' ? source : Buffer.from(source).toString('utf8');
  return { ...result, source: transformer.transform(text, url, format) };
}

module.exports = { loaded };
