'use strict';

// What is on the site, and where. docs/index.md is the table of contents: its sections are those of
// the sidebar and of llms.txt. A page keeps its path below docs/.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const SECTION = /^## (.*)\n+((?:- .*\n(?: {2}.*\n)*)+)/gm;
const ENTRY = /^- \[([^\]]+)\]\(([^)]+)\)(?:: ([^\n]*(?:\n {2}.*)*))?/gm;

// Files outside of docs/ that are pages, and where they stand. SECURITY.md need not be there.
const OUTSIDE = new Map([
  ['CHANGELOG.md', 'changelog.md'],
  ['SECURITY.md', 'security.md'],
]);

// The page for docs/index.md; README.md gives the first one.
const CONTENTS = 'contents.md';

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');

/** A Map from files of the repository to those of the site: Markdown and pictures. */
function staged() {
  const files = fs
    .readdirSync(path.join(root, 'docs'), { recursive: true })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => /\.(?:md|png|svg)$/.test(file) && !file.startsWith('upstream/'))
    .map((file) => [`docs/${file}`, file === 'index.md' ? CONTENTS : file]);
  const outside = [...OUTSIDE].filter(([file]) => fs.existsSync(path.join(root, file)));
  return new Map([...files, ...outside]);
}

/** The sections of docs/index.md, each with `title` and `pages` of `title`, `file`, `about`. */
function sections() {
  const files = staged();
  const found = [...read('docs/index.md').matchAll(SECTION)].map(([, title, list]) => ({
    title,
    pages: [...list.matchAll(ENTRY)].map(([, name, target, about = '']) => ({
      title: name,
      file: files.get(path.posix.join('docs', target)),
      about: about.replaceAll('\n ', ''),
    })),
  }));
  if (files.has('SECURITY.md')) {
    found.at(-1).pages.push({ title: 'Security', file: 'security.md', about: '' });
  }
  return found;
}

module.exports = { root, read, staged, sections };
