'use strict';

// Processor files that a test writes: broken ones that no linter would accept, and ones that change
// while the pool exists.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * Creates a folder that is removed after the test `t`.
 * @returns {(name: string, source?: string) => string} writes a file there, unless there is no
 *   source, and returns its path
 */
function processorFolder(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-pool-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return (name, source) => {
    const file = path.join(folder, name);
    if (source !== undefined) fs.writeFileSync(file, source);
    return file;
  };
}

module.exports = { processorFolder };
