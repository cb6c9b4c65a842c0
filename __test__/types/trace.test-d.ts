// What async-hooks-rs/trace declares.

import { AsyncLocalStorage as NodeAsyncLocalStorage } from 'node:async_hooks';
import { AsyncLocalStorage } from '../../index.js';
import {
  ContextLossError,
  trace,
  type TraceFinding,
  type TracePlace,
  type TraceReport,
} from '../../trace.js';
import { Equal, expect } from './equal.js';

trace.start();
trace.start({ possible: true, deep: false, include: ['src/**'], ignore: [], ringSize: 1 << 20 });
trace.start({ quiet: undefined });
// @ts-expect-error -- no such option
trace.start({ unknown: true });
// @ts-expect-error -- of another type
trace.start({ include: 'src/**' });

const end = trace.on('finding', (finding) => {
  expect<Equal<typeof finding, TraceFinding>>(true);
  const place: TracePlace | null = finding.made;
  return place?.line;
});
end();
// @ts-expect-error -- no such event
trace.on('findings', () => {});

const report: TraceReport = trace.report();
report.findings.map(({ kind }) => kind === 'lost');

const entry = trace.own({ id: 5 });
expect<Equal<typeof entry, { id: number }>>(true);
// @ts-expect-error -- no object
trace.own(5);
const isRight: boolean = trace.check(entry);
void isRight;

const clean = trace.assertClean(async () => 5);
expect<Equal<typeof clean, Promise<number>>>(true);

declare const error: unknown;
if (error instanceof ContextLossError) {
  const { code, finding, findings } = error;
  expect<Equal<typeof code, 'ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS'>>(true);
  expect<Equal<typeof finding, TraceFinding | null>>(true);
  expect<Equal<typeof findings, TraceFinding[]>>(true);
}

const ours = new AsyncLocalStorage<{ id: number }>().expect();
expect<Equal<typeof ours, { id: number }>>(true);
const nodes = new NodeAsyncLocalStorage<string>().expect();
expect<Equal<typeof nodes, string>>(true);
