// The site: the pages that stage.js has copied, with the sections of docs/index.md as the sidebar.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { anchorOf } = require('../../scripts/anchors.js');
const { sections } = require('../contents.js');
const { description, homepage } = require('../../package.json');

const link = (file) => `/${file.replace(/\.md$/, '')}`;

// Two links of a chain: a store stays with what follows.
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" ' +
  'stroke="#3451b2" stroke-width="4"><rect x="3" y="10" width="16" height="12" rx="6"/>' +
  '<rect x="13" y="10" width="16" height="12" rx="6"/></svg>';

export default {
  title: 'async-hooks-rs',
  description,
  lang: 'en',
  base: process.env.SITE_BASE ?? '/',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  srcDir: 'staged/pages',
  outDir: 'dist',
  cacheDir: 'work/cache',
  markdown: {
    anchor: { slugify: anchorOf }, // one set of links holds here and where the repository is hosted
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: '/contents', activeMatch: '/(contents|guides/)' },
      { text: 'Interfaces', link: '/api/async-local-storage', activeMatch: '/api/' },
      { text: 'Performance', link: '/performance' },
      { text: 'Errors', link: '/errors' },
    ],
    sidebar: sections().map(({ title, pages }) => ({
      text: title,
      collapsed: false,
      items: pages.map(({ title: text, file }) => ({ text, link: link(file) })),
    })),
    socialLinks: [{ icon: 'github', link: homepage.replace(/#.*$/, '') }],
  },
};
