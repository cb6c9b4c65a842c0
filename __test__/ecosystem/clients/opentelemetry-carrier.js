'use strict';

// What of OpenTelemetry's context crosses: each part of it, alone and together, without a
// propagator; and in a thread that has a context of its own already.

const {
  ROOT_CONTEXT,
  TraceFlags,
  baggageEntryMetadataFromString,
  context,
  createTraceState,
  propagation,
  trace,
} = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { isTracingSuppressed, suppressTracing } = require('@opentelemetry/core');
const { openTelemetry } = require('./opentelemetry-threads/carrier.js');

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

const span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};
const withSpan = (base, more) => trace.setSpanContext(base, { ...span, ...more });
const withBaggage = (base, entries) =>
  propagation.setBaggage(base, propagation.createBaggage(entries));

const all = suppressTracing(
  withBaggage(withSpan(ROOT_CONTEXT, { traceState: createTraceState('vendor=a:1,other=b') }), {
    user: { value: 'ü = 5' },
    plan: { value: 'big', metadata: baggageEntryMetadataFromString('ttl=1') },
  }),
);

const contexts = {
  'nothing': ROOT_CONTEXT,
  'a span': withSpan(ROOT_CONTEXT),
  'a span that is not sampled': withSpan(ROOT_CONTEXT, { traceFlags: TraceFlags.NONE }),
  'a span that is not valid': withSpan(ROOT_CONTEXT, { spanId: '0000000000000000' }),
  'a span with a trace state': withSpan(ROOT_CONTEXT, { traceState: createTraceState('a=b') }),
  'baggage': withBaggage(ROOT_CONTEXT, { user: { value: '5' } }),
  'baggage without entries': withBaggage(ROOT_CONTEXT, {}),
  'suppressed tracing': suppressTracing(ROOT_CONTEXT),
  'all of it': all,
};

/** What is current, in words. */
function current() {
  const { traceId, spanId, traceFlags, traceState, isRemote } =
    trace.getActiveSpan()?.spanContext() ?? {};
  const baggage = propagation
    .getActiveBaggage()
    ?.getAllEntries()
    .map(([key, { value, metadata }]) => [key, value, metadata?.toString()]);
  return JSON.stringify({
    traceId,
    spanId,
    traceFlags,
    traceState: traceState?.serialize(),
    isRemote,
    baggage,
    suppressed: isTracingSuppressed(context.active()) || undefined,
  });
}

for (const [name, active] of Object.entries(contexts)) {
  const sent = context.with(active, () => openTelemetry.capture());
  const received = structuredClone(sent);
  console.log(`${name}: ${JSON.stringify(sent)}`);
  // In a context with something else: none of it stays.
  const arrived = context.with(withBaggage(all, { stale: { value: 'stale' } }), () =>
    received === undefined ? openTelemetry.exit(current) : openTelemetry.enter(received, current),
  );
  console.log(`  arrives as ${arrived}`);
}
