'use strict';

// A file of dist/ and its source map.

const fs = require('node:fs');
const path = require('node:path');

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number as the base 64 VLQ of source maps. */
function vlq(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

class Output {
  #name;
  #text = '';
  #column = 0;
  #lines = [[]]; // of the map, each a list of segments
  #sources = [];
  #contents = [];

  constructor(name) {
    this.#name = name;
  }

  /** Adds text that is in no source. */
  add(text) {
    this.#text += text;
    const [first, ...others] = text.split('\n');
    for (let i = 0; i < others.length; i++) this.#lines.push([]);
    this.#column = others.length === 0 ? this.#column + first.length : others.at(-1).length;
  }

  /** @param {ReturnType<typeof import('./module.js').readModule>} module */
  addModule({ name, source, tokens, after }) {
    const index = this.#sources.push(path.posix.join('../lib', `${name}.js`)) - 1;
    this.#contents.push(source);
    for (const { text, line, column, before } of tokens) {
      this.add(before);
      this.#lines.at(-1).push([this.#column, index, line, column]);
      this.add(text);
    }
    this.add(after);
  }

  write(folder) {
    const map = `${this.#name}.map`;
    fs.writeFileSync(path.join(folder, this.#name), `${this.#text}//# sourceMappingURL=${map}\n`);
    fs.writeFileSync(
      path.join(folder, map),
      `${JSON.stringify({
        version: 3,
        file: this.#name,
        sources: this.#sources,
        sourcesContent: this.#contents,
        names: [],
        mappings: this.#mappings(),
      })}\n`,
    );
  }

  #mappings() {
    let before = [0, 0, 0, 0];
    return this.#lines
      .map((segments) => {
        before = [0, ...before.slice(1)];
        return segments
          .map((segment) => {
            const text = segment.map((number, i) => vlq(number - before[i])).join('');
            before = segment;
            return text;
          })
          .join(',');
      })
      .join(';');
  }
}

module.exports = { Output };
