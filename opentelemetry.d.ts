import type { ContextCarrier } from './contexts.js';

/** What is sent of OpenTelemetry's context: a plain object, which JSON can say, too. */
export interface OpenTelemetryContext {
  /** The active span, if it is valid. */
  span?: {
    traceId: string;
    spanId: string;
    traceFlags: number;
    /** In the format of the W3C's header `tracestate`. */
    traceState?: string;
  };
  /** The baggage, if it has entries: their keys, values and metadata. */
  baggage?: [key: string, value: string, metadata?: string][];
  /** Tracing is suppressed: see `suppressTracing()` of `@opentelemetry/core`. */
  suppressed?: true;
}

/**
 * Carries OpenTelemetry's active context, for the option `contexts` of a `WorkerPool`, and for
 * `carry()`: the active span, its trace state, and baggage. Spans that are started on the other
 * side are children of the span that was active at the submission. The SDK has to run there, too:
 * each thread has its own.
 *
 * Needs `@opentelemetry/api`, and no propagator. Other values of the context do not cross: give
 * them a carrier of their own, with `defineCarrier()`.
 */
export declare const openTelemetry: ContextCarrier<OpenTelemetryContext>;
