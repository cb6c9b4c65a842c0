'use strict';

// How, where and when the results of a suite were measured, in words.

const { median } = require('../quotients.js');

const unique = (values) => [...new Set(values)];
const percent = (value) => `${(value * 100).toFixed(0)} %`;

/** How far quartiles of quotients lie from the median, as shares of it, the smallest first. */
function deviations(results, metrics) {
  return results
    .flatMap(({ rows }) => rows)
    .filter(({ metric }) => metrics.includes(metric))
    .flatMap(({ quotients }) => Object.values(quotients))
    .map((spread) => Math.max(spread.q3 - spread.median, spread.median - spread.q1) / spread.median)
    .sort((a, b) => a - b);
}

/** For a chart of one version, or the page. */
function source(results) {
  const machines = unique(
    results.map(
      ({ machine: { system, processor, cores, memory } }) =>
        `${system}, ${processor}, ${cores} cores, ${memory}`,
    ),
  );
  const dates = unique(results.map(({ date }) => date)).sort();
  const rounds = unique(results.map((each) => each.rounds));
  return [
    `Node ${results.map(({ node }) => node).join(', ')}`,
    ...machines,
    unique([dates[0], dates.at(-1)]).join(' to '),
    `${rounds.join(' or ')} ${rounds.join() === '1' ? 'round' : 'rounds'}`,
  ].join('; ');
}

/** Below the tables of a suite. */
function sources(results, metrics) {
  const versions = Object.entries(Object.assign({}, ...results.map((each) => each.versions))).map(
    ([name, version]) => `${name} ${version}`,
  );
  const found = deviations(results, metrics);
  const measured = [source(results), versions.join(', ')].filter((each) => each !== '').join('; ');
  return [
    `Measured: ${measured}.`,
    `Quartiles of the times lie ${percent(median(found))} from their medians in one half of the`,
    `quotients, and up to ${percent(found.at(-1))}.`,
  ].join('\n');
}

module.exports = { source, sources };
