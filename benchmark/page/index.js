'use strict';

// node benchmark/page/index.js [--results <folder>] draws the charts of all results, and fills the
// pages: a chart per suite and Node beside the results, and those of the newest LTS in docs/charts.

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { start } = require('../report.js');
const { FOLDER, file, read, suites } = require('../results.js');
const { install } = require('../../scripts/npm.js');
const { supported } = require('../../scripts/node-versions.js');
const { PAGES, SHOWN, load, filled } = require('./text.js');

const root = path.join(__dirname, '..', '..');
const CHARTS = path.join(__dirname, '..', 'charts');

async function main() {
  const {
    values: { results },
  } = parseArgs({ options: { results: { type: 'string', default: FOLDER } } });
  if (!fs.existsSync(path.join(CHARTS, 'node_modules'))) install(CHARTS);
  const { draw, digest } = await import('../charts/draw.mjs');
  for (const suite of suites) {
    for (const major of supported) {
      const result = read(results, suite, major);
      if (result === undefined) continue;
      const source = file(results, suite, major);
      const svg = draw(result, digest(fs.readFileSync(source)));
      fs.writeFileSync(source.replace(/json$/, 'svg'), svg);
      if (major !== SHOWN || results !== FOLDER) continue;
      fs.mkdirSync(path.join(root, 'docs', 'charts'), { recursive: true });
      fs.writeFileSync(path.join(root, 'docs', 'charts', `${suite}.svg`), svg);
    }
  }
  if (results !== FOLDER) return;
  const all = load(FOLDER);
  for (const page of PAGES) {
    const place = path.join(root, page);
    fs.writeFileSync(place, filled(page, fs.readFileSync(place, 'utf8'), all));
  }
}

start(main);
