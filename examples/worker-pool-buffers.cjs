'use strict';

// Binary data: copied by default, moved with a transfer list, or shared.
//
// Prints:
//   copied: 255 in the result, 0 here
//   moved: 255 in the result, 0 bytes left here
//   counted by the threads: 8192

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

async function main() {
  const pool = new WorkerPool(2, path.join(__dirname, 'support/pixels.cjs'));

  const image = new Uint8Array(4096);
  const copied = await pool.run({ pixels: image });
  console.log(`copied: ${copied[0]} in the result, ${image[0]} here`);

  const moved = await pool.run({ pixels: image }, { transferList: [image.buffer] });
  console.log(`moved: ${moved[0]} in the result, ${image.byteLength} bytes left here`);

  const progress = new Int32Array(new SharedArrayBuffer(4));
  await Promise.all([
    pool.run({ pixels: new Uint8Array(4096), progress }),
    pool.run({ pixels: new Uint8Array(4096), progress }),
  ]);
  console.log('counted by the threads:', progress[0]);
  await pool.close();
}

main();
