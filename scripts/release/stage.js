'use strict';

// Makes the folders of the packages in npm/, from the addons in a folder, which must have all of
// them: `node scripts/release/stage.js artifacts`. Prints them in the order in which they are to be
// published. `npm run build` has to run before.

const fs = require('node:fs');
const path = require('node:path');
const { binariesIn, root, stage } = require('./packages.js');
const { targets } = require('./targets.js');

const [folder] = process.argv.slice(2);
const binaries = binariesIn(path.resolve(folder));
const missing = targets.flatMap((target) =>
  target.addons
    .map(({ binary }) => binary)
    .filter((binary) => binaries.get(target)?.has(binary) !== true),
);
if (missing.length > 0) throw new Error(`${folder} lacks ${missing.join(', ')}`);

const staged = path.join(root, 'npm');
fs.rmSync(staged, { recursive: true, force: true });
for (const place of stage(staged, binaries)) console.log(path.relative(root, place));
