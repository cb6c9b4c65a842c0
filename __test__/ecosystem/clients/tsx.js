'use strict';

// A processor in TypeScript with syntax that Node cannot strip, by the loader of tsx.

const path = require('node:path');
const { WorkerPool } = require('../../../index.js');

const file = path.join(__dirname, '..', 'helpers', 'colours.ts');

async function main() {
  const pool = new WorkerPool(1, file, { execArgv: ['--import', 'tsx'] });
  console.log(await pool.run('Red'));
  await pool.close();
}

main();
