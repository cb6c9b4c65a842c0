'use strict';

// Copies the pages into staged/, with links that hold on the site: those to other pages stay, those
// to other files of the repository lead to where it is hosted.

const fs = require('node:fs');
const path = require('node:path');
const { read, root, staged } = require('./contents.js');
const { homepage } = require('../package.json');

const repository = homepage.replace(/#.*$/, '');
const CODE = /(```[^]*?^```$|`[^`\n]*`)/m;
const LINK = /\]\(([^)\s]+)\)/g;
const BULLET = /^- \*\*([^*]+)\*\*((?:.*\n)(?: {2}.*\n)*)/gm;

const relative = (from, to) => path.posix.relative(path.posix.dirname(from), to) || to;

/** The page with the links that it needs in its place on the site. */
function withLinks(markdown, source, place, files) {
  const linkOf = (target) => {
    if (/^(?:https?:|#)/.test(target)) return target;
    const [name, anchor] = target.split('#');
    const file = path.posix.join(path.posix.dirname(source), name);
    const hash = anchor === undefined ? '' : `#${anchor}`;
    const to = files.get(file);
    if (to !== undefined) return `${relative(place, to)}${hash}`;
    if (fs.existsSync(path.join(root, file))) return `${repository}/blob/main/${file}${hash}`;
    throw Object.assign(new Error(`${source}: the link to ${target} leads to no file`), {
      code: 'ERR_LINK',
    });
  };
  return markdown
    .split(CODE)
    .map((part, i) =>
      i % 2 === 1 ? part : part.replace(LINK, (link, target) => `](${linkOf(target)})`),
    )
    .join('');
}

/** The first page: what README.md shows in its first screen. */
function home(files) {
  // Without the marks of what `npm run bench:page` fills in.
  const readme = read('README.md').replace(/<!--[^]*?-->/g, '');
  const [lead] = withLinks(readme, 'README.md', 'index.md', files).split(/^## /m);
  const [title, sentence] = lead.split('\n\n');
  const features = [...lead.matchAll(BULLET)].map(([, name, text]) => {
    const details = text
      .replaceAll(/\s*\n */g, ' ')
      .replaceAll('`', '')
      .trim();
    const [, link] = /\]\(([^)]+)\)/.exec(details);
    const plain = details
      .replace(/,? (?:and a )?\(?\[[^\]]*\]\([^)]*\)\)?/g, '')
      .replace(/ for every failure\.?$/, '.');
    return { title: name.replace(/\.$/, ''), details: plain, link: `/${link.replace('.md', '')}` };
  });
  const front = {
    layout: 'home',
    hero: {
      name: title.slice(2),
      tagline: sentence.replaceAll('\n', ' ').replaceAll('`', ''),
      actions: [
        { theme: 'brand', text: 'Request context', link: '/guides/request-context' },
        { theme: 'alt', text: 'Worker pool', link: '/api/worker-pool' },
        { theme: 'alt', text: 'All pages', link: '/contents' },
      ],
    },
  };
  const body = lead.split('\n\n').slice(2).join('\n\n').replace(BULLET, '');
  // The code comes first; the features of the front matter would stand above it.
  return [
    '---',
    JSON.stringify(front),
    '---',
    '',
    '<script setup>',
    "import { VPFeatures } from 'vitepress/theme';",
    `const features = ${JSON.stringify(features)};`,
    '</script>',
    '',
    '```sh',
    `npm install ${front.hero.name}`,
    '```',
    '',
    body,
    '<VPFeatures :features="features" />',
    '',
  ].join('\n');
}

/** Writes all pages into the folder, which is made anew. */
function stage(folder) {
  const files = staged();
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [source, place] of files) {
    const file = path.join(folder, place);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (!source.endsWith('.md')) fs.copyFileSync(path.join(root, source), file);
    else fs.writeFileSync(file, withLinks(read(source), source, place, files));
  }
  fs.writeFileSync(path.join(folder, 'index.md'), home(files));
}

module.exports = { stage };
