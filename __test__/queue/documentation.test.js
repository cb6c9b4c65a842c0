'use strict';

// The blocks of the documentation that need BullMQ, and the commands that serve their queues: each
// runs as a reader would paste it, and must print what its comments say.

const { after, before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { blocksOf } = require('../helpers/fences.js');
const { pages, root } = require('../helpers/pages.js');
const { Redis } = require('./helpers/redis.js');
const { startCommand } = require('./helpers/server.js');

const SUBPATH = 'async-hooks-rs/bullmq';
const REDIS = 'redis://127.0.0.1:6379';
const COMMAND = /^npx async-hooks-rs (work [\w-]+ .*)$/gm;

const documents = pages()
  .map((page) => {
    const text = fs.readFileSync(path.join(root, page), 'utf8');
    return { page, text, blocks: blocksOf(text) };
  })
  .filter(({ blocks }) => blocks.some(({ needs }) => needs.includes(SUBPATH)));

describe('the documentation of QueuePool', () => {
  let folder;
  let redis;
  const startRedis = Redis.starter(after);
  before(async () => {
    redis = await startRedis();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
    const packages = path.join(folder, 'node_modules');
    fs.mkdirSync(packages);
    fs.symlinkSync(root, path.join(packages, 'async-hooks-rs'), 'junction');
    for (const name of ['bullmq', 'ioredis']) {
      const place = path.join(__dirname, 'node_modules', name);
      fs.symlinkSync(place, path.join(packages, name), 'junction');
    }
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const local = (text) => text.replaceAll(REDIS, redis.url);

  function run(file) {
    return new Promise((resolve) => {
      const options = { cwd: path.dirname(file), timeout: 60_000 };
      const child = execFile(process.execPath, [file], options, (error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      });
    });
  }

  it('is found', () => assert.equal(documents.length, 3));

  for (const { page, text, blocks } of documents) {
    it(page, async (t) => {
      const place = fs.mkdtempSync(path.join(folder, 'page-'));
      for (const { file, code } of blocks) {
        if (file !== undefined) fs.writeFileSync(path.join(place, file), local(code));
      }
      const commands = [...text.matchAll(COMMAND)].filter(([, args]) => !args.includes('['));
      assert.ok(commands.length > 0);
      for (const [i, block] of blocks.entries()) {
        if (block.file !== undefined || !block.needs.includes(SUBPATH)) continue;
        const servers = commands.map(([, args]) => {
          const list = local(args).split(' ');
          const redisOption = list.includes('--redis') ? [] : ['--redis', redis.url];
          return startCommand([...list, ...redisOption], place);
        });
        t.after(() => servers.forEach(({ child }) => child.kill('SIGKILL')));
        const file = path.join(place, `${i}${block.extension}`);
        fs.writeFileSync(file, local(block.code));
        const outcome = await run(file);
        assert.deepEqual(outcome, { code: 0, stdout: block.output, stderr: '' }, block.code);
        for (const { child, ended, stderr } of servers) {
          await stderr.find((line) => line.startsWith('serving '));
          child.kill('SIGTERM');
          assert.equal((await ended).code, 0, stderr.all.join('\n'));
        }
      }
    });
  }
});
