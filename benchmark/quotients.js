'use strict';

// From samples to quotients: one per round (or turn), then their median and quartiles. Never a
// quotient of medians: a disturbance of the machine affects the contenders of one round alike.

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

function spread(values) {
  return {
    median: median(values),
    q1: quantile(values, 0.25),
    q3: quantile(values, 0.75),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/**
 * One row per metric and quotient of the case. `subject.quotients` are pairs of contenders, the
 * value of the first divided by that of the second; with `subject.above` the value of that
 * contender is subtracted from both before.
 */
function rows(subject, samples) {
  const result = [];
  for (const metric of Object.keys(samples[0])) {
    const base = (sample) => subject.above === undefined ? 0 : sample[metric][subject.above];
    const value = (sample, contender) => sample[metric][contender] - base(sample);
    const values = {};
    for (const contender of subject.contenders) {
      values[contender] = median(samples.map((sample) => value(sample, contender)));
    }
    for (const [first, second] of subject.quotients) {
      const quotients = samples.map((sample) => value(sample, first) / value(sample, second));
      result.push({
        case: subject.name,
        metric,
        unit: subject.units[metric],
        quotient: `${first}/${second}`,
        ...spread(quotients),
        samples: quotients.length,
        values: { [first]: values[first], [second]: values[second] },
      });
    }
  }
  return result;
}

module.exports = { quantile, median, rows };
