'use strict';

// A pool that `async-hooks-rs/metrics` measures with the real SDK: a span for each task, below the
// one that is active at its submission, and the metrics that a reader collects.

const { SpanStatusCode, trace } = require('@opentelemetry/api');
const {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} = require('@opentelemetry/sdk-metrics');
const {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} = require('@opentelemetry/sdk-trace-node');
const path = require('node:path');
const { instrument } = require('../../../metrics.js');
const { WorkerPool } = require('../../../index.js');

const spans = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register();
const tracer = trace.getTracer('ecosystem');

const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: metrics });
const meter = new MeterProvider({ readers: [reader] }).getMeter('ecosystem');

const file = path.join(__dirname, '..', '..', 'fixtures', 'pool', 'exports.js');
const pool = new WorkerPool(1, file, { name: 'count' });
const end = instrument(pool, { name: 'sums', meter, tracer });

/** Calls `fn` in a span, which is a root. */
const inSpan = (name, fn) =>
  tracer.startActiveSpan(name, async (span) => {
    await fn();
    span.end();
  });

const times = (attributes) =>
  Object.keys(attributes)
    .filter((key) => /_time$|thread/.test(key))
    .map((key) => `${key} ${typeof attributes[key]}`);
const others = (attributes) =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(attributes).filter(([key]) => !/_time$|thread\.id/.test(key)),
    ),
  );

function printSpans() {
  const all = spans.getFinishedSpans();
  const names = new Map(all.map((span) => [span.spanContext().spanId, span.name]));
  for (const { name, attributes, status, events, parentSpanContext } of all) {
    const parent = names.get(parentSpanContext?.spanId) ?? 'nothing';
    console.log(`span '${name}' below ${parent}: ${SpanStatusCode[status.code]}`);
    if (parent === 'nothing') continue;
    console.log(`  ${others(attributes)}`);
    console.log(`  ${times(attributes).join(', ')}; ${events.map((event) => event.name)}`);
  }
}

function printMetrics() {
  const [{ scopeMetrics }] = metrics.getMetrics().slice(-1);
  for (const { descriptor, dataPoints } of scopeMetrics[0].metrics) {
    console.log(`metric ${descriptor.name} in ${descriptor.unit}`);
    for (const { attributes, value } of dataPoints) {
      const text = value.count === undefined ? value : `${value.count} times`;
      console.log(`  ${others(attributes)}: ${text}`);
    }
  }
}

async function main() {
  await inSpan('one', () => pool.call.add(1, 2));
  await inSpan('two', () => Promise.all([pool.run(1), pool.call.fails().catch(() => {})]));
  await reader.forceFlush();
  end();
  await inSpan('three', () => pool.call.add(1, 2));
  await pool.close();
  await reader.shutdown();
  printSpans();
  printMetrics();
}

main();
