// Modules: top-level await, import(), and live bindings.
// expect: none

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

export default class Service {
  static #instance;

  static get instance() {
    return (this.#instance ??= new Service());
  }

  async load(id) {
    read(id);
    await sleep(1);
    const { basename } = await import('node:path');
    read(id);
    return basename(import.meta.url);
  }
}

export const handle = async (id) => {
  await Service.instance.load(id);
  read(id);
};

await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id)));
reads.push([null, storage.getStore() ?? null]);
