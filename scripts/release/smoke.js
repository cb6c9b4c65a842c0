'use strict';

// Installs the package into an empty project, with the addons for this machine that are in a folder,
// and uses it there on the running Node: `node scripts/release/smoke.js artifacts`.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { checkProject, checkTrace } = require('./consumer.js');
const { installInto } = require('./packages.js');

const [folder] = process.argv.slice(2);
const project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
try {
  fs.writeFileSync(path.join(project, 'package.json'), '{ "private": true }\n');
  installInto(project, [path.resolve(folder)]);
  const engine = checkProject(project, [process.execPath]);
  checkTrace(project, [process.execPath]);
  console.log(`${process.platform}-${process.arch}, Node ${process.version}: engine ${engine}`);
} finally {
  fs.rmSync(project, { recursive: true, force: true });
}
