'use strict';

// Modules that a tool compiles itself, with the names of their files: vitest by
// vm.runInThisContext() and vm.runInContext(), Jest by vm.compileFunction() and, where they are ES
// modules, by `vm.SourceTextModule`, others by `vm.Script`. A context of its own has other globals,
// so what transformed code calls is defined there before.

const path = require('node:path');
const vm = require('node:vm');
const { Replacements } = require('../../register/replacements.js');
const { look, replaceMethod } = require('../methods.js');

const { apply, construct } = Reflect;

/**
 * @param {import('./transformer.js').Transformer} transformer
 * @param {(global: object) => void} define  has a global object have what transformed code calls
 */
function transformScripts(transformer, define) {
  const { Script, compileFunction, runInContext, runInThisContext } = vm;
  const { SourceTextModule } = /** @type {any} */ (vm);
  /** @param {unknown[]} call  the arguments of either */
  const transformed = ([code, options]) => {
    const file = fileOf(options);
    const isWhole = typeof code === 'string' && file !== undefined;
    return [isWhole ? transformer.transform(code, file, 'commonjs') : code, options];
  };
  /** @this {unknown} */
  const run = function (/** @type {unknown[]} */ ...args) {
    return apply(runInThisContext, this, transformed(args));
  };
  look(run, runInThisContext);
  /** @this {unknown} */
  const runIn = function (
    /** @type {unknown} */ code,
    /** @type {any} */ context,
    /** @type {unknown} */ options,
  ) {
    if (vm.isContext(Object(context))) define(context);
    return apply(runInContext, this, [transformed([code, options])[0], context, options]);
  };
  look(runIn, runInContext);
  /** @this {unknown} */
  const compile = function (
    /** @type {unknown} */ code,
    /** @type {unknown} */ names,
    /** @type {any} */ options,
  ) {
    const [body] = transformed([code, options]);
    const context = options?.parsingContext;
    if (vm.isContext(Object(context))) define(context);
    return apply(compileFunction, this, [body, names, options]);
  };
  look(compile, compileFunction);
  const scripts = new Replacements('node:vm', vm);
  scripts.replace('compileFunction', compile);
  scripts.replace('runInContext', runIn);
  scripts.replace('runInThisContext', run);
  scripts.replace(
    'Script',
    new Proxy(Script, {
      construct: (target, args, newTarget) => construct(target, transformed(args), newTarget),
    }),
  );
  // Only with --experimental-vm-modules.
  if (SourceTextModule !== undefined) {
    scripts.replace(
      'SourceTextModule',
      new Proxy(SourceTextModule, {
        construct(target, [code, options, ...rest], newTarget) {
          const file = fileOf(options?.identifier);
          const isWhole = typeof code === 'string' && file !== undefined;
          const source = isWhole ? transformer.transform(code, file, 'module') : code;
          const context = options?.context;
          if (vm.isContext(Object(context))) define(context);
          return construct(target, [source, options, ...rest], newTarget);
        },
      }),
    );
  }
  Replacements.publish();
  replaceMethod(
    Script.prototype,
    'runInContext',
    (original) =>
      /** @this {unknown} */
      function (/** @type {any} */ context, /** @type {unknown} */ options) {
        if (vm.isContext(Object(context))) define(context);
        return apply(original, this, [context, options]);
      },
  );
  replaceMethod(
    Script.prototype,
    'runInNewContext',
    (original) =>
      /** @this {any} */
      function (/** @type {any} */ context = {}, /** @type {any} */ options) {
        // vm.constants.DONT_CONTEXTIFY: the global object is made by that.
        if (typeof context === 'symbol') return this.runInContext(contextOf(context));
        if (Object(context) === context) define(context);
        return apply(original, this, [context, options]);
      },
  );
}

/** @param {any} marker */
const contextOf = (marker) => vm.createContext(marker);

/** @param {any} options  of a script */
function fileOf(options) {
  const name = typeof options === 'string' ? options : options?.filename;
  const isFile = typeof name === 'string' && (path.isAbsolute(name) || name.startsWith('file:'));
  return isFile ? name : undefined;
}

module.exports = { transformScripts };
