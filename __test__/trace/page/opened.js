'use strict';

// A page in Chromium: nothing may be asked for but its own file, and nothing may go wrong.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { after, before } = require('node:test');
const { openChromium } = require('../../../scripts/chromium.js');

const WIDE = { width: 1280, height: 900 };
// A busy machine takes long; what does not come at all is an error all the same.
const PATIENCE = 120_000;
const shots = path.join(__dirname, 'shots');

/** In a describe(): a browser and a folder of its own, which end with it. */
function withBrowser() {
  const own = {};
  before(async () => {
    own.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
    own.browser = await openChromium(require('playwright-core'));
  });
  after(async () => {
    await own.browser?.close();
    fs.rmSync(own.folder, { recursive: true, force: true });
  });
  return own;
}

/** Opens the file for `use(tab)`, and asserts that the page kept quiet. */
async function opened(browser, file, use, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', ...options });
  const problems = [];
  const requests = [];
  try {
    context.setDefaultTimeout(PATIENCE);
    const tab = await context.newPage();
    tab.on('pageerror', (error) => problems.push(error.message));
    tab.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    tab.on('request', (request) => requests.push(request.url()));
    const url = pathToFileURL(file).href;
    await tab.goto(url, { waitUntil: 'load' });
    await use(tab);
    assert.deepEqual(problems, []);
    assert.deepEqual(requests, [url]);
  } finally {
    await context.close();
  }
}

/** Keeps a picture of what is shown. */
const keep = (tab, name) => tab.screenshot({ path: path.join(shots, `${name}.png`) });

/** What the article about the finding shows. */
function shown(tab) {
  return tab.locator('#finding').evaluate((article) => {
    const lines = (selector) =>
      [...article.querySelectorAll(selector)]
        .map(({ lastChild }) => lastChild.textContent)
        .join('');
    const texts = (selector, within = article) =>
      [...within.querySelectorAll(selector)].map(({ textContent }) => textContent.trim());
    return {
      sentence: texts('h2')[0],
      cards: [...article.querySelectorAll('.card')].map((card) => ({
        name: card.dataset.step,
        place: texts('.place code', card)[0],
        marked: texts('.line.mark .text', card)[0],
      })),
      before: lines('.diff del'),
      after: lines('.diff ins'),
      proof: texts('.proof')[0],
    };
  });
}

module.exports = { withBrowser, opened, keep, shown };
