'use strict';

// Stacks are captured for few resources, listeners and bound functions of a kind, and the places
// that findings name are right all the same.

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

// Functions, methods and listeners are called where they were made, many times. Then some wait, and
// others call them.
const WAITING = `${START}
const MANY = 200;
const spans = new AsyncLocalStorage();
const queue = [];
const shared = new EventEmitter();
class Request {
  answered() { storage.getStore(); } // read bind
}
function listens() { storage.getStore(); } // read emitter
function submit(fn, isBusy) {
  if (isBusy) queue.push(fn);
  else spans.run('direct', fn);
}
function handle(id) {
  const isBusy = id > MANY;
  const request = new Request();
  submit(() => storage.getStore(), isBusy); // made birth
  submit(request.answered.bind(request), isBusy); // made bind
  if (isBusy) shared.once('free', listens); // made emitter
  else new EventEmitter().once('free', listens).emit('free');
}
function next() {
  queue.shift()(); // ran
}
for (let id = 1; id <= MANY + 3; id++) storage.run({ id }, handle, id);
later(() => {
  while (queue.length > 0) storage.run({ id: 'others' }, next);
  storage.run({ id: 'others' }, () => shared.emit('free'));
});
`;

describe('what has crossed nowhere many times, and then does', () => {
  it('is found at the place where it was made', async () => {
    const { findings } = await traced(WAITING);
    const found = findings.map(({ kind, rule, made }) => [kind, rule, made.line]);
    assert.deepEqual(
      found.sort(([, a], [, b]) => a.localeCompare(b)),
      ['bind', 'birth', 'emitter'].map((rule) => [
        'foreign',
        rule,
        lineOf(WAITING, `// made ${rule}`),
      ]),
    );
  });
});

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
