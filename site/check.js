'use strict';

// `npm run test:site`: builds the site and opens every page in Chromium. Fails on an error in the
// console, a file that is missing, a link without a target, a page that is wider than a telephone,
// a block of code that cannot be copied, and a search that does not find. `-- --built` opens what
// was built before.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { build, output } = require('./build.js');
const { withSite, pagesOf } = require('./browser.js');

const NARROW = { width: 390, height: 844 };
const WIDE = { width: 1280, height: 900 };
const TABS = 2; // open pages at once

// What a reader looks for, and the page that the first result has to lead to.
const SEARCHES = [
  ['ERR_WORKER_POOL_QUEUE_FULL', '/errors.html'],
  ['enterWith', '/api/async-local-storage.html'],
  ['bindEmitter', '/guides/from-cls-hooked.html'],
  ['outputFileTracingIncludes', '/guides/'],
];

const problems = [];

/** What the page has: run inside of it. */
function inspect() {
  const code = [...document.querySelectorAll('.vp-doc div[class*="language-"]')];
  return {
    title: document.title,
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    notCopied: code.filter((block) => block.querySelector('button.copy') === null).length,
  };
}

async function visit(context, origin, pages) {
  const tab = await context.newPage();
  const seen = new Map();
  let current;
  tab.on('pageerror', (error) => problems.push(`${current}: ${error.message}`));
  tab.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${current}: ${message.text()}`);
  });
  tab.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${current}: no ${response.url()}`);
  });
  for (current of pages) {
    await tab.goto(`${origin}${current}`, { waitUntil: 'load' });
    seen.set(current, await tab.evaluate(inspect));
  }
  await tab.close();
  return seen;
}

async function visitAll(browser, origin, pages) {
  const context = await browser.newContext({ viewport: NARROW });
  const parts = Array.from({ length: TABS }, (_, i) => pages.filter((_page, j) => j % TABS === i));
  const visited = await Promise.all(parts.map((part) => visit(context, origin, part)));
  await context.close();
  return new Map(visited.flatMap((seen) => [...seen]));
}

function checkLinks(seen, origin) {
  let links = 0;
  for (const [page, { links: hrefs }] of seen) {
    for (const href of new Set(hrefs)) {
      const url = new URL(href);
      if (url.origin !== origin) continue;
      links++;
      const to = url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname;
      const target = seen.get(to);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (target === undefined) {
        if (!fs.existsSync(path.join(output, to))) problems.push(`${page}: ${href} is no page`);
      } else if (anchor !== '' && !target.ids.includes(anchor)) {
        problems.push(`${page}: ${href} is no heading`);
      }
    }
  }
  return links;
}

function checkPages(seen) {
  for (const [page, { title, overflow, notCopied }] of seen) {
    if (title === '') problems.push(`${page}: no title`);
    if (overflow > 0) problems.push(`${page}: ${overflow} pixels wider than a telephone`);
    if (notCopied > 0) problems.push(`${page}: ${notCopied} blocks of code without a button`);
  }
}

async function checkSearch(browser, origin) {
  const context = await browser.newContext({ viewport: WIDE });
  const tab = await context.newPage();
  // The session remembers the results of an earlier search; they would be taken for those of this.
  await tab.addInitScript(() => sessionStorage.clear());
  for (const [text, page] of SEARCHES) {
    await tab.goto(`${origin}/contents.html`, { waitUntil: 'networkidle' });
    await tab.locator('#local-search button').first().click();
    await tab.locator('#localsearch-input').fill(text);
    const results = tab.locator('.VPLocalSearchBox .results .result');
    try {
      await results.first().waitFor({ timeout: 20_000 });
      const hrefs = await results.evaluateAll((all) => all.map(({ href }) => href));
      const first = new URL(hrefs[0]).pathname;
      if (!first.startsWith(page)) problems.push(`search for ${text}: ${first} comes first`);
      await tab.keyboard.press('Enter');
      await tab.waitForURL((url) => url.pathname === first);
    } catch (error) {
      problems.push(`search for ${text}: ${error.message}`);
    }
  }
  await context.close();
}

async function checkCopying(browser, origin) {
  const context = await browser.newContext({ viewport: WIDE });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  const tab = await context.newPage();
  let copied = 0;
  for (const page of ['/index.html', '/guides/request-context.html']) {
    await tab.goto(`${origin}${page}`, { waitUntil: 'networkidle' });
    for (const block of await tab.locator('.vp-doc div[class*="language-"]').all()) {
      const code = await block.locator('pre code').innerText();
      await block.hover();
      await block.locator('button.copy').click();
      await block.locator('button.copy.copied').waitFor();
      const text = await tab.evaluate(() => navigator.clipboard.readText());
      if (text.trim() !== code.trim()) problems.push(`${page}: a block is copied as ${text}`);
      copied++;
    }
  }
  await context.close();
  return copied;
}

async function main() {
  const started = process.hrtime.bigint();
  const seconds = () => (Number(process.hrtime.bigint() - started) / 1e9).toFixed(0);
  if (!process.argv.includes('--built')) build();
  console.log(`built after ${seconds()} s`);
  await withSite(output, async (browser, origin) => {
    const pages = pagesOf(output);
    const seen = await visitAll(browser, origin, pages);
    const links = checkLinks(seen, origin);
    checkPages(seen);
    await checkSearch(browser, origin);
    const copied = await checkCopying(browser, origin);
    console.log(
      `${pages.length} pages, ${links} links, ${SEARCHES.length} searches, ` +
        `${copied} blocks copied, after ${seconds()} s`,
    );
    assert.ok(pages.length > 20 && links > 500 && copied > 8);
  });
  const models = fs.readFileSync(path.join(output, 'llms.txt'), 'utf8');
  for (const [, file] of models.matchAll(/\]\(([^)]+)\)/g)) {
    if (!fs.existsSync(path.join(output, file))) problems.push(`llms.txt: no ${file}`);
  }
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

main();
