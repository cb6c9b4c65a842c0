'use strict';

// What the package for node:http does for a program with OpenTelemetry: the server's and the
// client's requests are spans, context goes from one to the other in headers, and the emitters of a
// request are bound to its context.

const http = require('node:http');
const { SpanKind, TraceFlags, context, propagation, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} = require('@opentelemetry/sdk-trace-base');
const { REQUEST_ID } = require('../../helpers/load.js');

const ID = 'request.id';

// The headers of the W3C for the span and for baggage, as far as this program uses them.
const propagator = {
  inject(from, carrier, setter) {
    const { traceId, spanId } = trace.getSpanContext(from);
    setter.set(carrier, 'traceparent', `00-${traceId}-${spanId}-01`);
    const id = propagation.getBaggage(from)?.getEntry('id')?.value;
    if (id !== undefined) setter.set(carrier, 'baggage', `id=${id}`);
  },

  extract(to, carrier, getter) {
    const [, traceId, spanId] = getter.get(carrier, 'traceparent').split('-');
    const id = getter.get(carrier, 'baggage').replace('id=', '');
    const remote = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
    const baggage = propagation.createBaggage({ id: { value: id } });
    return propagation.setBaggage(trace.setSpanContext(to, remote), baggage);
  },

  fields() {
    return ['traceparent', 'baggage'];
  },
};

/** Returns the tracer and the exporter that holds the spans which have ended. */
function instrument() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(propagator);
  const tracer = provider.getTracer('ecosystem');
  traceServers(tracer);
  traceClients(tracer);
  return { tracer, exporter };
}

function traceServers(tracer) {
  const { emit } = http.Server.prototype;
  http.Server.prototype.emit = function (event, ...args) {
    if (event !== 'request') return emit.call(this, event, ...args);
    const [req, res] = args;
    const remote = propagation.extract(context.active(), req.headers);
    const attributes = { [ID]: req.headers[REQUEST_ID] };
    const span = tracer.startSpan('server', { kind: SpanKind.SERVER, attributes }, remote);
    return context.with(trace.setSpan(remote, span), () => {
      context.bind(context.active(), req);
      context.bind(context.active(), res);
      res.on('close', () => span.end());
      return emit.call(this, event, ...args);
    });
  };
}

function traceClients(tracer) {
  const { request } = http;
  http.request = function (options) {
    const caller = context.active();
    const attributes = { [ID]: options.headers[REQUEST_ID] };
    const span = tracer.startSpan('client', { kind: SpanKind.CLIENT, attributes }, caller);
    const headers = { ...options.headers };
    propagation.inject(trace.setSpan(caller, span), headers);
    const req = request.call(http, { ...options, headers });
    req.on('response', (res) => {
      context.bind(caller, res);
      res.on('end', () => span.end());
    });
    return context.bind(caller, req);
  };
}

module.exports = { ID, instrument };
