'use strict';

// Stacks are captured for few resources of a kind, and the places that findings name are right
// all the same.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { START, lineOf, traced } = require('../helpers/program.js');

const MANY = 2000;
const possible = { options: { quiet: true, possible: true } };

const COUNTED = `${START}
const { captureStackTrace } = Error;
let stacks = 0;
Error.captureStackTrace = (...args) => {
  stacks++;
  captureStackTrace(...args);
};
storage.run({ id: 1 }, async () => {
  for (let i = 0; i < ${MANY}; i++) await null;
  console.log(stacks);
});
`;

// Many promises are settled where they are made. Then some wait for code without a context.
const SETTLED = `${START}
let settle;
const { port1, port2 } = new MessageChannel();
port1.on('message', () => {
  answer();
  port1.close();
});
const ask = () => new Promise((resolve) => { settle = resolve; }); // made
function answer() {
  storage.getStore(); // read
  settle(); // ran
}
const handle = async (id, isLate) => {
  const answered = ask();
  if (isLate) port2.postMessage('');
  else settle();
  await answered;
};
(async () => {
  for (let i = 0; i < ${MANY}; i++) await storage.run({ id: i }, handle, i, false);
  await storage.run({ id: 'late' }, handle, 'late', true);
})();
`;

describe('stacks of the possible tier', () => {
  it('are captured for few of the resources that are made at one place', async () => {
    const { stdout } = await traced(COUNTED, possible);
    assert.ok(Number(stdout) < MANY / 10, `${stdout} stacks`);
  });

  it('are captured where a finding needs them, however many were before', async () => {
    const { findings } = await traced(SETTLED, possible);
    const settled = findings.filter(({ rule }) => rule === 'settle');
    const places = settled.map(({ made, ranBy, read }) => [made?.line, ranBy?.line, read.line]);
    assert.deepEqual(places, [
      [lineOf(SETTLED, '// made'), lineOf(SETTLED, '// ran'), lineOf(SETTLED, '// read')],
    ]);
  });
});
