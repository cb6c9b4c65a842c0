'use strict';

// The functions that a processor exports, by their names.

const { exportUnknown, notAProcessor } = require('../errors/processor.js');

const { hasOwn, keys } = Object;

/** The name of what takes the tasks of a pool that names no other. */
const DEFAULT = 'default';

class Exports {
  #file;
  /** @type {Record<string, unknown>[]} */
  #places;
  #default;

  /**
   * @param {any} namespace  as import() gives it: `module.exports` of CommonJS is its default
   * @param {string} file
   */
  constructor(namespace, file) {
    this.#file = file;
    this.#places = [namespace, namespace.default].filter((place) => Object(place) === place);
    // That of an ES module which a compiler has made CommonJS is the second one.
    this.#default = [namespace.default, namespace.default?.default].find(isFunction);
  }

  /**
   * What functions and objects inherit is no export.
   *
   * @param {string} name
   * @returns {Function | undefined}
   */
  get(name) {
    if (name === DEFAULT) return this.#default;
    for (const place of this.#places) {
      const value = hasOwn(place, name) ? place[name] : undefined;
      if (typeof value === 'function') return value;
    }
    return undefined;
  }

  /**
   * The function of this name or, if there is none, one that throws that.
   *
   * @param {string} name
   * @returns {Function}
   */
  callable(name) {
    return this.get(name) ?? this.#failing(name);
  }

  /** @param {string} name */
  #failing(name) {
    return () => {
      throw this.unknown(name);
    };
  }

  /** Whether there is a function of any name. */
  get hasFunctions() {
    return this.#names().some((name) => this.get(name) !== undefined);
  }

  /**
   * The error of a task for a function that is not there.
   *
   * @param {string} name
   */
  unknown(name) {
    const known = this.#names().filter((other) => this.get(other) !== undefined);
    return exportUnknown(this.#file, name, known);
  }

  /**
   * The error of a file that has nothing to run tasks with.
   *
   * @param {string | undefined} name  of the export that was asked for
   * @param {boolean} mayListen  it could have listened for messages
   */
  notAProcessor(name, mayListen) {
    const wanted = name === undefined ? '' : `there is no function '${name}', `;
    const there = this.#names().join(', ') || 'none';
    return notAProcessor(this.#file, mayListen, `${wanted}its exports are: ${there}`);
  }

  /** Those of all exports. */
  #names() {
    const names = new Set(this.#places.flatMap((place) => keys(place)));
    names.delete('module.exports'); // which Node 24 and later have among the names
    return [...names].sort();
  }
}

/** @param {unknown} value */
const isFunction = (value) => typeof value === 'function';

module.exports = { DEFAULT, Exports };
