'use strict';

// `npm run docs:build`: the site, in site/dist. Its tools are installed on the first run.
// SITE_BASE is the path under which it will be served. Default: '/'.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { installLocked } = require('../scripts/npm.js');
const { sections } = require('./contents.js');
const { stage } = require('./stage.js');
const { description } = require('../package.json');

const pages = path.join(__dirname, 'staged', 'pages');
const output = path.join(__dirname, 'dist');

/** llms.txt, after llmstxt.org: the pages as Markdown, each with what it is about. */
function writeForModels() {
  const lines = ['# async-hooks-rs', '', `> ${description}`];
  const whole = [];
  for (const { title, pages: listed } of sections()) {
    lines.push('', `## ${title}`, '');
    for (const page of listed) {
      lines.push(`- [${page.title}](${page.file})${page.about === '' ? '' : `: ${page.about}`}`);
      const markdown = fs.readFileSync(path.join(pages, page.file), 'utf8');
      fs.writeFileSync(path.join(output, page.file), markdown);
      whole.push(markdown);
    }
  }
  fs.writeFileSync(path.join(output, 'llms.txt'), `${lines.join('\n')}\n`);
  fs.writeFileSync(path.join(output, 'llms-full.txt'), whole.join('\n'));
}

function build() {
  installLocked(__dirname);
  stage(pages);
  const program = path.join(__dirname, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
  const { status, error } = spawnSync(process.execPath, [program, 'build', __dirname], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) {
    throw Object.assign(new Error(`vitepress ended with exit code ${status}`), {
      code: 'ERR_SITE_BUILD',
    });
  }
  writeForModels();
}

module.exports = { build, output };

if (require.main === module) build();
