'use strict';

// axe finds no barrier for readers with a screen reader, or with little sight; light and dark.

const { before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { largeReport, pageOfReport } = require('./made.js');
const { opened, withBrowser } = require('./opened.js');

/** What axe says: the rules that are broken, each with the elements. */
async function barriersOf(tab) {
  // By the tools of the browser, which the policy of the page does not bind.
  await tab.evaluate(require('axe-core').source);
  return tab.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document);
    const text = ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`;
    return { violations: violations.map(text), passed: passes.map(({ id }) => id) };
  });
}

describe('barriers', () => {
  const own = withBrowser();
  let file;
  before(() => {
    const report = largeReport(12, 4);
    const proof = { right: 3, of: 3, left: [] };
    const mend = { place: report.findings[0].made, how: 'bind function', before: 'a', after: 'b' };
    Object.assign(report.findings[0], { mend, proof });
    Object.assign(report.findings[3], { certain: false, why: 'it ran in two contexts' });
    ({ file } = pageOfReport(report, path.join(own.folder, 'barriers.html')));
  });

  for (const colorScheme of ['light', 'dark']) {
    it(`axe finds none, ${colorScheme}`, async () => {
      await opened(
        own.browser,
        file,
        async (tab) => {
          await tab.locator('#words summary').click();
          const { violations, passed } = await barriersOf(tab);
          assert.deepEqual(violations, []);
          assert.ok(passed.includes('color-contrast') && passed.includes('aria-required-children'));
          await tab.getByRole('tab', { name: /Possible/ }).click();
          await tab.locator('[role="option"]').click();
          assert.deepEqual((await barriersOf(tab)).violations, []);
        },
        { colorScheme },
      );
    });
  }

  it('dark is dark, and light is light', async () => {
    const paper = { light: 'rgb(250, 249, 247)', dark: 'rgb(20, 22, 27)' };
    for (const [colorScheme, color] of Object.entries(paper)) {
      await opened(
        own.browser,
        file,
        async (tab) => {
          const seen = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
          assert.equal(seen, color);
        },
        { colorScheme },
      );
    }
  });

  it('nothing moves for those who asked for that', async () => {
    const durations = () =>
      getComputedStyle(document.querySelector('.crossing')).transitionDuration;
    await opened(own.browser, file, async (tab) => {
      assert.equal(await tab.evaluate(durations), '0s');
    });
    const moving = { reducedMotion: 'no-preference' };
    await opened(
      own.browser,
      file,
      async (tab) => assert.notEqual(await tab.evaluate(durations), '0s'),
      moving,
    );
  });
});
