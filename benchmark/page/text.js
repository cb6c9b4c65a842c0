'use strict';

// Puts figures of the results into a page, so that each has a run behind it. A page has
//
//   <!-- results: NAME -->           a table of tables.js, `SUITE chart`, or `SUITE sources`,
//   <!-- /results -->                up to here,
//   <!-- result: SUITE MAJOR CASE METRIC FIRST/SECOND -->1.1<!-- /result -->     one quotient.

const path = require('node:path');
const { FOLDER, read, suites } = require('../results.js');
const { supported } = require('../../scripts/node-versions.js');
const { tables, render } = require('./tables.js');
const { sources } = require('./facts.js');

const BLOCK = /(<!-- results: ([\w-]+)(?: (sources|chart))? -->\n)[^]*?(<!-- \/results -->)/g;
const FIGURE = /(<!-- result: (\S+ \d+ \S+ \S+ \S+) -->)[^<]*(<!-- \/result -->)/g;

// What is told of a suite's spread: the times that its tables begin with.
const TIMES = { context: ['time', 'cpu'], pool: ['burst', 'cpu'], service: ['time', 'cpu'] };

/** The pages with figures, from the root. */
const PAGES = ['README.md', 'docs/performance.md'];

/** The Node of the charts on the pages: the newest with long-term support. */
const SHOWN = 24;

const CHARTS = {
  context: 'Dots for the time of each operation, on a logarithmic scale',
  pool: 'Bars for the rates of pools, for small tasks, objects and buffers',
  service: 'Bars for the requests per second of an Express and a Fastify app',
};

/** The results of a suite, oldest Node first. */
function resultsOf(suite, folder = FOLDER) {
  return supported.map((major) => read(folder, suite, major)).filter((each) => each !== undefined);
}

/** All results, by suite. */
function load(folder) {
  return Object.fromEntries(suites.map((suite) => [suite, resultsOf(suite, folder)]));
}

function ofVersion(results, major) {
  return results.find(({ node }) => node.startsWith(`${major}.`));
}

/** The lines between two markers, none where there are no results. */
function block(all, name, kind, charts) {
  const suite = kind === undefined ? tables[name]?.suite : name;
  if (!Object.hasOwn(all, suite)) throw new RangeError(`there is no table '${name}'`);
  const results = all[suite];
  if (kind === 'chart') {
    const shown = ofVersion(results, SHOWN);
    return shown === undefined
      ? ''
      : `![${CHARTS[suite]}; Node ${SHOWN}, ${shown.date}](${charts}/${suite}.svg)\n`;
  }
  if (results.length === 0) return '';
  return `${kind === 'sources' ? sources(results, TIMES[suite]) : render(tables[name], results)}\n`;
}

/** Two digits: more would not stay the same from run to run. */
function figure(all, words) {
  const [suite, major, name, metric, quotient] = words.split(' ');
  const row = ofVersion(all[suite] ?? [], major)?.rows.find(
    (each) => each.name === name && each.metric === metric,
  );
  const found = row?.quotients[quotient];
  if (found === undefined) throw new RangeError(`there is no result '${words}'`);
  return `${Number(found.median.toPrecision(2))}`;
}

/** The text of a page, whose path is given from the root, with the figures of `all` results. */
function filled(page, text, all) {
  const charts = path.posix.relative(path.posix.dirname(page), 'docs/charts');
  return text
    .replace(
      BLOCK,
      (match, begin, name, kind, end) => `${begin}${block(all, name, kind, charts)}${end}`,
    )
    .replace(FIGURE, (match, begin, name, end) => `${begin}${figure(all, name)}${end}`);
}

module.exports = { PAGES, SHOWN, load, filled };
