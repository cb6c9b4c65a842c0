// A CommonJS module with types, and parameter types in class methods.
// expect: foreign certain birth
// mend: proven
// node: 22 24 26

import type { AsyncLocalStorage as Storage } from 'node:async_hooks';

const hooks: typeof import('node:async_hooks') = require('node:async_hooks');

type Read = [expected: number, got: number | null];

const storage: Storage<{ id: number }> = new hooks.AsyncLocalStorage();
const reads: Read[] = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

abstract class Lock<Section extends () => void> {
  protected held = false;
  protected readonly waiting: Section[] = [];

  abstract lock(section: Section): void;

  unlock(): void {
    const section = this.waiting.shift() as Section | undefined;
    if (section === undefined) this.held = false;
    else section(); // finding: ran
  }
}

class Mutex extends Lock<() => void> {
  override lock(section: () => void): void {
    if (this.held) this.waiting.push(section);
    else {
      this.held = true;
      section();
    }
  }
}

const mutex = new Mutex();

function handle(this: void, id: number): void {
  // finding: made
  mutex.lock((): void => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    setImmediate((lock: Mutex) => lock.unlock(), mutex);
  });
}

for (const id of [1, 2, 3] as const) storage.run({ id }, handle, id);
