// What a compiler makes of this is run: its source map leads back here.
// expect: lost certain birth
// mend: proven
// compiled: true

import { AsyncLocalStorage } from 'node:async_hooks';

export interface Store {
  readonly id: number;
}

/** What waits for the interval. */
export type Callback = (row: string) => void;

type Read = [expected: number, got: number | null];

const storage = new AsyncLocalStorage<Store>();
const reads: Read[] = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting: Callback[] = [];
const interval = setInterval(() => {
  for (const callback of waiting.splice(0)) callback('row'); // finding: ran
  if (reads.length === 3) clearInterval(interval);
}, 5);

function query(callback: Callback): void {
  waiting.push(callback);
}

function handle(id: number): void {
  // finding: made
  query((): void => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
