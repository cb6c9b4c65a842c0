'use strict';

// `npm run docs:trace-shots`: pictures of the page for the documentation, light and dark, of the
// program in shop/. They are taken with the fonts that are installed here; Inter and JetBrains Mono
// come first. pngquant makes a third of their size, because they are in the package.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { installLocked } = require('../../../scripts/npm.js');
const { findProgram } = require('../../../scripts/programs.js');
const { buildTraceAddon } = require('../../../scripts/trace-addon.js');

const pictures = path.resolve(__dirname, '..', '..', '..', 'docs', 'pictures');
const SIZE = { width: 1240, height: 1250 };
const SMALL = ['--force', '--strip', '--speed', '1', '--quality', '70-95'];
const shop = path.join(__dirname, 'shop');

async function main() {
  installLocked(__dirname);
  buildTraceAddon();
  // They may have been installed a moment ago.
  const { pageOf } = require('./made.js');
  const { opened } = require('./opened.js');
  const { openChromium } = require('../../../scripts/chromium.js');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  const browser = await openChromium(require('playwright-core'));
  try {
    const { file, report } = await pageOf('server.mjs', folder, ['--try-mends'], shop);
    const lost = report.findings.find(({ kind }) => kind === 'lost');
    for (const colorScheme of ['light', 'dark']) {
      const name = path.join(pictures, `trace-${colorScheme}.png`);
      const shoot = async (tab) => {
        await tab.locator(`[data-finding="${lost.id}"][role="option"]`).click();
        await tab.mouse.move(0, 0);
        await tab.screenshot({ path: name });
        execFileSync(findProgram('pngquant', 'pngquant'), [...SMALL, '--output', name, name]);
      };
      await opened(browser, file, shoot, { viewport: SIZE, colorScheme });
      console.log(`${path.relative(process.cwd(), name)}: ${fs.statSync(name).size} bytes`);
    }
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main();
