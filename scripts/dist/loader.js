'use strict';

/**
 * What loads the modules of dist/. Its text becomes part of the files that are roots (../dist.js).
 *
 * @param {Record<string, (part: Function, module: object, later: Function) => unknown>} modules  by
 *   their names; each returns its exports
 * @param {Record<string, () => typeof modules>} groups  the other files, by theirs
 * @param {object} own  the module of the file itself
 */
function createLoader(modules, groups, own) {
  const loaded = { __proto__: null };
  const { apply } = Reflect;

  // In place of `require()`: the module `name`, which the file `group` adds if none has before.
  function part(name, group) {
    const known = loaded[name];
    if (known !== undefined) return known.exports;
    if (!(name in modules)) Object.assign(modules, groups[group]());
    const made = { __proto__: own, exports: {} };
    loaded[name] = made;
    let finished = false;
    try {
      made.exports = modules[name](part, made, later);
      finished = true;
    } finally {
      if (!finished) delete loaded[name]; // to be tried again, as Node does it
    }
    return made.exports;
  }

  // In place of `require()` of a module that seldom runs: its functions `names`, which add it when
  // the first of them is called.
  function later(name, group, names) {
    const functions = {};
    for (const key of names) {
      let fn;
      functions[key] = function () {
        fn ??= part(name, group)[key];
        return apply(fn, this, arguments);
      };
    }
    return functions;
  }

  return { part, later };
}

module.exports = { createLoader };
