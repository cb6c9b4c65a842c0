'use strict';

// What the comments of a program say is true of it. At the top:
//
//   // expect: <kind> certain|possible <rule>[|<rule>]   or `none` (healthy), or `unseen`
//   // mend: proven | none      whether the mend that the finder names makes every read right
//   // options: --possible      without which it is not shown
//   // node: 22 24 26           the versions that it is for, if not for all
//   // flags: --expose-gc       options of Node
//   // compiled: true           TypeScript that a compiler has made into JavaScript with a map
//   // package made: raw-body/index.js:193      the place, where it is in a package's file; `ran`
//
// and at the places, `// finding: read`, `made` (where the function was made, or registered, or
// bound, or the storage constructed) and `ran` (what ran it): at the end of their lines, or, where
// the formatter would move it, alone on the line before. A line may be several: `read, made`.

const fs = require('node:fs');
const path = require('node:path');

const HEADER = /^\/\/ (expect|mend|options|node|flags|compiled|package made|package ran): (.*)$/gm;
const MARKER = /\/\/ finding: ([\w, ]+)$/;
const PLACES = ['read', 'made', 'ran'];

function markedLines(source) {
  const lines = { read: [], made: [], ran: [] };
  for (const [index, text] of source.split('\n').entries()) {
    const marker = MARKER.exec(text);
    if (marker === null) continue;
    const alone = text.trimStart().startsWith('//');
    for (const place of marker[1].split(', ')) {
      if (!PLACES.includes(place)) throw new Error(`unknown place '${place}': ${text}`);
      lines[place].push(index + (alone ? 2 : 1));
    }
  }
  return lines;
}

const words = (text = '') => text.split(' ').filter(Boolean);

/**
 * @param {string} file
 */
function truthOf(file) {
  const source = fs.readFileSync(file, 'utf8');
  const header = Object.fromEntries(
    [...source.matchAll(HEADER)].map(([, key, text]) => [key, text]),
  );
  if (header.expect === undefined) throw new Error(`${file} does not say what to expect`);
  const [kind, tier, rules = ''] = words(header.expect);
  return {
    kind,
    certain: tier === 'certain',
    rules: rules.split('|'),
    mend: header.mend ?? 'none',
    options: Object.fromEntries(words(header.options).map((name) => [name.slice(2), true])),
    node: header.node === undefined ? [20, 22, 24, 26] : words(header.node).map(Number),
    flags: words(header.flags),
    compiled: header.compiled === 'true',
    lines: markedLines(source),
    packages: { made: words(header['package made']), ran: words(header['package ran']) },
  };
}

/** The programs of a folder, with their truths, that are for a version of Node: the running one. */
function programsIn(folder, major = Number(process.versions.node.split('.')[0])) {
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => ({ name, file: path.join(folder, name) }))
    .map((program) => ({ ...program, truth: truthOf(program.file) }))
    .filter(({ truth }) => truth.node.includes(major));
}

module.exports = { programsIn, truthOf };
