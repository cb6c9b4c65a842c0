'use strict';

// OpenTelemetry's active context, as it crosses to other threads and processes: the context of the
// active span, baggage, and whether tracing is suppressed.
//
// They are read and sent directly, and not by the global propagator. Without one that is registered
// nothing would cross; and what crosses would depend on its format: B3 has no trace state, and no
// format of the W3C says that tracing is suppressed.

const path = require('node:path');
const { carrierOf, define } = require('../contexts/registry.js');
const { packageFiles } = require('../package/files.js');

/** @typedef {import('../contexts/registry.js').Carrier} Carrier */

/** @typedef {{ serialize(): string }} TraceState */

/**
 * @typedef {object} SpanContext
 * @property {string} traceId
 * @property {string} spanId
 * @property {number} traceFlags
 * @property {boolean} [isRemote]
 * @property {TraceState} [traceState]
 */

/** @typedef {{ value: string, metadata?: { toString(): string } }} BaggageEntry */
/** @typedef {{ getAllEntries(): [string, BaggageEntry][] }} Baggage */

/**
 * @typedef {object} Context
 * @property {(key: symbol) => unknown} getValue
 * @property {(key: symbol, value: unknown) => Context} setValue
 */

/**
 * What is used of `@opentelemetry/api`.
 *
 * @typedef {object} Api
 * @property {Context} ROOT_CONTEXT
 * @property {{ active(): Context, with<T>(context: Context, fn: () => T): T }} context
 * @property {{
 *   getSpanContext(context: Context): SpanContext | undefined,
 *   setSpanContext(context: Context, span: SpanContext): Context,
 * }} trace
 * @property {{
 *   getBaggage(context: Context): Baggage | undefined,
 *   setBaggage(context: Context, baggage: Baggage): Context,
 *   createBaggage(entries: Record<string, BaggageEntry>): Baggage,
 * }} propagation
 * @property {(span: SpanContext) => boolean} isSpanContextValid
 * @property {(text: string) => TraceState} createTraceState
 * @property {(text: string) => { toString(): string }} baggageEntryMetadataFromString
 */

/**
 * What is sent: JSON can say it, too.
 *
 * @typedef {object} Sent
 * @property {{ traceId: string, spanId: string, traceFlags: number, traceState?: string }} [span]
 * @property {[key: string, value: string, metadata?: string][]} [baggage]
 * @property {true} [suppressed]  tracing is suppressed
 */

const NAME = 'async-hooks-rs.opentelemetry';

// The key of @opentelemetry/core, which the API does not know: createContextKey() there is
// Symbol.for(), so that its versions understand each other.
const SUPPRESSED = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

class OpenTelemetryCarrier {
  #api;
  name = NAME;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** The file that defines it; `undefined` in a bundle without the installed package. */
  get module() {
    const { files } = packageFiles();
    return files && path.join(files.folder, 'opentelemetry.js');
  }

  capture() {
    const active = this.#api.context.active();
    const span = this.#spanOf(active);
    const baggage = this.#baggageOf(active);
    const suppressed = active.getValue(SUPPRESSED) === true;
    if (span === undefined && baggage === undefined && !suppressed) return undefined;
    /** @type {Sent} */
    const sent = {};
    if (span !== undefined) sent.span = span;
    if (baggage !== undefined) sent.baggage = baggage;
    if (suppressed) sent.suppressed = true;
    return sent;
  }

  /**
   * @template T
   * @param {Sent} sent
   * @param {() => T} fn
   */
  enter({ span, baggage, suppressed }, fn) {
    const { context, trace, propagation, ROOT_CONTEXT } = this.#api;
    let entered = ROOT_CONTEXT;
    if (span !== undefined) entered = trace.setSpanContext(entered, this.#remote(span));
    if (baggage !== undefined) entered = propagation.setBaggage(entered, this.#restored(baggage));
    if (suppressed) entered = entered.setValue(SUPPRESSED, true);
    return context.with(entered, fn);
  }

  /**
   * @template T
   * @param {() => T} fn
   */
  exit(fn) {
    const { context, ROOT_CONTEXT } = this.#api;
    return context.with(ROOT_CONTEXT, fn);
  }

  /**
   * @param {Context} active
   * @returns {Sent['span']}
   */
  #spanOf(active) {
    const { trace, isSpanContextValid } = this.#api;
    const span = trace.getSpanContext(active);
    if (span === undefined || !isSpanContextValid(span)) return undefined;
    const { traceId, spanId, traceFlags, traceState } = span;
    const text = traceState?.serialize() ?? '';
    return { traceId, spanId, traceFlags, ...(text !== '' && { traceState: text }) };
  }

  /**
   * Remote, as what a propagator extracts is: samplers and exporters tell the two apart.
   *
   * @param {NonNullable<Sent['span']>} sent
   * @returns {SpanContext}
   */
  #remote({ traceId, spanId, traceFlags, traceState }) {
    const span = { traceId, spanId, traceFlags, isRemote: true };
    if (traceState === undefined) return span;
    return { ...span, traceState: this.#api.createTraceState(traceState) };
  }

  /**
   * @param {Context} active
   * @returns {Sent['baggage']}
   */
  #baggageOf(active) {
    const entries = this.#api.propagation.getBaggage(active)?.getAllEntries() ?? [];
    if (entries.length === 0) return undefined;
    return entries.map(([key, { value, metadata }]) =>
      metadata === undefined ? [key, value] : [key, value, metadata.toString()],
    );
  }

  /** @param {NonNullable<Sent['baggage']>} sent */
  #restored(sent) {
    const { propagation, baggageEntryMetadataFromString } = this.#api;
    const entries = sent.map(([key, value, metadata]) => [
      key,
      metadata === undefined
        ? { value }
        : { value, metadata: baggageEntryMetadataFromString(metadata) },
    ]);
    return propagation.createBaggage(Object.fromEntries(entries));
  }
}

/**
 * The carrier of this thread, from the first copy of the package that was asked: all of them do the
 * same, and the API has its state in one place for all of its own copies.
 *
 * @param {Api} api
 * @returns {Carrier}
 */
function openTelemetryCarrier(api) {
  const known = carrierOf(NAME);
  if (known !== undefined) return known;
  const carrier = new OpenTelemetryCarrier(api);
  define(carrier);
  return carrier;
}

module.exports = { openTelemetryCarrier };
