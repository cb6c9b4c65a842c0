const { readFile } = require('node:fs/promises');
const { WorkerPool } = require('async-hooks-rs');
const addon = require('./demo.node');

const pool = new WorkerPool(4, { native: 'blake3', addon });

async function hashOf(file) {
  const hash = await pool.run(await readFile(file));
  return Buffer.from(hash).toString('hex');
}

hashOf(__filename)
  .then(console.log)
  .finally(() => pool.close());
