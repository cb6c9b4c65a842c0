import { AsyncLocalStorage } from 'async-hooks-rs';

const storage = new AsyncLocalStorage();

export const dynamic = 'force-dynamic';

export function GET() {
  return storage.run('store', async () => {
    await null;
    return Response.json([storage.getStore()]);
  });
}
