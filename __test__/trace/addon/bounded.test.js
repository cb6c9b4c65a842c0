'use strict';

// What a program does without end takes memory that has one.

const test = require('node:test');
const assert = require('node:assert/strict');
const { loadTraceAddon } = require('../../../lib/package/trace-addon.js');
const { kinds, WORDS } = require('../../../lib/trace/event-kinds.js');

const MIB = 2 ** 20;
const RING = 4 * MIB;
const EVENTS = 4096;
const BUFFERS = 1500; // 187 MiB of events
const MOST = 64 * MIB; // what the queue, the ring and the allocator take is well below

test('memory is bounded by the ring, and what is dropped is counted', () => {
  const addon = loadTraceAddon();
  addon.start(JSON.stringify({ possible: true, picture: true, ringSize: RING, buffers: 16 }));
  const thread = addon.attach();
  addon.evidence(thread, JSON.stringify({ type: 'resource-type', id: 1, name: 'PROMISE' }));
  const words = new Uint32Array(EVENTS * WORDS);
  const before = process.memoryUsage.rss();
  let id = 0;
  for (let buffer = 0; buffer < BUFFERS; buffer += 1) {
    for (let at = 0; at < words.length; at += 4 * WORDS) {
      id += 1;
      words.set([kinds.ENTER, id, 0, 1, 0, 1, id, 1], at);
      words.set([kinds.INIT, id, id - 1, 0, id, 1, id, 1], at + WORDS);
      words.set([kinds.BEFORE, id, 0, 0, id, 0, id, 0], at + 2 * WORDS);
      words.set([kinds.READ, 1, 0, 0, id, 1, id, 0], at + 3 * WORDS);
    }
    addon.hand(thread, words, words.length, []);
  }
  const report = JSON.parse(addon.report(thread, false));
  const grown = process.memoryUsage.rss() - before;
  const [{ events, dropped, forgotten, contexts }] = report.processes;
  assert.ok(grown < MOST, `${Math.round(grown / MIB)} MiB`);
  assert.equal(events + dropped, BUFFERS * EVENTS);
  assert.ok(forgotten > 0);
  // Which contexts there were is not part of the picture.
  assert.equal(contexts, id);
  assert.ok(report.contexts.length <= 4000 && report.runs.length <= 8000);
});
