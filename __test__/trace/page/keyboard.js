'use strict';

// Everything can be reached without a mouse, and what happens is announced.

const { before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { largeReport, pageOfReport } = require('./made.js');
const { opened, shown, withBrowser } = require('./opened.js');

const LIMIT = 30; // steps of the tabulator

/** Presses Tab until `selector` has the focus. */
async function tabTo(tab, selector) {
  for (let i = 0; i < LIMIT; i++) {
    await tab.keyboard.press('Tab');
    const there = await tab.evaluate((wanted) => document.activeElement.matches(wanted), selector);
    if (there) return;
  }
  assert.fail(`${selector} cannot be reached`);
}

const focused = (tab, what) =>
  tab.evaluate((name) => document.activeElement.getAttribute(name), what);

describe('the keyboard', () => {
  const own = withBrowser();
  let file;
  let findings;
  before(() => {
    const report = largeReport(6, 4);
    Object.assign(report.findings[3], { certain: false, why: 'it is possible', count: 2 });
    ({ findings } = report);
    ({ file } = pageOfReport(report, path.join(own.folder, 'keyboard.html')));
  });

  it('arrow keys, Home and End move in the list; Enter shows, Escape leads back', async () => {
    await opened(own.browser, file, async (tab) => {
      await tabTo(tab, '[role="option"]');
      assert.equal(await focused(tab, 'data-finding'), findings[0].id);
      await tab.keyboard.press('ArrowDown');
      assert.equal(await focused(tab, 'data-finding'), findings[1].id);
      await tab.keyboard.press('End');
      assert.equal(await focused(tab, 'data-finding'), findings[2].id);
      await tab.keyboard.press('ArrowDown');
      assert.equal(await focused(tab, 'data-finding'), findings[2].id);
      await tab.keyboard.press('Home');
      await tab.keyboard.press('ArrowDown');
      await tab.keyboard.press('Enter');
      assert.equal(await focused(tab, 'id'), 'finding');
      const { cards } = await shown(tab);
      assert.equal(cards[1].place, `orders.js:${findings[1].made.line}`);
      const announced = await tab.locator('[role="status"]').innerText();
      assert.equal(announced, `Finding 2 of 4: ${findings[1].sentence}`);
      await tab.keyboard.press('Escape');
      assert.equal(await focused(tab, 'data-finding'), findings[1].id);
    });
  });

  it('the list is one stop of the tabulator, and so are the tabs', async () => {
    await opened(own.browser, file, async (tab) => {
      await tabTo(tab, '[role="tab"]');
      await tab.keyboard.press('Tab');
      assert.equal(await focused(tab, 'role'), 'option');
      await tab.keyboard.press('Tab');
      assert.notEqual(await focused(tab, 'role'), 'option');
    });
  });

  it('arrow keys change the tab', async () => {
    await opened(own.browser, file, async (tab) => {
      await tabTo(tab, '[role="tab"]');
      await tab.keyboard.press('ArrowRight');
      assert.equal(await focused(tab, 'aria-selected'), 'true');
      await tab.keyboard.press('Tab');
      assert.equal(await focused(tab, 'data-finding'), findings[3].id);
      await tab.keyboard.press('Space');
      assert.equal(await tab.locator('#finding .why').innerText(), 'Only possible: it is possible');
    });
  });

  it('lanes are unfolded and folded, and the focus stays there', async () => {
    await opened(own.browser, file, async (tab) => {
      assert.match(await tab.locator('#folded').innerText(), /^2 other contexts without a finding/);
      await tabTo(tab, '#folded button');
      await tab.keyboard.press('Enter');
      assert.equal(await tab.locator('.labels li').count(), 7);
      await tab.keyboard.press('Enter');
      assert.equal(await tab.locator('.labels li').count(), 5);
    });
  });
});
