// Types that Node strips as it loads the file.
// expect: lost certain birth
// mend: proven
// node: 22 24 26

import { AsyncLocalStorage } from 'node:async_hooks';

interface Store {
  readonly id: number;
}

type Callback<Row> = (error: Error | null, row: Row) => void;

const storage = new AsyncLocalStorage<Store>();
const reads: [number, number | null][] = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Client<Row extends object> {
  readonly commands: { row: Row; callback: Callback<Row> }[] = [];

  send(row: Row, callback: Callback<Row>): void {
    this.commands.push({ row, callback });
  }

  answer(): void {
    for (const { row, callback } of this.commands.splice(0)) callback(null, row); // finding: ran
  }
}

const client = new Client<{ name: string }>();
const interval: NodeJS.Timeout = setInterval(() => {
  client.answer();
  if (reads.length === 3) clearInterval(interval);
}, 5);

function handle(id: number): Promise<string> {
  return new Promise<string>((resolve) => {
    // finding: made
    client.send({ name: `user ${id}` }, (_error: Error | null, row): void => {
      const store = storage.getStore() as Store | undefined; // finding: read
      reads.push([id, store?.id ?? null]);
      resolve(row!.name);
    });
  });
}

for (const id of [1, 2, 3] satisfies number[]) storage.run({ id }, handle, id);
