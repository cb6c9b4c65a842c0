// Types that Node strips, on classes that requests share.
// expect: none
// node: 22 24 26

import { AsyncLocalStorage } from 'node:async_hooks';

type Store = { readonly id: number };

const storage = new AsyncLocalStorage<Store>();
const reads: [number | null, number | null][] = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id: number): number => reads.push([id, storage.getStore()?.id ?? null]);

interface Repository<Key, Row> {
  find(key: Key): Promise<Row>;
}

class Users implements Repository<number, { name: string }> {
  private readonly rows = new Map<number, { name: string }>();

  async find(id: number): Promise<{ name: string }> {
    const known = this.rows.get(id);
    read(id);
    if (known !== undefined) return known;
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
    read(id);
    const row = { name: `user ${id}` } as const;
    this.rows.set(id, row);
    return row;
  }
}

let users: Users | undefined;
const getUsers = (): Users => (users ??= new Users());

async function handle(id: number): Promise<void> {
  await getUsers().find(id);
  await getUsers().find(id);
  read(id);
}

for (const id of [1, 2, 3, 4]) void storage.run({ id }, handle, id);
