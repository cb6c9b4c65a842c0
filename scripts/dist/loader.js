'use strict';

/**
 * What loads the modules of dist/. Its text becomes part of the files that are roots (../dist.js).
 *
 * @param {Record<string, (part: Function, module: object) => void>} modules  by their names
 * @param {Record<string, () => typeof modules>} groups  the other files, by theirs
 * @param {object} own  the module of the file itself
 */
function createLoader(modules, groups, own) {
  const loaded = { __proto__: null };

  // In place of `require()`: the module `name`, which the file `group` adds if none has before.
  function part(name, group) {
    const known = loaded[name];
    if (known !== undefined) return known.exports;
    if (!(name in modules)) Object.assign(modules, groups[group]());
    const made = { __proto__: own, exports: {} };
    loaded[name] = made;
    let finished = false;
    try {
      modules[name](part, made);
      finished = true;
    } finally {
      if (!finished) delete loaded[name]; // to be tried again, as Node does it
    }
    return made.exports;
  }

  return part;
}

module.exports = { createLoader };
