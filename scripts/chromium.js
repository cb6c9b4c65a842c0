'use strict';

// A real Chromium for tests and pictures: $CHROMIUM, the one in PATH, or Debian's.

const { findProgram } = require('./programs.js');

/**
 * Opens it with `playwright`, which is that of the folder that has it as a dependency. The caller
 * closes the browser. Only own pages may be opened in it: root may not use the sandbox.
 */
function openChromium(playwright) {
  const executablePath = process.env.CHROMIUM ?? findProgram('chromium', 'chromium');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return playwright.chromium.launch({ executablePath, args });
}

module.exports = { openChromium };
