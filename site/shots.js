'use strict';

// Pictures of the site, to look at: light and dark, narrow and wide, into site/staged/shots. It takes
// what `npm run docs:build` has built. Arguments are the pages; without any, these:

const path = require('node:path');
const { output } = require('./build.js');
const { withSite } = require('./browser.js');

const PAGES = ['index', 'guides/request-context', 'api/worker-pool', 'performance', 'errors'];
const SIZES = { narrow: { width: 390, height: 844 }, wide: { width: 1280, height: 900 } };

async function main() {
  const given = process.argv.slice(2);
  const pages = given.length > 0 ? given : PAGES;
  await withSite(output, async (browser, origin) => {
    for (const colorScheme of ['light', 'dark']) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        const context = await browser.newContext({ viewport, colorScheme });
        const tab = await context.newPage();
        for (const page of pages) {
          await tab.goto(`${origin}/${page}.html`, { waitUntil: 'networkidle' });
          const name = `${page.replaceAll('/', '-')}-${colorScheme}-${size}.png`;
          await tab.screenshot({ path: path.join(__dirname, 'staged', 'shots', name) });
          console.log(name);
        }
        await context.close();
      }
    }
  });
}

main();
