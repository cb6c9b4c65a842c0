'use strict';

// How many spans of OpenTelemetry lie below the span that was active where they were asked for, and
// how many traces have spans of one request only.

/**
 * @param {{ name: string, id?: string, traceId: string, spanId: string, parentId?: string }[]} spans
 * @param {Record<string, string[]>} parents  by name of a span, those that may be above it; of a
 *   span that is not named, none
 */
function reportParents(spans, parents) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const counts = new Map();
  for (const span of spans) {
    const wanted = parents[span.name] ?? [];
    const point = `${span.name}, below ${wanted.join(' or ') || 'nothing'}`;
    const count = counts.get(point) ?? { total: 0, right: 0 };
    count.total++;
    if (isBelow(span, byId.get(span.parentId), wanted)) count.right++;
    counts.set(point, count);
  }
  for (const point of [...counts.keys()].sort()) {
    const { right, total } = counts.get(point);
    console.log(`${point}: ${right} of ${total}`);
  }
  reportTraces(spans);
}

function isBelow({ parentId, traceId }, parent, wanted) {
  if (parent === undefined) return parentId === undefined && wanted.length === 0;
  return wanted.includes(parent.name) && parent.traceId === traceId;
}

function reportTraces(spans) {
  const traces = new Map();
  for (const { traceId, id } of spans) {
    const ids = traces.get(traceId) ?? new Set();
    if (id !== undefined) ids.add(id); // spans of a library do not say whose they are
    traces.set(traceId, ids);
  }
  const pure = [...traces.values()].filter(({ size }) => size === 1).length;
  console.log(`traces with the spans of one request: ${pure} of ${traces.size}`);
}

module.exports = { reportParents };
