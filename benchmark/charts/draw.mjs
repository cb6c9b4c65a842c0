// Draws the chart of a suite on one Node, as SVG text.

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { digest, framed, LEFT, textAt, WIDTH } from './frame.mjs';
import data from './data.js';
import commandLine from '../command-line.js';
import facts from '../page/facts.js';

const { NAMES, operations, requests, tasks } = data;
const { number } = commandLine;

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const RIGHT = 200; // for the figures beside a bar
const RATE = 55; // where these columns end
const P99 = 120;
const MEMORY = 185;
const ROW = 24;
const COLORS = { ours: 'var(--ours)', builtin: 'var(--other)', none: 'var(--none)' };

/** Marks of Plot, without its style sheet, which the frame replaces. */
function plotted(options) {
  const svg = Plot.plot({ document, width: WIDTH, ...options });
  svg.querySelector('style')?.remove();
  for (const name of ['class', 'font-family', 'font-size']) svg.removeAttribute(name);
  // A tenth of a pixel is enough.
  return svg.outerHTML.replace(/="[^"]*"/g, (value) => value.replace(/(\.\d)\d+/g, '$1'));
}

/** Names on the left, as Plot's axis would write them, but in full. */
const names = (labels) => Plot.axisY({ tickSize: 0, fontSize: 13, label: null, ticks: labels });

const milliseconds = ({ value, unit }) => `${number(unit === 'us' ? value / 1e3 : value)} ms`;

const compact = (value) => (value >= 1e3 ? Math.round(value).toLocaleString('en') : number(value));

/** Bars of rates, with whiskers, and latency and memory in columns beside them. */
function barsOf({ title, bars }, unit) {
  const labels = bars.map(({ label }) => label);
  const height = labels.length * ROW + 62;
  const column = (text, x) =>
    Plot.text(bars, {
      y: 'label',
      frameAnchor: 'right',
      dx: x,
      textAnchor: 'end',
      text,
      fill: 'var(--text)',
    });
  const svg = plotted({
    height,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 24,
    marginBottom: 38,
    x: { label: unit, labelAnchor: 'center', labelArrow: 'none', nice: true, zero: true, ticks: 5 },
    y: { domain: labels, padding: 0.25 },
    marks: [
      Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
      Plot.barX(bars, {
        x: 'value',
        y: 'label',
        fill: ({ ours }) => (ours ? 'var(--ours)' : 'var(--other)'),
      }),
      Plot.ruleY(bars, {
        x1: 'low',
        x2: 'high',
        y: 'label',
        stroke: 'var(--text)',
        strokeWidth: 1.5,
        marker: 'tick',
      }),
      names(labels),
      column(({ value }) => compact(value), RATE),
      column(({ p99 }) => milliseconds(p99), P99),
      column(({ rss }) => `${rss.value.toFixed(0)} MB`, MEMORY),
    ],
  });
  const heads = [
    ['rate', RATE],
    ['p99', P99],
    ['memory', MEMORY],
  ].map(([text, x]) => textAt(WIDTH - RIGHT + x, 14, text, 'soft', 'end'));
  return { svg: svg + textAt(20, 14, title, 'panel') + heads.join(''), height: height + 10 };
}

function barChart(title, unit, panels, words) {
  return {
    title,
    description: panels
      .map(
        (panel) =>
          `${panel.title}, ${unit}: ${panel.bars
            .map((bar) => `${bar.label} ${compact(bar.value)}`)
            .join(', ')}.`,
      )
      .join(' '),
    entries: [
      { label: 'async-hooks-rs', color: 'ours' },
      { label: 'others', color: 'other' },
    ],
    parts: panels.map((panel) => barsOf(panel, unit)),
    words: `${words} Whiskers: the slowest and the quickest measurement.`,
  };
}

/** The powers of ten from below `low` to above `high`. */
function powers(low, high) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** Two or three dots per operation on one scale of times. */
function dotChart(result) {
  const lines = operations(result);
  const points = lines.flatMap((line) => line.points);
  const labels = lines.map(({ label }) => label);
  const decades = powers(
    Math.min(...points.map(({ low }) => low)),
    Math.max(...points.map(({ high }) => high)),
  );
  const height = labels.length * ROW + 62;
  const svg = plotted({
    height,
    marginLeft: LEFT,
    marginRight: 90,
    marginTop: 24,
    marginBottom: 38,
    x: { type: 'log', domain: [decades[0], decades.at(-1)] },
    y: { domain: labels, type: 'point', padding: 0.5 },
    marks: [
      Plot.gridX(decades, { stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.axisX(decades, {
        tickFormat: (value) => (value >= 1e3 ? `${value / 1e3} us` : `${value} ns`),
        label: 'time of one operation, logarithmic',
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      Plot.ruleY(lines, {
        y: 'label',
        stroke: 'var(--line)',
        strokeWidth: 3,
        x1: ({ points: each }) => Math.min(...each.map(({ value }) => value)),
        x2: ({ points: each }) => Math.max(...each.map(({ value }) => value)),
      }),
      Plot.ruleY(points, {
        x1: 'low',
        x2: 'high',
        y: 'label',
        stroke: ({ contender }) => COLORS[contender],
        strokeWidth: 1.5,
        marker: 'tick',
      }),
      Plot.dot(points, {
        x: 'value',
        y: 'label',
        r: 5,
        fill: ({ contender }) => COLORS[contender],
      }),
      names(labels),
      Plot.text(lines, {
        y: 'label',
        frameAnchor: 'right',
        dx: 70,
        textAnchor: 'end',
        fontSize: 13,
        text: ({ quotient }) => `${number(quotient)}x`,
        fill: 'var(--text)',
      }),
    ],
  });
  return {
    title: 'Time of one operation, less is better',
    description: lines
      .map(
        ({ label, quotient }) =>
          `${label}: async-hooks-rs is ${number(quotient)} times as fast as the built-in class.`,
      )
      .join(' '),
    entries: [
      { label: NAMES.ours, color: 'ours' },
      { label: NAMES.builtin, color: 'other' },
      { label: NAMES.none, color: 'none' },
    ],
    parts: [{ svg: svg + textAt(WIDTH - 20, 14, 'as fast', 'soft', 'end'), height: height + 10 }],
    words:
      'Whiskers: the slowest and the quickest measurement. ' +
      '2x: twice as fast as the built-in class.',
  };
}

const charts = {
  context: dotChart,
  pool: (result) =>
    barChart(
      'Tasks through a pool of one thread, more is better',
      'thousand tasks per second',
      tasks(result),
      'Rate: many tasks at once. p99: of the time of a task, one after the other. Memory: resident.',
    ),
  service: (result) =>
    barChart(
      'A service with libraries that keep context, more is better',
      'requests per second',
      requests(result),
      'p99: of the time of a response. Memory: resident.',
    ),
};

export { digest };

/** The chart of `result`, which was read from a file with the digest `source`. */
export function draw(result, source) {
  const { words, ...chart } = charts[result.suite](result);
  return framed({ ...chart, caption: `${words} ${facts.source([result])}.`, source });
}
