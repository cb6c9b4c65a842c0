'use strict';

// The lines of lib/, and which of them the reports of V8's coverage say were run.

const fs = require('node:fs');
const path = require('node:path');

const lib = path.resolve(__dirname, '..', '..', 'lib');

/**
 * @typedef {{ number: number, start: number, end: number, run: boolean }} Line  one with code on it
 * @typedef {{ length: number, lines: Line[] }} Source  its length in characters
 */

/** The files of a folder by their paths relative to lib/, with `/`. */
function sources(folder = lib) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    const name = path.relative(lib, file).replaceAll(path.sep, '/');
    return name.endsWith('.js') ? [[name, sourceOf(fs.readFileSync(file, 'utf8'))]] : [];
  });
}

/**
 * @param {string} text
 * @returns {Source}
 */
function sourceOf(text) {
  const lines = [];
  let at = 0;
  let inComment = false;
  for (const [index, line] of text.split('\n').entries()) {
    const code = line.trim();
    if (code.startsWith('/*')) inComment = true;
    const counts = !inComment && !code.startsWith('//') && /\w/.test(code);
    if (inComment && code.endsWith('*/')) inComment = false;
    if (counts) {
      const start = at + line.length - line.trimStart().length;
      lines.push({ number: index + 1, start, end: at + line.trimEnd().length, run: false });
    }
    at += line.length + 1;
  }
  return { length: text.length, lines };
}

class Lines {
  #sources = new Map(sources());

  /** @returns {[file: string, lines: Line[]][]} */
  get files() {
    return [...this.#sources].map(([file, { lines }]) => [file, lines]);
  }

  /**
   * Notes what one process or thread has run: a script of V8's report.
   *
   * @param {{ url: string, functions: any[] }} script
   */
  note({ url, functions }) {
    const source = this.#sourceAt(url, functions);
    if (source !== undefined) note(source.lines, functions);
  }

  /** Tests that forge where the package is installed run copies of it, which count. */
  #sourceAt(url, functions) {
    const [, file] = /\/lib\/(?!.*\/lib\/)(.+)$/.exec(url) ?? [];
    const source = this.#sources.get(file);
    return functions.some(({ ranges: [{ endOffset }] }) => endOffset === source?.length)
      ? source
      : undefined;
  }
}

/** The ranges of a function are nested. */
function note(lines, functions) {
  const ranges = functions
    .flatMap((one) => one.ranges)
    .sort((one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset);
  const open = [];
  let next = 0;
  for (const line of lines) {
    while (next < ranges.length && ranges[next].startOffset <= line.start) {
      open.push(ranges[next++]);
    }
    while (open.length > 0 && open.at(-1).endOffset <= line.start) open.pop();
    // What ended further below is not the innermost.
    const innermost = open.findLast(({ endOffset }) => endOffset > line.start);
    const begunInside =
      next < ranges.length && ranges[next].startOffset < line.end && ranges[next].count > 0;
    if ((innermost?.count ?? 0) > 0 || begunInside) line.run = true;
  }
}

module.exports = { Lines };
