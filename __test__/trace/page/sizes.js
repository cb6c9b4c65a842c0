'use strict';

// Narrow screens, and reports with a thousand contexts.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { largeReport, pageOfReport } = require('./made.js');
const { keep, opened, shown, withBrowser } = require('./opened.js');

const PATIENCE = 20_000; // milliseconds that a click on a large report may take, when busy

describe('sizes', () => {
  const own = withBrowser();

  it('nothing is wider than a telephone', async () => {
    const { file } = pageOfReport(largeReport(8, 3), path.join(own.folder, 'narrow.html'));
    const viewport = { width: 390, height: 844 };
    await opened(
      own.browser,
      file,
      async (tab) => {
        const wide = () => document.documentElement.scrollWidth - window.innerWidth;
        assert.equal(await tab.evaluate(wide), 0);
        await tab.locator('[role="option"]').nth(1).click();
        assert.equal((await shown(tab)).cards.length, 4);
        await keep(tab, 'narrow');
      },
      { viewport },
    );
  });

  it('of a thousand contexts those with findings come first, and others are folded', async () => {
    const { file } = pageOfReport(largeReport(1000, 5), path.join(own.folder, 'large.html'));
    await opened(own.browser, file, async (tab) => {
      const lanes = () => tab.locator('.labels b').allInnerTexts();
      const first = [1, 2, 3, 4, 5].map((id) => `{ id: ${id} }`);
      assert.deepEqual(await lanes(), [...first, 'no context']);
      const folded = () => tab.locator('#folded').innerText();
      assert.equal(await folded(), '995 other contexts without a finding: folded. Show 100 more');
      await tab.locator('#folded button').click();
      assert.equal((await lanes()).length, 106);
      assert.match(await folded(), /^895 other contexts without a finding: folded\./);
      await tab.locator('[role="option"]').nth(4).click({ timeout: PATIENCE });
      assert.equal((await shown(tab)).cards[1].place, 'orders.js:15');
      await keep(tab, 'large');
    });
  });

  it('of a thousand findings each can be chosen, and its lane is shown', async () => {
    const { file } = pageOfReport(largeReport(1000, 1000), path.join(own.folder, 'many.html'));
    await opened(own.browser, file, async (tab) => {
      assert.equal(await tab.locator('.labels li').count(), 25);
      await tab.locator('[role="option"]').nth(700).click({ timeout: PATIENCE });
      const chosen = tab.locator('.crossing.chosen');
      assert.equal(await chosen.getAttribute('data-from'), '701');
      assert.match(await tab.locator('#folded').innerText(), /^975 other contexts: folded\./);
    });
  });

  it('the picture can be made wider and narrower, and fits again', async () => {
    const { file } = pageOfReport(largeReport(20, 3), path.join(own.folder, 'zoom.html'));
    await opened(own.browser, file, async (tab) => {
      const width = () => tab.locator('.tracks').evaluate((svg) => svg.clientWidth);
      const fitting = await width();
      await tab.locator('#wider').click();
      assert.ok((await width()) > fitting);
      await tab.locator('#fit').click();
      assert.equal(await width(), fitting);
      await tab.locator('#narrower').click();
      assert.ok((await width()) < fitting);
    });
  });
});
