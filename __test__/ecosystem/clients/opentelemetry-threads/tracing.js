'use strict';

// What a program with OpenTelemetry loads first, in each of its threads: the SDK with its defaults
// (its context manager, the headers of the W3C) and its instrumentation of node:http.

const { SpanKind, propagation, trace } = require('@opentelemetry/api');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} = require('@opentelemetry/sdk-trace-node');

const ID = 'request.id';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
const tracer = trace.getTracer('ecosystem');

/** The id of the request, which its baggage has. */
const idOf = () => propagation.getActiveBaggage()?.getEntry('id')?.value;

/** Calls `fn` in a new span, which ends with its promise. */
function inSpan(name, fn = () => {}) {
  const attributes = { [ID]: idOf() };
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await fn();
    } finally {
      span.end();
    }
  });
}

function nameOf({ name, kind, attributes }, thread) {
  if (kind === SpanKind.CLIENT) return `client in ${thread}`;
  if (kind !== SpanKind.SERVER) return name;
  return `server of ${attributes['url.path'] ?? attributes['http.target']}`;
}

/** The spans that have ended in this thread, as what can be posted. */
function endedSpans(thread) {
  return exporter
    .getFinishedSpans()
    .map((span) => ({
      name: nameOf(span, thread),
      id: span.attributes[ID],
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      parentId: span.parentSpanContext?.spanId,
    }));
}

/** The same, once. */
function takeEndedSpans(thread) {
  const spans = endedSpans(thread);
  exporter.reset();
  return spans;
}

module.exports = { idOf, inSpan, endedSpans, takeEndedSpans };
