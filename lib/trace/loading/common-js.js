'use strict';

// CommonJS: every file that Node compiles goes through one method of its Module class. On Node 20
// that has ES modules that are required, too.

const Module = require('../../package/module-class.js');
const { replaceMethod } = require('../methods.js');

const { apply } = Reflect;

const COPY = /[\\/]async-hooks-rs[\\/](?:index|dist[\\/]index)\.js$/;

/**
 * @param {import('./transformer.js').Transformer} transformer
 * @param {boolean} hasHooks  that see the ES modules
 * @param {(exports: any) => void} loadedCopy  called when a copy of this package is loaded
 */
function transformCommonJs(transformer, hasHooks, loadedCopy) {
  replaceMethod(
    Module.prototype,
    '_compile',
    (original) =>
      /**
       * @this {any}
       * @param {unknown} content
       * @param {string} filename
       * @param {string | undefined} format
       * @param {unknown[]} rest
       */
      function (content, filename, format, ...rest) {
        const type = formatOf(format);
        const isSeen = hasHooks && type.startsWith('module');
        const source =
          typeof content === 'string' && typeof filename === 'string' && !isSeen
            ? transformer.transform(content, filename, type)
            : content;
        const result = apply(original, this, [source, filename, format, ...rest]);
        if (COPY.test(filename)) loadedCopy(this.exports);
        return result;
      },
  );
}

/**
 * @param {string | undefined} format
 * @returns {import('../../package/trace-native.js').SourceFormat}
 */
function formatOf(format) {
  switch (format) {
    case 'module':
    case 'module-typescript':
    case 'commonjs-typescript':
      return format;
    case 'typescript':
      return 'commonjs-typescript';
    default:
      return 'commonjs';
  }
}

module.exports = { transformCommonJs };
