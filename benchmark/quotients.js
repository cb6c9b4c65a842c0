'use strict';

// From samples to rows: the costs of the contenders, and quotients of them, one per round (or
// turn), then their median and quartiles. Never a quotient of medians: a disturbance of the machine
// affects the contenders of one round alike.

/** @param {number[]} values  @param {number} part  0.5 for the median */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

function median(values) {
  return quantile(values, 0.5);
}

function range(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function spread(values) {
  return { median: median(values), q1: quantile(values, 0.25), q3: quantile(values, 0.75) };
}

/**
 * What is known of one metric of a case.
 *
 * @typedef {object} Row
 * @property {string} name  of the case
 * @property {string} title  what one iteration, request, task or process of it is
 * @property {string} metric
 * @property {string} unit
 * @property {'less'} better  every metric is a cost
 * @property {number} samples  rounds, or turns of servers
 * @property {Record<string, { median: number, min: number, max: number }>} contenders  their costs
 * @property {Record<string, { median: number, q1: number, q3: number }>} quotients  of costs, by
 *   'first/second'
 */

/**
 * One row per metric of the case. `subject.quotients` are pairs of contenders, the value of the
 * first divided by that of the second; with `subject.above` the value of that contender is
 * subtracted from both before.
 *
 * @returns {Row[]}
 */
function rows(subject, samples) {
  const contenders = subject.contenders.filter((contender) => contender !== subject.above);
  return Object.keys(samples[0]).map((metric) => {
    const base = (sample) => (subject.above === undefined ? 0 : sample[metric][subject.above]);
    const value = (sample, contender) => sample[metric][contender] - base(sample);
    const quotient = ([first, second]) => [
      `${first}/${second}`,
      spread(samples.map((sample) => value(sample, first) / value(sample, second))),
    ];
    return {
      name: subject.name,
      title: subject.title,
      metric,
      unit: subject.units[metric],
      better: 'less',
      samples: samples.length,
      contenders: Object.fromEntries(
        contenders.map((contender) => [
          contender,
          range(samples.map((sample) => value(sample, contender))),
        ]),
      ),
      quotients: Object.fromEntries(subject.quotients.map(quotient)),
    };
  });
}

module.exports = { quantile, median, rows };
