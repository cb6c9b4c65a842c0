import { WorkerPool } from 'async-hooks-rs';

export const dynamic = 'force-dynamic';

export async function GET() {
  const pool = new WorkerPool(1);
  const sum = await pool.run({ a: 42, b: 100 });
  await pool.close();
  return Response.json([sum]);
}
